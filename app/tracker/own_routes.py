"""What members do themselves: keep their handles, and take the place on a roster that a link offers."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.refusal import Refused
from app.core.security import unstored
from app.members.access import me, member_required
from app.tracker import fetching, linking, people_queries, platform_queries, service
from app.tracker.models import Participant
from app.tracker.people_forms import HandlesForm
from app.tracker.platforms import platforms

bp = Blueprint("handles", __name__)


@bp.get("/account/handles")
@member_required
def own() -> ResponseReturnValue:
    """The handles of a member: on each roster they are on, and for themselves."""
    return _page()


@bp.post("/account/handles")
@member_required
def save_own() -> ResponseReturnValue:
    """Store what a member keeps for themselves."""
    own = next((place for place in people_queries.places_of(me().id) if place.cohort_id is None), None)
    form = HandlesForm.of(own, prefix=_prefix(own))
    if not form.validate():
        return _page(own, form)
    return _save(own or service.own_participant(me().id), form)


@bp.post("/account/handles/<int:participant_id>")
@member_required
def save(participant_id: int) -> ResponseReturnValue:
    """Store the handles under which a member stands on a roster."""
    place = _mine(participant_id)
    form = HandlesForm.of(place, prefix=_prefix(place))
    return _save(place, form) if form.validate() else _page(place, form)


@bp.post("/account/handles/<int:participant_id>/check")
@member_required
def check(participant_id: int) -> ResponseReturnValue:
    """Have them looked up now."""
    number = fetching.request_check(participant_id=_mine(participant_id).id, skips_fresh=True)
    flash("They are looked up next." if number else "What can be was looked up in the last minutes.", "ok")
    return redirect(url_for(".own"))


@bp.get("/invitations/<invitation>")
def invitation(invitation: str) -> ResponseReturnValue:
    """Whose place a link offers, and who may take it."""
    try:
        place = linking.invited(invitation)
    except Refused as refusal:
        return unstored(render_template("tracker/invitation_refused.html", sentence=str(refusal)), 404)
    return unstored(render_template("tracker/invitation.html", place=place, invitation=invitation))


@bp.post("/invitations/<invitation>")
@member_required
def accept(invitation: str) -> ResponseReturnValue:
    """Take the place that a link offers."""
    try:
        linking.accept_invitation(invitation, me().id)
    except Refused as refusal:
        return unstored(render_template("tracker/invitation_refused.html", sentence=str(refusal)), 422)
    flash("The place is yours. See that your handles are right.", "ok")
    return redirect(url_for(".own"))


def _save(place: Participant, form: HandlesForm) -> ResponseReturnValue:
    try:
        service.set_handles(place.id, form.typed(), form.shown())
    except Refused as refusal:
        form.refuse(refusal)
        return _page(place, form)
    flash("Saved. What is new is looked up next.", "ok")
    return redirect(url_for(".own"))


def _page(refused: Participant | None = None, refused_form: HandlesForm | None = None) -> ResponseReturnValue:
    """All places with their forms, one of which may have been refused; None is where handles for oneself begin."""
    places: Sequence[Participant | None] = people_queries.places_of(me().id) or [None]
    forms = [HandlesForm.of(place, prefix=_prefix(place), formdata=None) for place in places]
    if refused_form is not None and refused in places:
        forms[places.index(refused)] = refused_form
    shown = list(zip(places, forms, strict=True))
    kept = {handle.platform for place in places if place for handle in place.handles}
    page = render_template(
        "tracker/own_handles.html", places=shown, platforms=platforms(), obstacles=platform_queries.obstacles(kept)
    )
    return page, 422 if refused_form else 200


def _prefix(place: Participant | None) -> str:
    return f"place{place.id}" if place is not None and place.cohort_id is not None else ""


def _mine(participant_id: int) -> Participant:
    mine = people_queries.places_of(me().id)
    return next((place for place in mine if place.id == participant_id), None) or abort(404)
