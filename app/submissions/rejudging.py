"""Rejudging: begun by organisers, judged beside what counts, then applied as a whole or dropped."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.orm import selectinload

from app.core import audit, clock
from app.core.db import one_at_a_time, transaction
from app.core.jobs import enqueue
from app.core.refusal import Refused
from app.extensions import db
from app.problems.models import Problem
from app.submissions import rejudge_queries, solves
from app.submissions.grading import rules_of
from app.submissions.models import Judging, Rejudge, RejudgeItem, Submission
from app.submissions.rejudge_queries import Outcome

LANES = 4  # so many workers at most judge for it: on a larger host the others stay free for members
MOST_TOLD = 300


class OutcomeOutdated(Exception):
    """Applying would do something else by now than was shown: `outcome`. Nothing was stored."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("This has changed since you looked. Nothing has been applied yet.")
        self.outcome = outcome


def rejudge_submission(submission: Submission) -> int:
    """Have one submission judged once more; the number of the rejudge. Refused where that cannot be."""
    return _begin(Rejudge(submission_id=submission.id), Submission.id == submission.id)


def rejudge_problem(problem: Problem) -> int:
    """The same of all that was ever handed in for a problem."""
    return _begin(Rejudge(problem_id=problem.id), Submission.problem_id == problem.id)


def rejudge_since(since: datetime | None) -> int:
    """The same of all that was handed in since then."""
    if since is None:
        raise Refused("since", "Say since when.")
    return _begin(Rejudge(since=since), Submission.submitted_at >= since)


def apply_rejudge(rejudge_id: int, *, seen: str | None = None) -> Outcome:
    """Have what was judged beside count from now on, in one transaction; what that did.

    `seen` is the digest of the outcome that somebody was shown: OutcomeOutdated, with nothing stored, where it would
    be another one now.
    """
    with transaction():
        rejudge = _open_one(rejudge_id)
        if not rejudge_queries.progress_of(rejudge_id).is_complete:
            raise Refused("", "It is not judged to its end yet.")
        if titles := rejudge_queries.outdated(rejudge):
            raise Refused("", f"{changed_rules(titles)} Drop this rejudge and begin another one.")
        solves.hold(rejudge_queries.problem_ids(rejudge))
        outcome = rejudge_queries.outcome_of(rejudge)
        if seen is not None and seen != outcome.digest:
            raise OutcomeOutdated(outcome)
        before, after = _told(rejudge, outcome)
        _count(rejudge_id)
        solves.store(outcome.solves)
        rejudge.applied_at = clock.now()
        audit.record(rejudge_queries.APPLY, f"rejudge:{rejudge_id}", before=before, after=after)
        return outcome


def drop_rejudge(rejudge_id: int) -> None:
    """Leave everything as it is."""
    with transaction():
        rejudge = _open_one(rejudge_id)
        rejudge.dropped_at = clock.now()
        audit.record("drop rejudge", f"rejudge:{rejudge_id}", before=_subject(rejudge))


def ask_for_lane(rejudge_id: int, lane: int) -> None:
    """Have the next submissions of the lane judged when no member waits; once, however often it is asked."""
    enqueue("rejudge", subject=f"rejudge:{rejudge_id}:{lane}", rejudge_id=rejudge_id, lane=lane)


def lanes_left() -> list[tuple[int, int]]:
    """Every lane in which something is to be judged, with the number of its rejudge: open, and still of use."""
    useful = [rejudge.id for rejudge in _open_ones() if not rejudge_queries.outdated(rejudge)]
    left = (RejudgeItem.rejudge_id.in_(useful), RejudgeItem.judging_id.is_(None))
    query = select(RejudgeItem.rejudge_id, RejudgeItem.lane).where(*left).distinct()
    return [(row[0], row[1]) for row in db.session.execute(query)]


def next_item(rejudge_id: int, lane: int) -> int | None:
    """The number of the item that is judged next in the lane."""
    left = (RejudgeItem.rejudge_id == rejudge_id, RejudgeItem.lane == lane, RejudgeItem.judging_id.is_(None))
    return db.session.scalar(select(RejudgeItem.id).where(*left).order_by(RejudgeItem.id).limit(1))


def is_useful(item: RejudgeItem, problem: Problem) -> bool:
    """Whether the judging of the item can still be applied: nobody closed it, nobody changed how it is judged."""
    rejudge = db.session.get_one(Rejudge, item.rejudge_id, populate_existing=True)
    return rejudge.is_open and rejudge.rules[str(problem.id)] == rules_of(problem)


def changed_rules(titles: list[str]) -> str:
    """A sentence that these problems are not judged any more as they were when a rejudge began."""
    named = ", ".join(f"“{title}”" for title in titles[:3]) + (f" and {len(titles) - 3} more" if titles[3:] else "")
    verb = "has" if len(titles) == 1 else "have"
    return f"{named} {verb} other tests or limits by now than when this began."


def _begin(rejudge: Rejudge, wanted: ColumnElement[bool]) -> int:
    judged = (wanted, Submission.verdict.is_not(None))
    with transaction():
        one_at_a_time("rejudges")
        problems = _problems(select(Submission.problem_id).where(*judged))
        if not problems:
            raise Refused("", "There is nothing to judge again: nothing of this has a verdict yet.")
        _refuse_second({problem.id: problem.title for problem in problems})
        rejudge.rules = {str(problem.id): rules_of(problem) for problem in problems}
        rejudge.begun_at = clock.now()
        db.session.add(rejudge)
        db.session.flush()
        lane = (func.row_number().over(order_by=Submission.id) - 1) % LANES
        rows = select(db.literal(rejudge.id), Submission.id, lane, Submission.verdict, db.literal(False)).where(*judged)
        columns = ["rejudge_id", "submission_id", "lane", "old_verdict", "is_applied"]
        db.session.execute(insert(RejudgeItem).from_select(columns, rows.order_by(Submission.id)))
        total = rejudge_queries.progress_of(rejudge.id).total
        for number in range(min(LANES, total)):
            ask_for_lane(rejudge.id, number)
        told = {**_subject(rejudge), "submissions": total}
        audit.record("begin rejudge", f"rejudge:{rejudge.id}", after=told)
        return rejudge.id


def _problems(ids: Select[tuple[int]]) -> list[Problem]:
    parts = (selectinload(Problem.language_limits), selectinload(Problem.validator))
    query = select(Problem).where(Problem.id.in_(ids)).options(*parts).order_by(Problem.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _refuse_second(titles: dict[int, str]) -> None:
    """Two rejudges of one problem would each be compared with what the other one changes."""
    for other in _open_ones():
        shared = [titles[number] for number in rejudge_queries.problem_ids(other) if number in titles]
        if shared:
            raise Refused("", f"“{shared[0]}” is in rejudge {other.id} already: apply or drop that one first.")


def _open_ones() -> list[Rejudge]:
    query = select(Rejudge).where(Rejudge.applied_at.is_(None), Rejudge.dropped_at.is_(None))
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _open_one(rejudge_id: int) -> Rejudge:
    one_at_a_time("rejudges")
    rejudge = db.session.get_one(Rejudge, rejudge_id, populate_existing=True, with_for_update=True)
    if not rejudge.is_open:
        raise Refused("", f"It was {'applied' if rejudge.applied_at else 'dropped'} already.")
    return rejudge


def _count(rejudge_id: int) -> None:
    """Let the new judgings take the places of the old ones, with their verdicts."""
    items = rejudge_queries.applicable(rejudge_id, RejudgeItem.id)
    applied = update(RejudgeItem).where(RejudgeItem.id.in_(items)).values(is_applied=True)
    db.session.execute(applied, execution_options={"synchronize_session": False})
    item = (RejudgeItem.rejudge_id == rejudge_id, RejudgeItem.is_applied)
    submissions = select(RejudgeItem.submission_id).where(*item)
    judgings = select(RejudgeItem.judging_id).where(*item)
    verdict = (
        select(Judging.verdict)
        .join(RejudgeItem, RejudgeItem.judging_id == Judging.id)
        .where(*item, RejudgeItem.submission_id == Submission.id)
        .scalar_subquery()
    )
    for statement in (
        update(Judging).where(Judging.submission_id.in_(submissions), Judging.is_counted).values(is_counted=False),
        update(Judging).where(Judging.id.in_(judgings)).values(is_counted=True),
        update(Submission).where(Submission.id.in_(submissions)).values(verdict=verdict),
    ):
        db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expire_all()


def _subject(rejudge: Rejudge) -> dict[str, Any]:
    since = rejudge.since and rejudge.since.isoformat()
    told = {"submission": rejudge.submission_id, "problem": rejudge.problem_id, "since": since}
    return {name: value for name, value in told.items() if value is not None}


def _told(rejudge: Rejudge, outcome: Outcome) -> tuple[dict[str, Any], dict[str, Any]]:
    """For the record: verdicts and solves before and after, the first few hundred that differ."""
    columns = (RejudgeItem.submission_id, RejudgeItem.old_verdict, Judging.verdict)
    rows = db.session.execute(rejudge_queries.changed(rejudge.id, *columns).limit(MOST_TOLD)).all()
    solved: list[dict[str, Any]] = [{}, {}]
    for change in outcome.solves[:MOST_TOLD]:
        for told, one in zip(solved, (change.before, change.after), strict=True):
            told[f"{change.problem_id}:{change.member_id}"] = one and {"by": one.submission_id, "points": one.points}
    told = {"changed": outcome.changed, "kept": outcome.kept}
    before = {**_subject(rejudge), "verdicts": {str(row[0]): row[1] for row in rows}, "solves": solved[0]}
    return before, {**told, "verdicts": {str(row[0]): row[2] for row in rows}, "solves": solved[1]}
