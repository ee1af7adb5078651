"""The demo club's running competition keeps moving; see `init_app` for where it does."""

import random

from sqlalchemy import select

from app.competitions import boards
from app.competitions.models import Competition
from app.core import clock
from app.demo.club import SOURCE
from app.demo.field import file_name, moved
from app.demo.season import MOVING
from app.extensions import db


def move_scores() -> str:
    """Have the next board of the demo club applied, within the caller's transaction; what came of it, in a sentence.

    A competition of that name that is not the demo club's own, or that is rated already, is left alone. The first
    board after the end is the last: by it ratings move.
    """
    competition = db.session.scalar(select(Competition).where(Competition.slug == MOVING))
    board = boards.last_good(competition.id) if competition else None
    if competition is None or competition.finalized_at or board is None or board.received_from != SOURCE:
        return "There is no demo competition to move."
    board.content = moved(
        board.content or b"",
        best=competition.best_score or 0.0,
        is_higher_better=competition.is_higher_better,
        dice=random.Random(),  # noqa: S311 - invented scores, not secrets
    )
    board.received_at = clock.now()
    board.name = file_name(competition.slug, board.received_at)
    return boards.sentence(boards.apply_board(board, boards.standings_in(board)))
