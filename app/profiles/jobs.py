"""What follows when a member leaves."""

from typing import Any

from app.core.jobs import Run, enqueue, job
from app.members.signals import member_deleted
from app.profiles import service


def connect() -> None:
    """Listen for members who leave."""
    member_deleted.connect(_on_member_deleted)


@job("forget_profile", deadline_seconds=60)
def forget_profile(run: Run, member_id: int) -> None:
    """Let go of the words and the picture of a former member."""
    with run.transaction():
        service.forget_profile(member_id)
        run.done("The former member's profile is gone.")


def _on_member_deleted(_sender: Any, *, member_id: int) -> None:
    enqueue("forget_profile", subject=f"member:{member_id}", member_id=member_id)
