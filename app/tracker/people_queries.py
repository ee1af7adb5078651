"""The people on rosters, as organisers see them, and as members see themselves."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.db import fold
from app.core.paging import Paging, paging
from app.extensions import db
from app.members.models import Member
from app.tracker.access import may_see_handles
from app.tracker.models import Cohort, Handle, Participant
from app.tracker.platforms import platforms


def find_participant(cohort_id: int, participant_id: int) -> Participant | None:
    """One person on the roster, with handles and the member they are."""
    return db.session.scalar(
        select(Participant)
        .where(Participant.cohort_id == cohort_id, Participant.id == participant_id)
        .options(selectinload(Participant.handles), joinedload(Participant.member))
        .execution_options(populate_existing=True)
    )


def roster_page(cohort_id: int, search: str) -> tuple[Sequence[Participant], Paging]:
    """A page of those on the roster who match `search`, by roll number, with their handles and members."""
    conditions = [Participant.cohort_id == cohort_id]
    if search:
        columns = (Participant.name, Participant.roll_number, Participant.email)
        has_handle = Participant.handles.any(Handle.folded.contains(fold(search), autoescape=True))
        conditions.append(or_(has_handle, *(column.icontains(search, autoescape=True) for column in columns)))
    page = paging(db.session.scalar(select(func.count()).select_from(Participant).where(*conditions)) or 0)
    query = (
        select(Participant)
        .where(*conditions)
        .options(selectinload(Participant.handles), joinedload(Participant.member))
        .order_by(Participant.roll_folded == "", Participant.roll_folded, func.lower(Participant.name), Participant.id)
        .limit(page.per_page)
        .offset(page.offset)
    )
    return db.session.scalars(query).all(), page


def places_of(member_id: int) -> Sequence[Participant]:
    """Where a member keeps handles: on rosters first, by college, then for themselves; with handles and cohorts."""
    return db.session.scalars(
        select(Participant)
        .outerjoin(Participant.cohort)
        .where(Participant.member_id == member_id)
        .options(selectinload(Participant.handles), joinedload(Participant.cohort))
        .order_by(Participant.cohort_id.is_(None), Cohort.college, Cohort.batch, Participant.id)
        .execution_options(populate_existing=True)
    ).all()


def handles_shown(member_id: int, viewer: Member | None) -> list[Handle]:
    """A member's handles that the viewer may see, one for each platform: what they keep for themselves goes first."""
    found: dict[str, Handle] = {}
    for place in sorted(places_of(member_id), key=lambda place: place.cohort_id is not None):
        if may_see_handles(place, viewer):
            found = {handle.platform: handle for handle in place.handles} | found
    return [found[key] for key in platforms() if key in found]
