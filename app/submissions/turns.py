"""Whose turn it is: members take turns at the judge, one program each, so that many of one hold up nobody."""

from sqlalchemy import func, select, union

from app.core.jobs import Job
from app.extensions import db
from app.submissions.models import Submission, Trial


def waiting_submission(member_id: int) -> int | None:
    """The number of the member's oldest submission that has no verdict."""
    query = select(Submission.id).where(Submission.member_id == member_id, Submission.verdict.is_(None))
    return db.session.scalar(query.order_by(Submission.id).limit(1))


def waiting_trial(member_id: int) -> int | None:
    """The number of the member's trial that has not been run; there is one at most."""
    return db.session.scalar(select(Trial.id).where(Trial.member_id == member_id, Trial.finished_at.is_(None)))


def has_waiting(member_id: int) -> bool:
    """Whether the member has anything for the judge."""
    return waiting_trial(member_id) is not None or waiting_submission(member_id) is not None


def members_out_of_line() -> list[int]:
    """The members who have something waiting, but no turn to come."""
    submissions = select(Submission.member_id).where(Submission.verdict.is_(None))
    trials = select(Trial.member_id).where(Trial.finished_at.is_(None))
    waiting = set(db.session.scalars(union(submissions, trials)))
    return sorted(waiting - _places_in_line().keys())


def ahead_of(submission: Submission) -> int:
    """How many submissions will be begun before this waiting one, as things stand."""
    waiting = select(Submission.member_id, func.count()).where(Submission.verdict.is_(None))
    counts = {row[0]: row[1] for row in db.session.execute(waiting.group_by(Submission.member_id))}
    earlier = select(func.count()).where(
        Submission.member_id == submission.member_id, Submission.verdict.is_(None), Submission.id < submission.id
    )
    return programs_ahead(submission.member_id, db.session.scalar(earlier) or 0, counts, _places_in_line())


def programs_ahead(member_id: int, earlier: int, counts: dict[int, int], places: dict[int, int]) -> int:
    """The same from plain figures.

    `earlier`: of the member's own that wait before it; `counts`: how many of each member wait; `places`: where each
    member's next turn stands in line.
    """
    own_place = places.get(member_id, 0)
    others = (member for member in counts if member != member_id)
    return earlier + sum(min(counts[other], earlier + (places.get(other, 0) < own_place)) for other in others)


def _places_in_line() -> dict[int, int]:
    active = select(Job.args, Job.id).where(Job.kind == "grade", Job.state.in_(("queued", "running")))
    return {args["member_id"]: place for args, place in db.session.execute(active)}
