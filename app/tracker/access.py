"""Who may see what of the tracker. Roll numbers and e-mail addresses are for organisers, whoever may see the rest."""

from sqlalchemy import ColumnElement, or_, select, true

from app.extensions import db
from app.members.models import Member
from app.tracker.models import Cohort, Participant


def is_organiser(member: Member | None) -> bool:
    """Whether they may see and change everything; `member` is None for visitors."""
    return member is not None and member.is_organiser


def is_seen_by(member: Member) -> ColumnElement[bool]:
    """That a cohort's board is open to the member, as a condition on cohorts."""
    if member.is_organiser:
        return true()
    theirs = select(Participant.cohort_id).where(Participant.member_id == member.id, Participant.cohort_id.is_not(None))
    return or_(
        Cohort.visibility == "members",
        (Cohort.visibility == "participants") & Cohort.id.in_(theirs),
    )


def may_see_board(cohort: Cohort, member: Member | None) -> bool:
    """Whether they may see the leaderboard of the cohort, and the people on it."""
    if member is None or member.is_organiser:
        return is_organiser(member)
    query = select(Cohort.id).where(Cohort.id == cohort.id, is_seen_by(member))
    return db.session.scalar(query) is not None


def may_see_person(participant: Participant, member: Member | None) -> bool:
    """Whether they may see the handles of a person and what those show: their own always, others' with the board."""
    if member is None or is_organiser(member) or participant.member_id == member.id:
        return member is not None
    return participant.cohort is not None and may_see_board(participant.cohort, member)


def may_see_handles(participant: Participant, member: Member | None) -> bool:
    """Whether a profile shows them: what members keep for themselves to all, a roster’s to who may see the person."""
    return participant.cohort_id is None or may_see_person(participant, member)
