"""What is done with the people on rosters, and with their handles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import delete, select, update

from app.core import audit, clock
from app.core.db import fold, one_at_a_time, transaction
from app.core.refusal import Refused
from app.core.text import one_line
from app.extensions import db
from app.members.rules import clean_email
from app.tracker import cohorts, kept
from app.tracker.models import Handle, Participant
from app.tracker.platforms import platforms
from app.tracker.platforms.base import NotAHandle, Platform

OF_PEOPLE = ("roll_number", "name", "email")
LONGEST = {"name": 120, "roll_number": 60}
NOBODY = "Give a name, a roll number, or both."
ROLL_TAKEN = "Somebody in this cohort has this roll number already."
Shown = Mapping[str, str]  # by field, handles by the key of their platform


class Outdated(Refused):
    """A field was to be changed that is not, any more, what its form showed: `stored` by now."""

    def __init__(self, field: str, stored: str) -> None:
        by_now = f"“{stored}”" if stored else "empty"
        super().__init__(field, f"Meanwhile it became {by_now}. Save again to have yours.")
        self.stored = stored


@dataclass(frozen=True)
class PersonDetails:
    """What organisers say about a person on a roster; `handles` as typed, by the key of their platform."""

    name: str = ""
    roll_number: str = ""
    email: str = ""
    handles: Mapping[str, str] = field(default_factory=dict)


def add_person(cohort_id: int, details: PersonDetails) -> Participant:
    """One more on the roster, with handles; Refused where something will not do."""
    checked = cleaned(details)
    with transaction():
        participant = add_participant(
            cohort_id, name=checked.name, roll_number=checked.roll_number, email=checked.email
        )
        audit.record("add participant", _subject(participant.id))
        set_handles(participant.id, checked.handles)
    return participant


def edit_person(participant_id: int, details: PersonDetails, shown: Shown = MappingProxyType({})) -> None:
    """Store what has changed about a person, handles too; Refused where something will not do.

    `shown` is what the form had: what was left as it stood there is left as it is.
    """
    checked = cleaned(details)
    with transaction():
        participant = locked(participant_id)
        changed = _changed({name: getattr(checked, name) for name in OF_PEOPLE}, of_person(participant), shown)
        if changed.get("roll_number"):
            _refuse_taken(participant.cohort_id, checked.roll_number, participant_id)
        for name, text in changed.items():
            setattr(participant, name, text)
        if not participant.name and not participant.roll_number:
            raise Refused("name", NOBODY)
        if changed:
            audit.record("edit participant", _subject(participant_id), after=sorted(changed))
        set_handles(participant_id, checked.handles, shown)


def of_person(participant: Participant) -> dict[str, str]:
    """What is said of a person, by field, but for handles."""
    return {name: getattr(participant, name) for name in OF_PEOPLE}


def cleaned(details: PersonDetails) -> PersonDetails:
    """The same, fit to store; Refused where something will not do, beside its field or its platform's key."""
    name, roll_number, email = one_line(details.name), one_line(details.roll_number), one_line(details.email)
    if not name and not roll_number:
        raise Refused("name", NOBODY)
    for key, text in (("name", name), ("roll_number", roll_number)):
        if len(text) > LONGEST[key]:
            raise Refused(key, f"At most {LONGEST[key]} characters.")
    handles = {key: clean_handle(key, typed) for key, typed in details.handles.items()}
    return PersonDetails(name, roll_number, clean_email(email) if email else "", handles)


def add_participant(
    cohort_id: int | None, *, name: str = "", roll_number: str = "", email: str = "", member_id: int | None = None
) -> Participant:
    """One more on the roster, or a member outside any cohort; Refused where the roll number is there already."""
    roll_number = one_line(roll_number)
    with transaction():
        if cohort_id is not None:
            cohorts.locked(cohort_id)
        if roll_number:
            _refuse_taken(cohort_id, roll_number)
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
        one_at_a_time(f"own handles of {member_id}")
        own = select(Participant).where(Participant.member_id == member_id, Participant.cohort_id.is_(None))
        return db.session.scalar(own) or add_participant(None, member_id=member_id)


def clean_handle(platform_key: str, typed: str) -> str:
    """The handle in what was typed, "" for none; Refused with the platform's key as the field."""
    try:
        return known_platform(platform_key).clean(typed)
    except NotAHandle as refusal:
        raise Refused(platform_key, str(refusal)) from refusal


def set_handle(participant_id: int, platform_key: str, typed: str) -> None:
    """Give a participant this handle, or, with an empty one, none; Refused where it cannot be one."""
    set_handles(participant_id, {platform_key: typed})


def set_handles(participant_id: int, typed: Mapping[str, str], shown: Shown = MappingProxyType({})) -> None:
    """Give a participant these handles by platform, none where one is empty; Refused, and none of them is stored.

    They are due at once. Another handle is another account: what was known of the one before goes. Whoever changes
    them is kept on record, but for what members keep for themselves. `shown` is as for `edit_person`.
    """
    wanted = {key: clean_handle(key, text) for key, text in typed.items()}
    with transaction():
        participant = locked(participant_id)
        rows = {
            row.platform: row
            for row in db.session.scalars(select(Handle).where(Handle.participant_id == participant_id))
        }
        before = {key: row.handle for key, row in rows.items()}
        changed = _changed(wanted, before, shown)
        for key, handle in changed.items():
            _put_handle(participant_id, key, handle, rows.get(key))
        if changed and participant.cohort_id is not None:
            before = {key: handle for key, handle in before.items() if key in changed}
            audit.record("change handles", _subject(participant_id), before=before, after=changed)


def locked(participant_id: int) -> Participant:
    """Within a transaction: the participant, whom nobody else changes meanwhile, nor the roster; Refused if gone.

    The cohort is locked first, as it is for an import.
    """
    cohort_id = db.session.scalar(select(Participant.cohort_id).where(Participant.id == participant_id))
    if cohort_id is not None:
        cohorts.locked(cohort_id)
    query = select(Participant).where(Participant.id == participant_id).with_for_update()
    participant = db.session.scalar(query.execution_options(populate_existing=True))
    if participant is None:
        raise Refused("", "This person was removed meanwhile.")
    return participant


def known_platform(key: str) -> Platform:
    """The platform; Refused where there is none of that key."""
    if key not in platforms():
        raise Refused("", f"There is no platform “{key}”; there are {', '.join(platforms())}.")
    return platforms()[key]


def forget_member(member_id: int) -> None:
    """Within the caller's transaction: what a former member kept for themselves goes, rosters keep their people."""
    of_member = Participant.member_id == member_id
    for cohort_id in db.session.scalars(select(Participant.cohort_id).where(of_member)):
        if cohort_id is not None:  # files call them by the name they had in the club
            kept.forget_with_commit(cohort_id)
    db.session.execute(delete(Participant).where(of_member, Participant.cohort_id.is_(None)))
    db.session.execute(update(Participant).where(of_member).values(member_id=None))


def _changed(wanted: Mapping[str, str], stored: Mapping[str, str], shown: Shown) -> dict[str, str]:
    """What is to be stored anew; Outdated where that would undo what somebody else did since it was `shown`."""
    found = {}
    for name, text in wanted.items():
        now = stored.get(name, "")
        if text not in (now, shown.get(name, now)):
            found[name] = text
        if name in found and shown.get(name, now) != now:
            raise Outdated(name, now)
    return found


def _put_handle(participant_id: int, key: str, handle: str, row: Handle | None) -> None:
    if row is not None and row.folded != fold(handle):
        db.session.execute(delete(Handle).where(Handle.id == row.id))
        row = None
    if row is not None:
        row.handle = handle
    elif handle:
        now = clock.now()  # typed in by somebody who wants to see it: before what a roster brought
        db.session.add(
            Handle(participant_id=participant_id, platform=key, handle=handle, asked_at=now, next_due_at=now)
        )


def _refuse_taken(cohort_id: int | None, roll_number: str, but_not: int = 0) -> None:
    in_cohort = select(Participant.id).where(Participant.cohort_id == cohort_id, Participant.id != but_not)
    if db.session.scalar(in_cohort.where(Participant.roll_folded == fold(roll_number))):
        raise Refused("roll_number", ROLL_TAKEN)


def _subject(participant_id: int) -> str:
    return f"participant:{participant_id}"
