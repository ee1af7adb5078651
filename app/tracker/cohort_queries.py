"""Cohorts as pages show them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.paging import Paging, paging
from app.core.text import one_line
from app.extensions import db
from app.members.models import Member
from app.tracker.access import is_seen_by
from app.tracker.cohorts import is_called
from app.tracker.models import Cohort, Handle, Participant, Snapshot


@dataclass(frozen=True)
class CohortLine:
    """A cohort in the list, and how many people and handles it has."""

    cohort: Cohort
    people: int
    handles: int


@dataclass(frozen=True)
class Content:
    """How much goes with what is removed."""

    people: int
    handles: int
    days: int  # on which anything was verified


def find_cohort(slug: str) -> Cohort | None:
    """The cohort at this address, whoever may see it."""
    return db.session.scalar(select(Cohort).where(Cohort.slug == slug))


def find_by_names(college: str, batch: str) -> Cohort | None:
    """The cohort of this college and batch, without regard to case."""
    return db.session.scalar(select(Cohort).where(is_called(one_line(college), one_line(batch))))


def cohort_page(member: Member) -> tuple[list[CohortLine], Paging]:
    """A page of the cohorts that the member may see, by college, newest batch first."""
    seen = is_seen_by(member)
    page = paging(db.session.scalar(select(func.count()).select_from(Cohort).where(seen)) or 0)
    query = select(Cohort).where(seen).order_by(func.lower(Cohort.college), Cohort.batch.desc(), Cohort.id)
    cohorts = db.session.scalars(query.limit(page.per_page).offset(page.offset)).all()
    of_these = Participant.cohort_id.in_([cohort.id for cohort in cohorts])
    count = select(Participant.cohort_id, func.count()).where(of_these).group_by(Participant.cohort_id)
    people = dict(db.session.execute(count).tuples().all())
    handles = dict(db.session.execute(count.join(Handle)).tuples().all())
    return [CohortLine(cohort, people.get(cohort.id, 0), handles.get(cohort.id, 0)) for cohort in cohorts], page


def content_of(*, cohort_id: int | None = None, participant_id: int | None = None) -> Content:
    """How much there is of a cohort, or of one person."""
    people = select(
        func.count(Participant.id.distinct()), func.count(Handle.id.distinct()), func.count(Snapshot.day.distinct())
    )
    people = people.outerjoin(Participant.handles).outerjoin(Handle.snapshots)
    is_one = Participant.cohort_id == cohort_id if participant_id is None else Participant.id == participant_id
    return Content(*db.session.execute(people.where(is_one)).one())
