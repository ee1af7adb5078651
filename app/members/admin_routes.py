"""The pages for other people's accounts: Kaggle usernames for organisers, everything else for administrators."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.paging import paging
from app.core.refusal import Refused
from app.core.security import unstored
from app.core.urls import public_address
from app.members import administration, queries
from app.members.access import admin_required, organiser_required
from app.members.forms import KaggleUsernameForm
from app.members.models import ROLE_NAMES, ROLES, Member
from app.members.routes import bp, show_form

MEMBER = "/admin/members/<int:member_id>"


@bp.route("/organise/kaggle-usernames", methods=["GET", "POST"])
@organiser_required
def kaggle_usernames() -> ResponseReturnValue:
    """Disputes, the latest changes, and entering the name of a member."""
    form = KaggleUsernameForm()
    if form.is_sent():
        try:
            member = administration.set_kaggle_username(**form.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(f"{member.display_name}: {member.kaggle_username or 'no Kaggle username'}.", "ok")
            return redirect(url_for("members.kaggle_usernames"))
    return show_form(
        "members/kaggle_usernames.html",
        form,
        disputes=queries.open_disputes(),
        changes=queries.latest_kaggle_username_changes(),
    )


@bp.post("/organise/kaggle-usernames/<int:dispute_id>")
@organiser_required
def settle_kaggle_username(dispute_id: int) -> ResponseReturnValue:
    """Decide a dispute; one that is settled already is left as it is."""
    outcome = request.form.get("outcome")
    if outcome not in ("given", "kept"):
        abort(422)
    try:
        dispute = administration.settle_dispute(dispute_id, is_given=outcome == "given")
    except LookupError:
        abort(404)
    owner = dispute.claimant if outcome == "given" else dispute.holder
    flash(f"The Kaggle username {dispute.kaggle_username} belongs to {owner.display_name}.", "ok")
    return redirect(url_for("members.kaggle_usernames"))


@bp.get("/admin/members")
@admin_required
def manage() -> ResponseReturnValue:
    """Everyone, by username, with what an administrator may do."""
    return _members_page()


@bp.post(MEMBER + "/role")
@admin_required
def change_role(member_id: int) -> ResponseReturnValue:
    """Make someone member, organiser or administrator."""
    role = request.form.get("role", "")
    return _act(
        lambda: administration.set_role(member_id, role),
        lambda member: f"{member.display_name} is now {ROLE_NAMES[member.role]}.",
    )


@bp.post(MEMBER + "/disable")
@admin_required
def disable(member_id: int) -> ResponseReturnValue:
    """Keep someone from logging in."""
    return _act(lambda: administration.disable_member(member_id), lambda member: f"{member.display_name} is disabled.")


@bp.post(MEMBER + "/enable")
@admin_required
def enable(member_id: int) -> ResponseReturnValue:
    """Let someone log in again."""
    return _act(
        lambda: administration.enable_member(member_id),
        lambda member: f"{member.display_name} may log in again.",
    )


@bp.post(MEMBER + "/reset-link")
@admin_required
def make_reset_link(member_id: int) -> ResponseReturnValue:
    """Make the one-time link and show it, this once."""
    try:
        member, token = administration.make_reset_token(member_id)
    except LookupError:
        abort(404)
    except Refused as refused:
        flash(str(refused), "error")
        return _members_page(422)
    address = public_address("members.reset", token=token)
    return unstored(render_template("members/reset_link.html", member=member, address=address))


def _act(change: Callable[[], Member], sentence: Callable[[Member], str]) -> ResponseReturnValue:
    try:
        member = change()
    except LookupError:
        abort(404)
    except Refused as refused:
        flash(str(refused), "error")
        return _members_page(422)
    flash(sentence(member), "ok")
    return redirect(url_for("members.manage", q=_search() or None, page=request.args.get("page")))


def _members_page(status: int = 200) -> ResponseReturnValue:
    search = _search()
    shown = paging(queries.count_members(search))
    members = queries.list_members(search, shown.offset, shown.per_page)
    page = render_template(
        "members/manage.html",
        members=members,
        paging=shown,
        search=search,
        roles=ROLES,
        role_names=ROLE_NAMES,
    )
    return page, status


def _search() -> str:
    text = request.args.get("q", "").strip()[:100]
    return text if text.isprintable() else ""
