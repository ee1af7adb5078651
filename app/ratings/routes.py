"""The pages of ratings: what a competition did to them, why, and how organisers correct it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.competitions.models import Competition
from app.competitions.queries import count_entrants, entry_of, find_competition
from app.core.paging import paging
from app.core.refusal import Refused
from app.core.security import wants_fragment
from app.core.urls import asked_id
from app.members.access import me, organiser_required
from app.ratings import corrections, queries, service
from app.ratings.corrections import Outcome, PreviewOutdated
from app.ratings.forms import CorrectionForm
from app.ratings.leaderboard import TOPIC

bp = Blueprint("ratings", __name__, url_prefix="/competitions/<slug>/ratings")


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    """Everybody in the competition, and how it moved their ratings."""
    competition = _find(slug)
    entrants = count_entrants(competition.id)
    pages = paging(entrants)
    return render_template(
        "ratings/_moves.html" if wants_fragment() else "ratings/index.html",
        moves=queries.moves_of(competition, pages),
        moved=queries.count_moved(competition.id),
        paging=pages,
        obstacle=service.obstacle(competition),
        topic=TOPIC,
        **_frame(competition),
    )


@bp.get("/<int:member_id>")
def why(slug: str, member_id: int) -> ResponseReturnValue:
    """Why the competition moved one member's rating."""
    competition = _find(slug)
    explanation = queries.explain(competition.id, member_id) or abort(404)
    return render_template("ratings/why.html", explanation=explanation, event=explanation.event)


@bp.post("/finalize")
@organiser_required
def finalize(slug: str) -> ResponseReturnValue:
    """Rate what we have."""
    try:
        has_moved = service.finalise_now(_find(slug).id, is_as_is=True)
    except Refused as refusal:
        flash(str(refusal), "error")
    else:
        flash("Ratings have moved." if has_moved else "Ratings had moved by this already.", "ok")
    return redirect(url_for(".index", slug=slug))


@bp.route("/correct", methods=["GET", "POST"])
@organiser_required
def correct(slug: str) -> ResponseReturnValue:
    """Correct an entry or the competition: first whose rating would move, then the same for good."""
    competition = _find(slug)
    entry_id = asked_id("entry")
    entry = queries.entry_in(competition, entry_id) if entry_id and entry_id < 2**31 else None
    form = CorrectionForm.of(competition, entry)
    if not form.validate_on_submit():
        return _form_page(slug, form)
    try:
        correction = form.correction()
        if request.form.get("step") != "apply":
            return _preview_page(slug, form, corrections.preview(competition.id, correction))
        moved = len(corrections.correct(competition.id, correction, seen=form.seen.data or "").shown)
    except Refused as refusal:
        form.refuse(refusal)
        return _form_page(slug, form)
    except PreviewOutdated as outdated:
        flash(str(outdated), "error")
        return _preview_page(slug, form, outdated.outcome), 409
    flash(f"Corrected. {moved:,} rating{'' if moved == 1 else 's'} moved.", "ok")
    return redirect(url_for(".index", slug=slug))


def _preview_page(slug: str, form: CorrectionForm, outcome: Outcome) -> str:
    return render_template("ratings/preview.html", competition=_find(slug), form=form, outcome=outcome)


def _form_page(slug: str, form: CorrectionForm) -> ResponseReturnValue:
    competition = _find(slug)
    entry_id = form.entry_id.data
    entry = queries.entry_in(competition, entry_id) if entry_id and 0 < entry_id < 2**31 else None
    status = 422 if form.is_submitted() else 200
    return render_template("ratings/correct.html", form=form, corrected=entry, **_frame(competition)), status


def _find(slug: str) -> Competition:
    return find_competition(slug) or abort(404)


def _frame(competition: Competition) -> dict[str, object]:
    """What the head of every page of a competition shows."""
    return {
        "competition": competition,
        "entrants": count_entrants(competition.id),
        "entry": entry_of(competition.id, me().id) if current_user.is_authenticated else None,
    }
