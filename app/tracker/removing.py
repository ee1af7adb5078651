"""Letting a person on a roster go, with all that is kept of them."""

from sqlalchemy import select

from app.core import audit
from app.core.db import transaction
from app.extensions import db
from app.tracker import bulk, imports, kept, undoing
from app.tracker.cohorts import locked
from app.tracker.models import Participant


def remove_participant(participant_id: int) -> bool:
    """Remove a person with all handles and their history, also from what could be taken back.

    True where a file waited to be imported: it may hold them, and is forgotten.
    """
    with transaction():
        cohort_id = db.session.scalar(select(Participant.cohort_id).where(Participant.id == participant_id))
        had_file = False
        if cohort_id is not None:
            locked(cohort_id)
            undoing.forget_person(cohort_id, participant_id)
            had_file = imports.drop(cohort_id)
            kept.forget_with_commit(cohort_id)
        audit.record("remove participant", f"participant:{participant_id}")
        bulk.remove_people([participant_id])
    return had_file
