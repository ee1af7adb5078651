"""What members do with programs: hand them in, try them, keep drafts; and how they come to be judged."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NoReturn

from sqlalchemy import Select, func, select, update

from app.core import audit, clock
from app.core.db import one_at_a_time, transaction, upsert
from app.core.jobs import enqueue
from app.extensions import db
from app.members.models import Member
from app.problems.languages import LANGUAGES
from app.problems.models import Problem, TestCase
from app.submissions import checks
from app.submissions.checks import JudgeCheck
from app.submissions.judge import current_judge
from app.submissions.judges.base import Verdict
from app.submissions.models import Draft, Judging, Submission, Trial
from app.submissions.signals import submission_queued

LONGEST_SOURCE_BYTES = 256 * 1024
LONGEST_INPUT_BYTES = 64 * 1024
MOST_QUEUED = 20
TRIALS_A_MINUTE = 6


class SubmissionRefused(Exception):
    """A program that is not taken: why, and the input that is at fault: source, language, own_input, or "" for none."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def submit(member: Member, problem: Problem, language: str, source: str) -> int:
    """Take a program to be judged; its number. The same one again, while it waits, is the one that waits."""
    source = checked_program(problem, language, source)
    with transaction():
        hold_turn(member.id)
        program = {"problem_id": problem.id, "language": language, "source": source}
        known = db.session.scalar(_waiting(member.id).filter_by(**program).limit(1))
        if known is not None:
            return known
        if (db.session.scalar(_waiting(member.id).with_only_columns(func.count())) or 0) >= MOST_QUEUED:
            _refuse("", f"{MOST_QUEUED} of your programs wait to be judged; hand in more when some are through.")
        submission = Submission(member_id=member.id, submitted_at=clock.now(), **program)
        db.session.add(submission)
        db.session.flush()
        ask_for_turn(member.id)
        submission_queued.send(submission_id=submission.id)
        return submission.id


def try_out(member: Member, problem: Problem, language: str, source: str, own_input: str | None) -> int:
    """Take a program to be run on the samples, or on `own_input` where that is not None; the trial's number."""
    source, own_input = checked_program(problem, language, source), _checked_input(own_input)
    now = clock.now()
    with transaction():
        hold_turn(member.id)
        lately = select(func.count()).where(Trial.member_id == member.id, Trial.created_at > now - timedelta(minutes=1))
        if (db.session.scalar(lately) or 0) >= TRIALS_A_MINUTE:
            _refuse("", f"You may try {TRIALS_A_MINUTE} programs a minute; wait a little.")
        if db.session.scalar(select(Trial.id).where(Trial.member_id == member.id, Trial.finished_at.is_(None))):
            _refuse("", "The program you tried before is still running; wait for it.")
        if own_input is None and db.session.scalar(_samples(problem.id)) is None:
            _refuse("own_input", "This problem has no samples; give your program an input of your own.")
        program = {"problem_id": problem.id, "language": language, "source": source}
        trial = Trial(member_id=member.id, own_input=own_input, created_at=now, **program)
        db.session.add(trial)
        db.session.flush()
        ask_for_turn(member.id)
        return trial.id


class DraftOutdated(Exception):
    """A save over a draft that is newer than the one it began from."""

    def __init__(self, newer: Draft) -> None:
        super().__init__("There is a newer draft.")
        self.source, self.saved_at = newer.source, newer.saved_at


def save_draft(member: Member, problem: Problem, language: str, source: str, *, began: str = "") -> datetime:
    """Keep what the member is writing, which `began` as the draft saved at that moment (ISO), or as none. When it was.

    DraftOutdated where another one has been saved since, which says something else.
    """
    _check_open(problem, language)
    _check_bytes(source)
    saved_at = clock.now()
    row = {"source": plain(source), "saved_at": saved_at}
    key = (Draft.member_id == member.id, Draft.problem_id == problem.id, Draft.language == language)
    with transaction():
        one_at_a_time(f"drafts of member {member.id}")
        known = db.session.scalar(select(Draft).where(*key).execution_options(populate_existing=True))
        if known and known.source != row["source"] and known.saved_at.isoformat() != began:
            raise DraftOutdated(known)
        insert = upsert(Draft).values(member_id=member.id, problem_id=problem.id, language=language, **row)
        keys = ["member_id", "problem_id", "language"]
        db.session.execute(insert.on_conflict_do_update(index_elements=keys, set_=row))
    return saved_at


def judge_again() -> int:
    """Queue every submission that the judge failed once more; how many they are."""
    with transaction():
        failed = select(Submission.id, Submission.member_id).where(Submission.verdict == Verdict.JE.value)
        rows = db.session.execute(failed).all()
        _forget_judgings([row.id for row in rows])
        for member_id in sorted({row.member_id for row in rows}):
            hold_turn(member_id)
            ask_for_turn(member_id)
        if rows:
            audit.record("judge again", "submissions", after={"number": len(rows)})
        for row in rows:
            submission_queued.send(submission_id=row.id)
        return len(rows)


def hold_turn(member_id: int) -> None:
    """Within this transaction nobody else adds to, or takes from, what the member has waiting."""
    one_at_a_time(f"turn of member {member_id}")


def ask_for_turn(member_id: int) -> None:
    """Have the member's oldest waiting program run when their turn comes; once, however often it is asked."""
    enqueue("grade", subject=f"member:{member_id}", member_id=member_id)


def checked_program(problem: Problem, language: str, source: str) -> str:
    """The source as it is kept; SubmissionRefused where it, its language or the problem will not do."""
    _check_open(problem, language)
    fault = languages(checks.newest_check())[language]
    if fault:
        _refuse("language", f"{LANGUAGES[language].name} cannot be judged here. {fault}")
    if not source.strip():
        _refuse("source", "Write something first.")
    _check_bytes(source)
    return plain(source)


def languages(check: JudgeCheck | None) -> dict[str, str | None]:
    """Why each language cannot be judged, None where it can: by the last check, which was made where judging is done.

    Before the first, the judge of this machine is asked; one elsewhere would keep a page waiting.
    """
    if check is not None:
        return {key: check.report["missing"].get(key) for key in LANGUAGES}
    judge = current_judge()
    known = {} if judge.is_remote else judge.languages()
    return {key: known.get(key) for key in LANGUAGES}


def plain(text: str) -> str:
    """Text of a form with the line ends that programs expect, and nothing that cannot be stored."""
    return text.replace("\r\n", "\n").encode(errors="replace").decode()


def _check_open(problem: Problem, language: str) -> None:
    if problem.status != "published":
        _refuse("", f"This problem is {'a draft' if problem.status == 'draft' else 'retired'}: it takes no programs.")
    if language not in LANGUAGES:
        _refuse("language", "Choose one of the languages.")


def _check_bytes(source: str) -> None:
    if len(source.encode(errors="replace")) > LONGEST_SOURCE_BYTES:
        _refuse("source", f"A program may have at most {LONGEST_SOURCE_BYTES // 1024} kB; this one is longer.")
    if "\0" in source:
        _refuse("source", "There is a NUL character in it; take it out.")


def _checked_input(text: str | None) -> str | None:
    if text is None:
        return None
    if len(text.encode(errors="replace")) > LONGEST_INPUT_BYTES:
        _refuse("own_input", f"An input may have at most {LONGEST_INPUT_BYTES // 1024} kB; this one is longer.")
    if "\0" in text:
        _refuse("own_input", "There is a NUL character in it; take it out.")
    return plain(text)


def _forget_judgings(submission_ids: Collection[int]) -> None:
    counted = (Judging.submission_id.in_(submission_ids), Judging.is_counted)
    db.session.execute(update(Judging).where(*counted).values(is_counted=False))
    db.session.execute(update(Submission).where(Submission.id.in_(submission_ids)).values(verdict=None))


def _waiting(member_id: int) -> Select[tuple[int]]:
    return select(Submission.id).where(Submission.member_id == member_id, Submission.verdict.is_(None))


def _samples(problem_id: int) -> Select[tuple[int]]:
    return select(TestCase.id).where(TestCase.problem_id == problem_id, TestCase.is_sample).limit(1)


def _refuse(field: str, sentence: str) -> NoReturn:
    raise SubmissionRefused(field, sentence)
