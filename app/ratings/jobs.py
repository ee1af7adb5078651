"""Background work on ratings."""

from app.core.jobs import Run, job
from app.core.refusal import Refused
from app.ratings import history, service


@job("finalize_competitions", deadline_seconds=300, every_seconds=60)
def finalize_competitions(run: Run) -> None:
    """Move ratings by every competition whose final standings are in."""
    told = []
    for competition_id in service.due():
        try:
            with run.transaction():
                has_moved = service.finalise(competition_id)
            told += [competition_id] if has_moved else []
        except Refused:
            continue  # changed since it was listed; the next round looks again
    with run.transaction():
        run.done(f"Ratings moved by {len(told)} competition{'' if len(told) == 1 else 's'}.")


@job("replay_ratings", deadline_seconds=300)
def replay_ratings(run: Run) -> None:
    """Work out the whole history of ratings from nothing, and say whether it was right before."""
    run.progress("Comparing the ratings with the competitions")
    wrong = len(history.differences())
    run.progress("Working out every rating from nothing")
    with run.transaction():
        events = service.replay()
        found = f"{wrong:,} differences were mended" if wrong else "nothing was wrong"
        run.done(f"{events:,} rating events worked out anew; {found}.")
