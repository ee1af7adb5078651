"""Workbooks of cohorts: made by a job, kept in Redis for an hour, for nobody but who asked and may still see them."""

from collections.abc import Callable

from app.core.db import transaction
from app.core.jobs import JobRefused, NotNow, enqueue
from app.core.jobs.queries import JobCard, latest_job
from app.extensions import db, redis_client
from app.members.models import Member
from app.tracker import kept
from app.tracker.access import is_organiser, may_see_board
from app.tracker.export import extract
from app.tracker.models import Cohort
from app.tracker.workbook import workbook_of


def request_workbook(cohort_id: int, member_id: int) -> None:
    """Have the workbook made; one that is under way already is enough."""
    with transaction():
        enqueue("export_cohort", _subject(cohort_id, member_id), cohort_id=cohort_id, member_id=member_id)


def workbook_job(cohort_id: int, member_id: int) -> JobCard | None:
    """The newest job that makes it."""
    return latest_job("export_cohort", _subject(cohort_id, member_id))


def make(cohort_id: int, member_id: int, progress: Callable[[str, int, int], object]) -> str:
    """Make and keep the workbook; what came of it, in a sentence. JobRefused where the member may not have it.

    NotNow where somebody was removed from the roster meanwhile.
    """
    cohort, member = db.session.get(Cohort, cohort_id), db.session.get(Member, member_id)
    if cohort is None or member is None or not member.is_active or not may_see_board(cohort, member):
        raise JobRefused("This cohort is gone, or closed to you.")
    key = _key(cohort_id, member)
    kept.announce_workbook(cohort_id, key)
    found = extract(cohort, is_for_organisers=is_organiser(member))
    total = len(found.lines)
    db.session.rollback()  # nothing of the database is held while the file is written
    content = workbook_of(found, lambda done: progress(f"{done:,} of {total:,} rows written", done, total))
    if not kept.keep_workbook(cohort_id, key, content):
        raise NotNow("Somebody was removed from the roster meanwhile; it is made anew.")
    return f"{total:,} {'person' if total == 1 else 'people'} in the workbook, which is kept for an hour."


def has_workbook(cohort_id: int, member: Member) -> bool:
    """Whether there is one for them now."""
    return bool(redis_client().exists(_key(cohort_id, member)))


def workbook(cohort_id: int, member: Member) -> bytes | None:
    """The file; None where there is none any more."""
    content = redis_client().get(_key(cohort_id, member))
    return content if isinstance(content, bytes) else None


def _subject(cohort_id: int, member_id: int) -> str:
    return f"cohort:{cohort_id} member:{member_id}"


def _key(cohort_id: int, member: Member) -> str:
    # Who is an organiser no longer may not fetch the file that was made for one.
    kind = "whole" if is_organiser(member) else "open"
    return kept.workbook_key(cohort_id, member.id, kind)
