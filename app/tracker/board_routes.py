"""The leaderboard of a cohort, and the page of each person on it."""

from collections.abc import Container

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.paging import paging
from app.core.security import wants_fragment
from app.core.text import one_line
from app.extensions import db
from app.members.access import me, member_required
from app.tracker import board, history, live
from app.tracker.access import may_see_board, may_see_person
from app.tracker.cohort_queries import find_cohort
from app.tracker.models import Cohort, Participant
from app.tracker.ordering import ACTIVITIES, MOVES, SORTS, Wish
from app.tracker.platforms import platforms

bp = Blueprint("cohort_boards", __name__, url_prefix="/cohorts/<cohort_slug>")
LONGEST_SEARCH = 100


@bp.get("")
@member_required
def show(cohort_slug: str) -> ResponseReturnValue:
    """A page of the leaderboard; who may not see it is not told that it is there."""
    cohort = visible_cohort(cohort_slug)
    page = render_template(
        "tracker/_cohort_board.html" if wants_fragment() else "tracker/cohort_board.html",
        board=board.board(cohort, _wish(), me().id),
        cohort=cohort,
        activities=ACTIVITIES,
        moves=MOVES,
        topic=live.cohort_topic(cohort.id),
    )
    return _conditional(page)


@bp.get("/me")
@member_required
def find_me(cohort_slug: str) -> ResponseReturnValue:
    """To the page and row on which the viewer stands."""
    found = board.place_on_pages(visible_cohort(cohort_slug).id, me().id)
    if found is None:
        flash("You are not on this roster. An organiser can link you to your line on it.", "error")
        return redirect(url_for(".show", cohort_slug=cohort_slug))
    page, participant_id = found
    return redirect(
        url_for(".show", cohort_slug=cohort_slug, page=page if page > 1 else None, _anchor=f"person-{participant_id}")
    )


@bp.get("/people/<int:participant_id>")
@member_required
def person(cohort_slug: str, participant_id: int) -> ResponseReturnValue:
    """One person: their handles, what these show, and how that went."""
    participant = _participant_or_404(cohort_slug, participant_id)
    has_board = participant.cohort is not None and may_see_board(participant.cohort, me())
    shown = {
        "participant": participant,
        "cohort": participant.cohort,
        "found": board.line_of(participant) if has_board else None,
        "handles": board.handles_of([participant.id]).get(participant.id, {}),
        "platforms": platforms(),
    }
    if wants_fragment():
        return _conditional(render_template("tracker/_person.html", **shown))
    pages = paging(history.count_days(participant.id), history.DAYS_PER_PAGE)
    return render_template(
        "tracker/person.html",
        **shown,
        courses=history.courses(participant.id),
        days=history.days(participant.id, pages),
        paging=pages,
        topic=live.person_topic(participant.id),
    )


def visible_cohort(slug: str) -> Cohort:
    """The cohort at this address, whose leaderboard the viewer may see."""
    cohort = find_cohort(slug)
    if cohort is None or not may_see_board(cohort, me()):
        abort(404)
    return cohort


def _participant_or_404(cohort_slug: str, participant_id: int) -> Participant:
    participant = db.session.get(Participant, participant_id) if participant_id < 2**31 else None
    is_theirs = participant is not None and participant.cohort is not None and participant.cohort.slug == cohort_slug
    if participant is None or not is_theirs or not may_see_person(participant, me()):
        abort(404)
    return participant


def _conditional(page: str) -> Response:
    """A fragment that the page has already is not sent again; a whole page may carry news of its own."""
    response = make_response(page)
    if wants_fragment():
        response.add_etag()
        response.make_conditional(request)
    return response


def _wish() -> Wish:
    asked = request.args
    return Wish(
        sort=_known(asked.get("sort", ""), (*SORTS, *platforms())) or SORTS[0],
        is_descending=asked.get("order") == "desc",
        search=one_line(asked.get("q", ""))[:LONGEST_SEARCH],
        platform=_known(asked.get("platform", ""), platforms()),
        activity=_known(asked.get("activity", ""), ACTIVITIES),
        move=_known(asked.get("move", ""), MOVES),
    )


def _known(text: str, words: Container[str]) -> str:
    return text if text in words else ""
