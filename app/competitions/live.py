"""What open pages are told of a competition, and what other features' news mean for leaderboards.

Topics: `board:<id>:<page>` carries a page in its default order, `board:<id>:status` the line above every page,
`board:<id>:entrants` the number in its head, and `board:<id>:hint` asks pages sorted otherwise to fetch themselves.
Leaderboards are open to everybody.
"""

from typing import Any

from app.competitions import queries
from app.competitions.models import Competition
from app.competitions.signals import board_applied, syncing_changed
from app.core import live
from app.core.db import on_commit
from app.core.jobs import enqueue
from app.extensions import db
from app.members.signals import kaggle_username_changed, member_deleted, member_renamed


def connect() -> None:
    """Listen to the signals; a receiver only adds a job, or a push for after the commit."""
    board_applied.connect(_on_board_applied)
    syncing_changed.connect(_on_syncing_changed)
    member_renamed.connect(_on_member_renamed)
    member_deleted.connect(_on_member_deleted)
    kaggle_username_changed.connect(_on_kaggle_username_changed)


def board_topics(competition_id: int, page: int, order: queries.Order) -> tuple[str, ...]:
    """What a leaderboard page listens to."""
    own = str(page) if order.is_default else "hint"
    return tuple(f"board:{competition_id}:{part}" for part in (own, "status", "entrants"))


def sync_topic(competition_id: int) -> str:
    """What the organisers' page of syncing listens to: hints to fetch itself."""
    return f"sync:{competition_id}"


def push_board(competition_id: int, *, is_changed: bool) -> None:
    """Push the status line and, where entries differ from before, every page whose bytes are new."""
    competition = db.session.get(Competition, competition_id, populate_existing=True)
    if competition is None:
        return
    messages = []
    if is_changed:
        for page in queries.board_pages(competition):
            html = live.render("competitions/_leaderboard.html", board=page)
            messages.append(live.Message(f"board:{competition_id}:{page.paging.page}", html, competition.board_version))
        messages.append(live.hint_for(f"board:{competition_id}:hint"))
    entrants = queries.count_entrants(competition_id)
    status = live.render("competitions/_board_status.html", status=queries.board_status(competition, entrants))
    count = live.render("competitions/_entrants.html", competition_id=competition_id, entrants=entrants)
    live.publish_all(
        [
            *messages,
            live.hint_for(sync_topic(competition_id)),
            live.Message(f"board:{competition_id}:status", status),
            live.Message(f"board:{competition_id}:entrants", count),
        ]
    )


def _on_board_applied(_sender: Any, *, competition_id: int, is_changed: bool) -> None:
    on_commit(lambda: push_board(competition_id, is_changed=is_changed))


def _on_syncing_changed(_sender: Any, *, competition_id: int) -> None:
    on_commit(lambda: push_board(competition_id, is_changed=False))


def _on_member_renamed(_sender: Any, *, member_id: int) -> None:
    enqueue("redraw_boards", subject=f"member:{member_id}", member_id=member_id)


def _on_member_deleted(_sender: Any, *, member_id: int) -> None:
    enqueue("release_entries", subject=f"member:{member_id}", member_id=member_id)


def _on_kaggle_username_changed(_sender: Any, *, member_id: int) -> None:
    enqueue("rematch_boards", subject=f"member:{member_id}")
