"""The page on which an organiser sees and steers the syncing of a competition."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.competitions import kaggle_account, queries, syncing
from app.competitions.live import sync_topic
from app.competitions.models import Competition
from app.core.jobs.queries import latest_job
from app.core.security import wants_fragment
from app.members.access import me, organiser_required

bp = Blueprint("syncing", __name__, url_prefix="/competitions/<slug>/sync")


@bp.get("")
@organiser_required
def show(slug: str) -> ResponseReturnValue:
    """How it stands, the sync that runs, and the last twenty."""
    competition = _find(slug)
    job = latest_job("sync_competition", f"competition:{competition.id}")
    told = {
        "competition": competition,
        "is_connected": kaggle_account.is_connected(),
        "job": job,
        "syncs": queries.last_syncs(competition.id),
    }
    if wants_fragment():
        return render_template("competitions/_sync.html", **told)
    return render_template(
        "competitions/sync.html",
        entrants=queries.count_entrants(competition.id),
        entry=queries.entry_of(competition.id, me().id),
        topics=[sync_topic(competition.id), *([f"job:{job.id}"] if job else [])],
        **told,
    )


@bp.post("")
@organiser_required
def start(slug: str) -> ResponseReturnValue:
    """Sync now; pressed while it syncs, that sync is shown."""
    try:
        syncing.request_sync(_find(slug))
    except syncing.SyncRefused as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".show", slug=slug))


@bp.post("/pause")
@organiser_required
def pause(slug: str) -> ResponseReturnValue:
    """Leave it alone until somebody resumes."""
    syncing.set_paused(_find(slug).id, is_paused=True)
    flash("Paused. The leaderboard stays as it is until somebody resumes, or presses the button.", "ok")
    return redirect(url_for(".show", slug=slug))


@bp.post("/resume")
@organiser_required
def resume(slug: str) -> ResponseReturnValue:
    """Go on by the clock."""
    syncing.set_paused(_find(slug).id, is_paused=False)
    flash("Syncing goes on.", "ok")
    return redirect(url_for(".show", slug=slug))


def _find(slug: str) -> Competition:
    return queries.find_competition(slug) or abort(404)
