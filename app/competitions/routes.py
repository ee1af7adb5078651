"""The pages of competitions: list, overview, leaderboard, entering, editing."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.competitions import queries, service
from app.competitions.forms import CompetitionForm, scale_of
from app.competitions.live import board_topics
from app.competitions.models import Competition
from app.competitions.status import STATUSES
from app.core.paging import paging
from app.core.refusal import Refused
from app.core.security import wants_fragment
from app.core.sheets import rounded, to_csv
from app.core.urls import asked_id
from app.members.access import me, member_required, organiser_required

bp = Blueprint("competitions", __name__, url_prefix="/competitions")

CSV_HEADER = (
    "Place", "Member", "Username", "Team", "Kaggle rank", "Score", "Points", "Change in 24 h",
    "Last submission (UTC)", "Submissions", "On the board",
)  # fmt: skip


@bp.get("")
def index() -> ResponseReturnValue:
    """Competitions, with search and a filter by status."""
    search = request.args.get("q", "").replace("\0", "").strip()[:100]
    status = request.args.get("status", "")
    status = status if status in STATUSES else ""
    page = request.args.get("page", 1, type=int)
    competitions, pages = queries.list_competitions(search, status, min(max(page, 1), 10**6))
    counts = queries.entrant_counts([competition.id for competition in competitions])
    return render_template(
        "competitions/list.html",
        competitions=competitions,
        paging=pages,
        counts=counts,
        search=search,
        status=status,
    )


@bp.get("/<slug>")
def overview(slug: str) -> ResponseReturnValue:
    """What a competition is about, and the viewer's own entry."""
    competition = _find(slug)
    is_organiser = current_user.is_authenticated and current_user.is_organiser
    changes = queries.username_changes(competition) if is_organiser else []
    return render_template("competitions/overview.html", kaggle_changes=changes, **_frame(competition))


@bp.get("/<slug>/leaderboard")
def leaderboard(slug: str) -> ResponseReturnValue:
    """The leaderboard; for htmx only the parts that change."""
    competition = _find(slug)
    entrants = queries.count_entrants(competition.id)
    pages, order = paging(entrants), _order()
    response = _not_modified(competition, entrants, pages.page, order) if wants_fragment() else None
    if response is not None and response.status_code == 304:
        return response
    board = queries.board_page(competition, entrants, pages.page, order)
    status = queries.board_status(competition, entrants)
    if response is not None:
        response.set_data(render_template("competitions/_board_parts.html", board=board, status=status))
        return response
    topics = board_topics(competition.id, pages.page, order)
    frame = _frame(competition, entrants)
    return render_template("competitions/leaderboard.html", board=board, board_status=status, topics=topics, **frame)


@bp.get("/<slug>/leaderboard/me")
@member_required
def find_me(slug: str) -> ResponseReturnValue:
    """To the page and row on which the viewer stands."""
    competition = _find(slug)
    found = queries.page_of(competition, me().id)
    if found is None:
        flash("You are not on this leaderboard yet.", "error")
        return redirect(url_for(".leaderboard", slug=slug))
    page, entry_id = found
    return redirect(url_for(".leaderboard", slug=slug, page=page, _anchor=f"entry-{entry_id}"))


@bp.get("/<slug>/leaderboard.csv")
def leaderboard_csv(slug: str) -> ResponseReturnValue:
    """The whole leaderboard for a spreadsheet."""
    competition = _find(slug)
    rows = [
        (
            row.place, row.member, row.username, row.team, row.source_rank, row.score, rounded(row.points), row.change,
            f"{row.submitted_at:%Y-%m-%d %H:%M:%S}" if row.submitted_at else None, row.submissions,
            _standing(row),
        )
        for row in queries.all_rows(competition)
    ]  # fmt: skip
    response = Response(to_csv(CSV_HEADER, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{competition.slug}-leaderboard.csv"'
    return response


@bp.post("/<slug>/enter")
@member_required
def enter(slug: str) -> ResponseReturnValue:
    """Enter the viewer."""
    return _try(slug, lambda found: service.enter(found.id, me()), "You are in. Good luck!")


@bp.post("/<slug>/withdraw")
@member_required
def withdraw(slug: str) -> ResponseReturnValue:
    """Take the viewer out."""
    return _try(slug, lambda found: service.withdraw(found.id, me()), "You have withdrawn.")


@bp.route("/new", methods=["GET", "POST"])
@organiser_required
def create() -> ResponseReturnValue:
    """Make a competition."""
    form = CompetitionForm(event_id=asked_id("event") or 0)
    form.offer_events(queries.event_choices())
    if form.validate_on_submit():
        try:
            made = service.create_competition(form.draft())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Made. Upload a leaderboard as soon as there is one.", "ok")
            return redirect(url_for(".overview", slug=made.slug))
    return _form_page(form, None)


@bp.get("/scale")
@organiser_required
def scale() -> ResponseReturnValue:
    """What a scale that is being typed in would make of some scores: a fragment for the forms."""
    worst, best, most = (request.args.get(name, type=float) for name in ("worst_score", "best_score", "max_points"))
    made = scale_of(worst, best, most, request.args.get("direction") != "lower")
    return render_template("competitions/_scale.html", scale=made)


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@organiser_required
def edit(slug: str) -> ResponseReturnValue:
    """Change a competition."""
    competition = _find(slug)
    form = CompetitionForm.of(competition)
    form.offer_events(queries.event_choices())
    if form.validate_on_submit():
        try:
            changed = service.edit_competition(competition.id, form.draft())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "ok")
            return redirect(url_for(".overview", slug=changed.slug))
    return _form_page(form, _find(slug))


def _standing(row: queries.BoardRow) -> str:
    if row.is_disqualified:
        return "disqualified"
    return "left" if row.has_left else "yes" if row.score is not None else "not yet"


def _form_page(form: CompetitionForm, competition: Competition | None) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    return render_template("competitions/edit.html", form=form, competition=competition), status


def _find(slug: str) -> Competition:
    return queries.find_competition(slug) or abort(404)


def _frame(competition: Competition, entrants: int | None = None) -> dict[str, object]:
    """What the head of every page of a competition shows."""
    is_member = current_user.is_authenticated
    return {
        "competition": competition,
        "entrants": queries.count_entrants(competition.id) if entrants is None else entrants,
        "entry": queries.entry_of(competition.id, me().id) if is_member else None,
    }


def _order() -> queries.Order:
    sort = request.args.get("sort", queries.DEFAULT_SORT)
    is_known = sort in queries.SORTS
    return queries.Order(sort if is_known else queries.DEFAULT_SORT, request.args.get("order") == "desc")


def _not_modified(competition: Competition, entrants: int, page: int, order: queries.Order) -> Response:
    """An answer that carries the version of what is asked for; 304 where the page has that version already."""
    seen_at = competition.board_at.timestamp() if competition.board_at else 0
    response = Response(mimetype="text/html")
    response.set_etag(
        f"{competition.board_version}-{seen_at}-{entrants}-{page}-{order.sort}-{order.is_descending}", weak=True
    )
    response.make_conditional(request)
    return response


def _try(slug: str, verb: Callable[[Competition], object], done: str) -> ResponseReturnValue:
    competition = _find(slug)
    try:
        verb(competition)
    except Refused as refusal:
        flash(str(refusal), "error")
    else:
        flash(done, "ok")
    return redirect(url_for(".overview", slug=slug))
