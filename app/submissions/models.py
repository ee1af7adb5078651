"""What members hand in, what the judge made of it, and what it brought them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import UtcDateTime
from app.extensions import db
from app.members.models import Member
from app.problems.models import Problem

IS_COUNTED = text("is_counted")
IS_UNFINISHED = text("finished_at IS NULL")
IS_UNJUDGED = text("judging_id IS NULL")
IS_WAITING = text("verdict IS NULL")


class Submission(db.Model):
    """Source code handed in; it never changes.

    `verdict` is that of the judging which counts: None while it waits or is being judged. `lost_points` are those that
    solving the problem brought until a rejudge took that away: they come back with the verdict. Else None.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        Index("ix_submissions_problem_id_member_id", "problem_id", "member_id", "id"),
        Index("ix_submissions_member_id_id", "member_id", "id"),
        Index("ix_submissions_waiting", "member_id", "id", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    language: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[str | None] = mapped_column(String(3), index=True)
    lost_points: Mapped[int | None]

    member: Mapped[Member] = relationship()
    problem: Mapped[Problem] = relationship()
    counted: Mapped["Judging | None"] = relationship(
        primaryjoin="and_(Judging.submission_id == Submission.id, Judging.is_counted)", viewonly=True
    )


class Judging(db.Model):
    """One run of a submission over one version of the tests; `finished_at` is None while it goes on.

    It ends with the first test that fails, so `passed` tests came before `failed_number`. `results` has one
    {number, is_sample, verdict, cpu_ms, memory_kb} per test that was run; `cpu_ms` and `memory_kb` are the most that
    any of them took. The texts are there only where the failed test is a sample: of hidden ones nothing is kept.
    """

    __tablename__ = "judgings"
    __table_args__ = (
        Index(
            "uq_judgings_counted", "submission_id", unique=True, sqlite_where=IS_COUNTED, postgresql_where=IS_COUNTED
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    is_counted: Mapped[bool]
    judge: Mapped[str] = mapped_column(String(40))
    tests_version: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verdict: Mapped[str | None] = mapped_column(String(3))
    passed: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    cpu_ms: Mapped[int] = mapped_column(default=0)
    memory_kb: Mapped[int] = mapped_column(default=0)
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    failed_number: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")  # a sentence: why a sample failed, or the judge
    compile_output: Mapped[str] = mapped_column(Text, default="")
    sample_input: Mapped[str] = mapped_column(Text, default="")
    sample_answer: Mapped[str] = mapped_column(Text, default="")
    sample_output: Mapped[str] = mapped_column(Text, default="")
    sample_stderr: Mapped[str] = mapped_column(Text, default="")

    submission: Mapped[Submission] = relationship()


class Solve(db.Model):
    """That a member has solved a problem, by which submission and for how many points: once for good."""

    __tablename__ = "solves"
    __table_args__ = (
        UniqueConstraint("problem_id", "member_id"),
        Index("ix_solves_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    points: Mapped[int]
    solved_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)  # when it was handed in


class Rejudge(db.Model):
    """Submissions judged once more beside what counts, to be compared, and then applied or dropped.

    Of one submission, of one problem, or of all handed in `since` then: one of the three is not None. `rules` has for
    each problem what its judging went by at the beginning (`grading.rules_of`), by the problem's number as text.
    """

    __tablename__ = "rejudges"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("problems.id"))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rules: Mapped[dict[str, str]] = mapped_column(JSON)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    problem: Mapped[Problem | None] = relationship()

    @property
    def is_open(self) -> bool:
        return self.applied_at is None and self.dropped_at is None


class RejudgeItem(db.Model):
    """One submission of a rejudge: its verdict at the beginning, and the judging beside it once that has ended.

    Items of one `lane` are judged one after the other. `is_applied`: that judging counts now, or did once.
    """

    __tablename__ = "rejudge_items"
    __table_args__ = (
        UniqueConstraint("rejudge_id", "submission_id"),
        Index(
            "ix_rejudge_items_unjudged",
            *("rejudge_id", "lane", "id"),
            sqlite_where=IS_UNJUDGED,
            postgresql_where=IS_UNJUDGED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rejudge_id: Mapped[int] = mapped_column(ForeignKey("rejudges.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    lane: Mapped[int]
    old_verdict: Mapped[str] = mapped_column(String(3))
    judging_id: Mapped[int | None] = mapped_column(ForeignKey("judgings.id"))
    is_applied: Mapped[bool] = mapped_column(default=False)


class GivenUp(db.Model):
    """That a member has given a problem up: its editorial is open to them, and solving it brings no points any more."""

    __tablename__ = "given_up"
    __table_args__ = (UniqueConstraint("problem_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    given_up_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Draft(db.Model):
    """What a member is writing for a problem in a language."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("member_id", "problem_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    language: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Trial(db.Model):
    """A program run to see what it does, on the samples or on `own_input`; counts for nothing and is gone after a day.

    `fault` is a sentence where it could not be run at all. `results` has one {input, answer, output, stderr, verdict,
    reason, cpu_ms, memory_kb} per input. For one's own input the answer is None, as is the verdict of a good end.
    """

    __tablename__ = "trials"
    __table_args__ = (
        Index(
            "uq_trials_unfinished", "member_id", unique=True, sqlite_where=IS_UNFINISHED, postgresql_where=IS_UNFINISHED
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    language: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Text)
    own_input: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str] = mapped_column(Text, default="")
    compile_output: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    problem: Mapped[Problem] = relationship()
