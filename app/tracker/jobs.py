"""Background work of the tracker: asking platforms, and what follows when a member leaves."""

from typing import Any

from app.core.jobs import JobRefused, Run, enqueue, job
from app.extensions import db
from app.members.signals import member_deleted
from app.tracker import exporting, fetching, live, service, settings
from app.tracker.platforms import platforms


def connect() -> None:
    """Listen for members who leave."""
    member_deleted.connect(_on_member_deleted)


@job("fetch_due_handles", deadline_seconds=60, every_seconds=60)
def fetch_due_handles(run: Run) -> None:
    """Have every platform asked on which handles are due."""
    with run.transaction():
        keys = fetching.enqueue_due()
        run.done(f"Due on {', '.join(platforms()[key].name for key in keys)}." if keys else "None is due.")


@job("fetch_handles", deadline_seconds=60, queue="tracker")  # twice what the longest stretch takes: who dies is missed
def fetch_handles(run: Run, platform_key: str, done: int = 0) -> None:
    """Ask one platform for a stretch of time; what is left then is for the next job."""
    platform = platforms().get(platform_key)
    if platform is None:
        raise JobRefused("No file declares this platform any more.")
    lacking = settings.lacking(platform)
    if lacking:
        raise JobRefused(lacking)
    db.session.rollback()
    part = fetching.work(platform, run, done)
    with run.transaction():
        run.done(f"{platform.name}: {part.checked:,} checked, {part.waiting:,} to go.")
        if part.waiting:
            fetching.begin(platform_key, done=done + part.checked, wait_seconds=part.wait_seconds)
    live.tell_platforms()
    live.tell_boards()


@job("export_cohort", deadline_seconds=300)
def export_cohort(run: Run, cohort_id: int, member_id: int) -> None:
    """Make the workbook of a cohort that a member asked for."""
    sentence = exporting.make(cohort_id, member_id, run.progress)
    with run.transaction():
        run.done(sentence)
        live.tell_export(cohort_id, member_id)


@job("forget_handles", deadline_seconds=60)
def forget_handles(run: Run, member_id: int) -> None:
    """Let go of the handles that a former member kept, and of their link to rosters."""
    with run.transaction():
        service.forget_member(member_id)
        run.done("The former member's handles are gone.")


def _on_member_deleted(_sender: Any, *, member_id: int) -> None:
    enqueue("forget_handles", subject=f"member:{member_id}", member_id=member_id)
