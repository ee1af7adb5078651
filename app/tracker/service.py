"""What is done with participants and their handles."""

from sqlalchemy import delete, select, update

from app.core import audit, clock
from app.core.db import fold, transaction
from app.core.refusal import Refused
from app.core.text import one_line
from app.extensions import db
from app.tracker.models import Handle, Participant
from app.tracker.platforms import platforms
from app.tracker.platforms.base import NotAHandle, Platform


def add_participant(
    cohort_id: int | None, *, name: str = "", roll_number: str = "", email: str = "", member_id: int | None = None
) -> Participant:
    """One more on the roster, or a member outside any cohort; Refused where the roll number is there already."""
    roll_number = one_line(roll_number)
    in_cohort = Participant.cohort_id == cohort_id
    with transaction():
        taken = select(Participant.id).where(in_cohort, Participant.roll_folded == fold(roll_number))
        if roll_number and db.session.scalar(taken):
            raise Refused("roll_number", "Somebody in this cohort has this roll number already.")
        participant = Participant(
            cohort_id=cohort_id,
            member_id=member_id,
            name=one_line(name),
            roll_number=roll_number,
            email=one_line(email),
            created_at=clock.now(),
        )
        db.session.add(participant)
        db.session.flush()
        return participant


def own_participant(member_id: int) -> Participant:
    """The row under which a member keeps handles for themselves, made where there is none yet."""
    with transaction():
        own = select(Participant).where(Participant.member_id == member_id, Participant.cohort_id.is_(None))
        return db.session.scalar(own) or add_participant(None, member_id=member_id)


def remove_participant(participant_id: int) -> None:
    """Remove a person with all handles and their history."""
    with transaction():
        audit.record("remove participant", f"participant:{participant_id}")
        audit.forget([f"participant:{participant_id}"])
        db.session.execute(delete(Participant).where(Participant.id == participant_id))


def clean_handle(platform_key: str, typed: str) -> str:
    """The handle in what was typed, "" for none; Refused with the platform's key as the field."""
    try:
        return known_platform(platform_key).clean(typed)
    except NotAHandle as refusal:
        raise Refused(platform_key, str(refusal)) from refusal


def set_handle(participant_id: int, platform_key: str, typed: str) -> None:
    """Give a participant this handle, or, with an empty one, none; Refused where it cannot be one.

    It is due at once. Another handle is another account: what was known of the one before goes.
    """
    handle = clean_handle(platform_key, typed)
    of_participant = (Handle.participant_id == participant_id, Handle.platform == platform_key)
    with transaction():
        row = db.session.scalar(select(Handle).where(*of_participant))
        if row is not None and row.folded != fold(handle):
            db.session.execute(delete(Handle).where(*of_participant))
            row = None
        if row is not None:
            row.handle = handle
        elif handle:
            now = clock.now()
            db.session.add(Handle(participant_id=participant_id, platform=platform_key, handle=handle, next_due_at=now))


def known_platform(key: str) -> Platform:
    """The platform; Refused where there is none of that key."""
    if key not in platforms():
        raise Refused("", f"There is no platform “{key}”; there are {', '.join(platforms())}.")
    return platforms()[key]


def forget_member(member_id: int) -> None:
    """Within the caller's transaction: what a former member kept for themselves goes, rosters keep their people."""
    of_member = Participant.member_id == member_id
    db.session.execute(delete(Participant).where(of_member, Participant.cohort_id.is_(None)))
    db.session.execute(update(Participant).where(of_member).values(member_id=None))
