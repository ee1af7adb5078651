"""Which member a person on a roster is: said by an organiser, or by the member who was given a link."""

import secrets
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from app.core import audit, clock
from app.core.db import transaction
from app.core.refusal import Refused
from app.extensions import db
from app.members.models import Member
from app.members.queries import find_by_username
from app.tracker.models import Participant
from app.tracker.service import locked

INVITATION_DAYS = 14
ASK = "An organiser can make a new one."
IS_VOID = f"It has been used, a newer one was made, or the person is on the roster no more. {ASK}"


def link_member(participant_id: int, username: str) -> Member:
    """An organiser says which member this is; Refused beside `username` where it cannot be."""
    member = find_by_username(username)
    if member is None or not member.is_active:
        raise Refused("username", "There is no member of this username who can log in.")
    with transaction():
        participant = locked(participant_id)
        if participant.member_id not in (None, member.id):
            raise Refused("username", "Another member has this place; take the link away first.")
        if other := _name_beside(participant, member.id):
            raise Refused("username", f"This member is on the roster already, as {other}.")
        _link(participant, member.id)
        audit.record("link participant", f"participant:{participant_id}", after={"member_id": member.id})
    return member


def unlink_member(participant_id: int) -> None:
    """This person is on the roster without a member again; handles stay."""
    with transaction():
        participant = locked(participant_id)
        audit.record("unlink participant", f"participant:{participant_id}")
        participant.member_id, participant.invitation = None, ""


def make_invitation(participant_id: int) -> str:
    """What stands in a link by which one member can take this place within 14 days; earlier links are void then."""
    with transaction():
        participant = locked(participant_id)
        if participant.member_id is not None:
            raise Refused("", "A member has taken this place already.")
        participant.invitation = secrets.token_urlsafe(16)
        audit.record("invite participant", f"participant:{participant_id}")
        expires = int((clock.now() + timedelta(days=INVITATION_DAYS)).timestamp())
        return _serializer().dumps([participant_id, participant.invitation, expires])


def invited(invitation: str) -> Participant:
    """Whose place the link offers; Refused where it is forged, expired or used."""
    try:
        participant_id, nonce, expires = _serializer().loads(invitation)
    except BadSignature as error:
        raise Refused("", f"It is not complete; copy all of it. {ASK}") from error
    participant = db.session.get(Participant, participant_id, populate_existing=True)
    if participant is None or participant.invitation != nonce:
        raise Refused("", IS_VOID)
    if clock.now().timestamp() > expires:
        raise Refused("", f"It was valid for {INVITATION_DAYS} days, which are over. {ASK}")
    return participant


def accept_invitation(invitation: str, member_id: int) -> Participant:
    """The member takes the place that the link offers; Refused where the link is void, or they have one already."""
    with transaction():
        locked(invited(invitation).id)
        participant = invited(invitation)  # still, now that nobody else can take it
        if other := _name_beside(participant, member_id):
            raise Refused("", f"You are on this roster already, as {other}; an organiser can say whose this place is.")
        _link(participant, member_id)
        audit.record("accept invitation", f"participant:{participant.id}")
        return participant


def _link(participant: Participant, member_id: int) -> None:
    participant.member_id, participant.invitation = member_id, ""
    db.session.flush()


def _name_beside(participant: Participant, member_id: int) -> str:
    """As whom the member is on this roster already, "" where they are not."""
    beside = select(Participant.name).where(
        Participant.cohort_id == participant.cohort_id,
        Participant.member_id == member_id,
        Participant.id != participant.id,
    )
    other = db.session.execute(beside).first()
    return "" if other is None else other.name or "somebody without a name"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="roster-invitation")
