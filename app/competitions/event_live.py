"""What open pages are told of an event, whenever the leaderboard of one of its competitions changes.

Topics: `event:<id>:<page>` carries a page of the event's leaderboard, `event:<id>:competitions` the list of its
competitions, and `event:<id>:hint` asks other views to fetch themselves. Events are open to everybody.
"""

import time
from typing import Any

from app.competitions import event_queries
from app.competitions.models import Competition, Event
from app.competitions.signals import board_applied, competition_changed
from app.core import live
from app.core.db import on_commit
from app.extensions import db


def connect() -> None:
    """Listen to the signals of competitions; a receiver only adds a push for after the commit."""
    board_applied.connect(_on_board_applied)
    competition_changed.connect(_on_competition_changed)


def event_topics(event_id: int, page: int) -> tuple[str, ...]:
    """What an event's page listens to."""
    return (f"event:{event_id}:{page}", f"event:{event_id}:competitions")


def push_event_of(competition_id: int) -> None:
    """Push every part of the page of the competition's event whose bytes are new."""
    competition = db.session.get(Competition, competition_id, populate_existing=True)
    if competition is None or competition.event_id is None:
        return
    # The moment before reading: whoever reads later knows more, and must not be overtaken.
    version = time.time_ns()
    event = db.session.get_one(Event, competition.event_id, populate_existing=True)
    competitions = event_queries.competitions_of(event)
    for board in event_queries.board_pages(event, competitions):
        html = live.render("events/_leaderboard.html", board=board)
        live.publish(f"event:{event.id}:{board.paging.page}", html, version)
    live.hint(f"event:{event.id}:hint")
    html = live.render("events/_competitions.html", competitions=competitions)
    live.publish(f"event:{event.id}:competitions", html, version)


def _on_board_applied(_sender: Any, *, competition_id: int, is_changed: bool) -> None:
    if is_changed:
        on_commit(lambda: push_event_of(competition_id))


def _on_competition_changed(_sender: Any, *, competition_id: int) -> None:
    on_commit(lambda: push_event_of(competition_id))
