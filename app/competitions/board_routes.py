"""The pages on which an organiser hands in a leaderboard file, sees what it would do, and applies it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.competitions import boards, queries, service
from app.competitions.forms import BoardForm
from app.competitions.models import BoardFile, Competition
from app.competitions.sources.base import NotALeaderboard
from app.competitions.standings import StandingsFinal
from app.core.jobs.queries import latest_job
from app.core.refusal import Refused
from app.core.security import wants_fragment
from app.extensions import db
from app.members.access import me, organiser_required

bp = Blueprint("boards", __name__, url_prefix="/competitions/<slug>/boards")


@bp.route("", methods=["GET", "POST"])
@organiser_required
def index(slug: str) -> ResponseReturnValue:
    """The files handed in so far, and the form for the next."""
    competition = queries.find_competition(slug) or abort(404)
    form = BoardForm()
    if form.validate_on_submit():
        file: FileStorage = form.file.data
        try:
            board_id = boards.receive_board(competition, file.read(), _name_of(file), me().username)
        except NotALeaderboard as refusal:
            form.file.errors = [str(refusal)]
        else:
            return redirect(url_for(".show", slug=slug, board_id=board_id))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "competitions/boards.html",
        competition=competition,
        entrants=queries.count_entrants(competition.id),
        entry=queries.entry_of(competition.id, me().id),
        form=form,
        files=queries.board_files(competition.id),
        job=latest_job("rematch_boards", f"competition:{competition.id}"),
    ), status


@bp.get("/<int:board_id>")
@organiser_required
def show(slug: str, board_id: int) -> ResponseReturnValue:
    """A file: the preview while it waits, how far it is while it is applied, then what it did."""
    board = _find(slug, board_id)
    job = latest_job("apply_board", f"board:{board_id}")
    if wants_fragment():
        return render_template("jobs/_job.html", job=job)
    is_waiting = board.state == "waiting" and not (job and job.is_active)
    return render_template(
        "competitions/board.html",
        competition=board.competition,
        board=board,
        job=job,
        plan=boards.preview(board) if is_waiting else None,
    )


@bp.post("/<int:board_id>/apply")
@organiser_required
def apply(slug: str, board_id: int) -> ResponseReturnValue:
    """Have the file applied; where it looks wrong only with the box ticked that says it is right."""
    board = _find(slug, board_id)
    if board.state != "waiting":
        flash("This file is not waiting any more.", "error")
        return redirect(url_for(".show", slug=slug, board_id=board_id))
    if request.form.get("seen", board.received_at.isoformat()) != board.received_at.isoformat():
        flash("A newer board from Kaggle has taken this one’s place meanwhile: look at what it would change.", "error")
        return redirect(url_for(".show", slug=slug, board_id=board_id))
    is_confirmed = request.form.get("is_confirmed") == "yes"
    if boards.preview(board).doubts and not is_confirmed:
        flash("This board looks wrong. Tick the box if it is right all the same.", "error")
    else:
        try:
            boards.request_apply(board_id, is_confirmed=is_confirmed)
        except StandingsFinal as refusal:
            flash(str(refusal), "error")
    return redirect(url_for(".show", slug=slug, board_id=board_id))


@bp.post("/<int:board_id>/drop")
@organiser_required
def drop(slug: str, board_id: int) -> ResponseReturnValue:
    """Let a waiting file go."""
    _find(slug, board_id)
    boards.drop_board(board_id)
    flash("Dropped. Nothing was changed.", "ok")
    return redirect(url_for(".index", slug=slug))


@bp.post("/rematch")
@organiser_required
def rematch(slug: str) -> ResponseReturnValue:
    """Match the board that stands with today's members once more."""
    competition: Competition = queries.find_competition(slug) or abort(404)
    try:
        service.rematch(competition)
    except Refused as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".index", slug=slug))


def _find(slug: str, board_id: int) -> BoardFile:
    board = db.session.get(BoardFile, board_id)
    if board is None or board.competition.slug != slug:
        abort(404)
    return board


def _name_of(file: FileStorage) -> str:
    return (file.filename or "leaderboard").replace("\\", "/").rsplit("/", 1)[-1]
