"""The files of a cohort: the numbers at once, the workbook when it is ready."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from redis import RedisError

from app.core.security import wants_fragment
from app.members.access import me, member_required
from app.tracker import exporting
from app.tracker.access import is_organiser
from app.tracker.board_routes import visible_cohort
from app.tracker.export import csv_of, extract
from app.tracker.live import export_topic

bp = Blueprint("cohort_exports", __name__, url_prefix="/cohorts/<cohort_slug>/export")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("", methods=["GET", "POST"])
@member_required
def show(cohort_slug: str) -> ResponseReturnValue:
    """What files there are; asking for it has the workbook made."""
    cohort = visible_cohort(cohort_slug)
    if request.method == "POST":
        exporting.request_workbook(cohort.id, me().id)
        return redirect(url_for(".show", cohort_slug=cohort_slug))
    return render_template(
        "tracker/_export.html" if wants_fragment() else "tracker/export.html",
        cohort=cohort,
        job=exporting.workbook_job(cohort.id, me().id),
        is_ready=_is_ready(cohort.id),
        topic=export_topic(cohort.id, me().id),
    )


@bp.get("/leaderboard.csv")
@member_required
def leaderboard_csv(cohort_slug: str) -> Response:
    """Everybody, as text."""
    cohort = visible_cohort(cohort_slug)
    return _file(csv_of(extract(cohort, is_for_organisers=is_organiser(me()))), "text/csv", f"{cohort.slug}.csv")


@bp.get("/leaderboard.xlsx")
@member_required
def leaderboard_xlsx(cohort_slug: str) -> ResponseReturnValue:
    """The workbook that was made for the viewer."""
    cohort = visible_cohort(cohort_slug)
    content = exporting.workbook(cohort.id, me())
    if content is None:
        flash("This workbook is not kept any more. Have it made anew: it holds the numbers of now.", "error")
        return redirect(url_for(".show", cohort_slug=cohort_slug))
    return _file(content, XLSX, f"{cohort.slug}.xlsx")


def _is_ready(cohort_id: int) -> bool:
    try:
        return exporting.has_workbook(cohort_id, me())
    except RedisError:
        return False  # the banner over every page says that Redis is away


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
