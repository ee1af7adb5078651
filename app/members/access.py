"""Who may open a route, and who acts in it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, g, request
from flask_login import current_user

from app.core.security import SAME_FOR_ALL, wants_fragment
from app.extensions import db, login_manager
from app.members.models import Member

View = TypeVar("View", bound=Callable[..., Any])


def init_app(app: Flask) -> None:
    """Load the member of a session, and name the actor of each request for the audit."""
    login_manager.login_view = "members.login"
    login_manager.login_message = "Please log in to open this page."
    login_manager.user_loader(load_member)
    app.before_request(_name_actor)


def load_member(session_id: str) -> Member | None:
    """The member of a session, unless disabled, deleted, or logged out everywhere since."""
    number, _, version = session_id.partition(".")
    if not (number.isdecimal() and version.isdecimal()):
        return None
    member = db.session.get(Member, int(number))
    if member is None or not member.is_active or member.login_version != int(version):
        return None
    return member


def me() -> Member:
    """The logged-in member; only for routes that require one."""
    return cast(Member, current_user._get_current_object())


def member_required(view: View) -> View:
    """Members only; others are asked to log in."""
    return _required(view, lambda member: True)


def organiser_required(view: View) -> View:
    """Organisers and administrators only."""
    return _required(view, lambda member: member.is_organiser)


def admin_required(view: View) -> View:
    """Administrators only."""
    return _required(view, lambda member: member.is_admin)


def _required(view: View, may: Callable[[Member], bool]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            if wants_fragment():
                abort(401)  # or the page to log in on would stand where the fragment should
            return login_manager.unauthorized()
        if not may(me()):
            abort(403)
        return view(*args, **kwargs)

    return cast(View, guarded)


def _name_actor() -> None:
    # Static files and the socket need no member and must not ask the database for one.
    if request.endpoint not in (*SAME_FOR_ALL, "live.listen") and current_user.is_authenticated:
        g.actor = (me().id, me().username)
