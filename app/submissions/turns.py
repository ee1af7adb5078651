"""Whose turn it is: members take turns at the judge, one program each, so that many of one hold up nobody."""

from typing import NamedTuple

from sqlalchemy import String, and_, cast, func, literal, select, union

from app.core.jobs import Job
from app.extensions import db
from app.submissions.models import Submission, Trial


class InLine(NamedTuple):
    """A member whose submissions wait.

    `earlier` of them wait before the one that is asked for; `job_id` is of their turn, 0 where there is none: turns
    are taken in the order of these numbers.
    """

    member_id: int
    number: int
    earlier: int
    job_id: int
    is_running: bool


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
    active = select(Job.args).where(Job.kind == "grade", Job.state.in_(("queued", "running")))
    return sorted(waiting - {args["member_id"] for args in db.session.scalars(active)})


def line_before(submission: Submission) -> dict[int, InLine]:
    """Every member who has submissions waiting, as this one finds them."""
    is_earlier = (Submission.member_id == submission.member_id) & (Submission.id < submission.id)
    of_member = literal("member:") + cast(Submission.member_id, String)
    is_turn = and_(Job.kind == "grade", Job.subject == of_member, Job.state.in_(("queued", "running")))
    is_running = func.count().filter(Job.state == "running") > 0
    query = select(Submission.member_id, func.count(), func.count().filter(is_earlier), func.max(Job.id), is_running)
    waiting = query.outerjoin(Job, is_turn).where(Submission.verdict.is_(None)).group_by(Submission.member_id)
    rows = db.session.execute(waiting)
    return {row[0]: InLine(row[0], row[1], row[2], row[3] or 0, bool(row[4])) for row in rows}


def ahead_of(submission: Submission, line: dict[int, InLine]) -> int:
    """How many submissions will be begun before this waiting one, as things stand."""
    own = line[submission.member_id]
    counts = {member_id: each.number for member_id, each in line.items()}
    return programs_ahead(own.member_id, own.earlier, counts, {key: each.job_id for key, each in line.items()})


def programs_ahead(member_id: int, earlier: int, counts: dict[int, int], places: dict[int, int]) -> int:
    """The same from plain figures.

    `earlier`: of the member's own that wait before it; `counts`: how many of each member wait; `places`: where each
    member's next turn stands in line.
    """
    own_place = places.get(member_id, 0)
    others = (member for member in counts if member != member_id)
    return earlier + sum(min(counts[other], earlier + (places.get(other, 0) < own_place)) for other in others)
