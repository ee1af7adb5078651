"""The demo club's own background work."""

from app.core.jobs import Run, job
from app.demo import moves

EVERY_SECONDS = 20


def declare() -> None:
    """Make it known to workers and scheduler; only where the demo club runs."""
    job("move_demo_scores", deadline_seconds=60, every_seconds=EVERY_SECONDS)(move_demo_scores)


def move_demo_scores(run: Run) -> None:
    """Keep the demo club's running competition moving."""
    with run.transaction():
        run.done(moves.move_scores())
