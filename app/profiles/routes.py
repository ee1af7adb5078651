"""The pages of members: what the club sees of each, and the form for one's own."""

import hashlib

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.images import MIMETYPE
from app.core.paging import paging
from app.core.refusal import Refused
from app.members.access import me, member_required
from app.members.models import Member
from app.profiles import queries, service
from app.profiles.forms import ProfileForm
from app.ratings.tiers import TIERS
from app.submissions.queries import totals_of
from app.tracker.people_queries import handles_shown
from app.tracker.platforms import platforms

bp = Blueprint("profiles", __name__)


@bp.get("/members/<username>")
def show(username: str) -> ResponseReturnValue:
    """A member: rating, its course, competitions, and what they tell of themselves."""
    member = _find(username)
    summary = queries.summary_of(member)
    pages = paging(summary.entered, queries.PER_PAGE)
    viewer = me() if current_user.is_authenticated else None
    return render_template(
        "profiles/show.html",
        member=member,
        handles=handles_shown(member.id, viewer) if _may_see_words(member) else [],
        platforms=platforms(),
        profile=queries.profile_of(member.id) if _may_see_words(member) else None,
        summary=summary,
        solving=totals_of(member.id),
        played=queries.played_by(member.id, pages),
        paging=pages,
        tiers=[(tier.least, tier.key) for tier in TIERS],
    )


@bp.get("/members/<username>/competitions/<slug>")
def scores(username: str, slug: str) -> ResponseReturnValue:
    """How the score of a member went in one competition."""
    member = _find(username)
    entry = queries.entry_in(member.id, slug) or abort(404)
    pages = paging(queries.count_scores(entry.id))
    return render_template(
        "profiles/scores.html",
        member=member,
        entry=entry,
        competition=entry.competition,
        changes=queries.scores_of(entry.id, pages),
        paging=pages,
    )


@bp.get("/members/<username>/avatar")
def avatar(username: str) -> Response:
    """The member's picture; drawn from the initials where there is none."""
    member = _find(username)
    picture = queries.avatar_of(member.id) if _may_see_words(member) else None
    if picture is None:
        drawn = render_template(
            "profiles/avatar.svg", initials=_initials(member.display_name), hue=member.id * 137 % 360
        )
        response = Response(drawn, mimetype="image/svg+xml")
    else:
        response = Response(picture, mimetype=MIMETYPE)
    response.headers["Cache-Control"] = "private, max-age=600"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


@bp.route("/account/profile", methods=["GET", "POST"])
@member_required
def edit() -> ResponseReturnValue:
    """One's own words and picture."""
    profile = queries.profile_of(me().id)
    form = ProfileForm(bio=profile.bio if profile else "")
    if form.validate_on_submit():
        try:
            service.save_profile(
                me().id,
                bio=form.bio.data or "",
                picture=_sent_picture(),
                is_picture_removed=form.is_picture_removed.data,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Your profile is saved.", "ok")
            return redirect(url_for(".show", username=me().username))
    return render_template("profiles/edit.html", form=form, profile=profile), 422 if form.errors else 200


def _find(username: str) -> Member:
    return queries.visible_member(username) or abort(404)


def _may_see_words(member: Member) -> bool:
    """What a disabled member wrote is for administrators only; the results stay the club's."""
    return member.disabled_at is None or (current_user.is_authenticated and me().is_admin)


def _sent_picture() -> bytes:
    file = request.files.get("picture")
    return file.read() if file else b""


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()
