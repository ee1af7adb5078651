"""What follows when a member leaves."""

from typing import Any

from app.core.jobs import Run, enqueue, job
from app.members.signals import member_deleted
from app.tracker import service


def connect() -> None:
    """Listen for members who leave."""
    member_deleted.connect(_on_member_deleted)


@job("forget_handles", deadline_seconds=60)
def forget_handles(run: Run, member_id: int) -> None:
    """Let go of the handles that a former member kept, and of their link to rosters."""
    with run.transaction():
        service.forget_member(member_id)
        run.done("The former member's handles are gone.")


def _on_member_deleted(_sender: Any, *, member_id: int) -> None:
    enqueue("forget_handles", subject=f"member:{member_id}", member_id=member_id)
