"""The pages of one's own account: registering, logging in, changing it, leaving."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user, login_user, logout_user

from app.core.refusal import Refused
from app.core.security import safe_path, unstored
from app.members import administration, limits, queries, service
from app.members.access import me, member_required
from app.members.forms import (
    AccountForm,
    DeleteForm,
    EmailForm,
    LoginForm,
    PasswordForm,
    ProfileForm,
    RegisterForm,
    ResetForm,
)
from app.members.models import Member
from app.members.service import NameTaken, WrongPassword

bp = Blueprint("members", __name__)
REMEMBER_COOKIE = "remember_token"


@bp.route("/register", methods=["GET", "POST"])
@limits.registrations_per_address
def register() -> ResponseReturnValue:
    """Make an account and go on, logged in, to the page that asked for it, or home."""
    onward = safe_path(request.args.get("next"), url_for("home.show"))
    if current_user.is_authenticated:
        return redirect(onward)
    form = RegisterForm()
    if form.is_sent():
        try:
            member = service.register_member(**form.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            limits.note_account_made()
            start_session(member)
            flash(f"Welcome, {member.display_name}.", "ok")
            return redirect(onward)
    return show_form("members/register.html", form)


@bp.route("/login", methods=["GET", "POST"])
@limits.failures_per_address
@limits.failures_per_account
def login() -> ResponseReturnValue:
    """Log in and go on to the page that asked for it."""
    onward = safe_path(request.args.get("next"), url_for("home.show"))
    if current_user.is_authenticated:
        return redirect(onward)
    form = LoginForm()
    if form.is_sent():
        try:
            member = service.authenticate(form.login.data, form.password.data)
        except Refused as refused:
            note_refusal(form, refused)
        else:
            start_session(member, is_remembered=form.remember.data)
            return redirect(onward)
    return show_form("members/login.html", form)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End this session, and forget this device."""
    end_session()
    return redirect(url_for("home.show"))


@bp.route("/account", methods=["GET", "POST"])
@member_required
def account() -> ResponseReturnValue:
    """The names others see, and the Kaggle username."""
    form = ProfileForm(display_name=me().display_name, kaggle_username=me().kaggle_username)
    claimable = None
    if form.is_sent():
        try:
            service.change_profile(me().id, **form.data)
        except Refused as refused:
            form.refuse(refused)
            claimable = form.kaggle_username.data if isinstance(refused, NameTaken) else None
        else:
            flash("Your account is saved.", "ok")
            return redirect(url_for("members.account"))
    return show_form("members/account.html", form, claimable=claimable, disputes=queries.disputes_of(me().id))


@bp.post("/account/kaggle-username")
@member_required
def claim_kaggle_username() -> ResponseReturnValue:
    """Ask organisers to settle whose Kaggle username it is."""
    try:
        administration.open_dispute(me().id, request.form.get("kaggle_username", ""))
    except Refused as refused:
        form = ProfileForm(display_name=me().display_name)
        form.refuse(refused)
        return show_form("members/account.html", form, disputes=queries.disputes_of(me().id))
    flash("The organisers have been asked.", "ok")
    return redirect(url_for("members.account"))


@bp.route("/account/login", methods=["GET", "POST"])
@member_required
@limits.failures_per_session
def account_login() -> ResponseReturnValue:
    """Change the e-mail address or the password; two forms, told apart by the prefix of their fields."""
    email_form, password_form = _login_forms()
    is_email = email_form.email.name in request.form
    form, change = (email_form, service.change_email) if is_email else (password_form, service.change_password)
    if form.is_sent():
        try:
            change(me().id, **form.data)
        except Refused as refused:
            note_refusal(form, refused)
        else:
            start_session(me(), is_remembered=REMEMBER_COOKIE in request.cookies)
            flash("Your log-in is changed; other devices have to log in again.", "ok")
            return redirect(url_for("members.account_login"))
    return show_form("members/account_login.html", form, email_form=email_form, password_form=password_form)


@bp.route("/account/delete", methods=["GET", "POST"])
@member_required
@limits.failures_per_session
def delete_account() -> ResponseReturnValue:
    """Be forgotten."""
    form = DeleteForm()
    if form.is_sent():
        try:
            service.delete_member(me().id, form.password.data)
        except Refused as refused:
            note_refusal(form, refused)
        else:
            end_session()
            flash("Your account is deleted.", "ok")
            return redirect(url_for("home.show"))
    return show_form("members/delete.html", form)


@bp.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    """Set a new password by an administrator's link."""
    try:
        member = service.member_of_reset_token(token)
    except Refused as refused:
        return unstored(render_template("members/reset_refused.html", sentence=str(refused)), 404)
    form = ResetForm()
    if form.is_sent():
        try:
            member = service.reset_password(token, form.password.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            start_session(member)
            flash("Your new password is set.", "ok")
            return redirect(url_for("home.show"))
    return unstored(*show_form("members/reset.html", form, member=member))


@bp.errorhandler(RateLimitExceeded)
def over_limit(_error: RateLimitExceeded) -> ResponseReturnValue:
    """The same page, with when to try again; what was typed is kept, except passwords."""
    email_form, password_form = _login_forms()
    template, form = {
        "members.login": ("members/login.html", LoginForm),
        "members.register": ("members/register.html", RegisterForm),
        "members.account_login": ("members/account_login.html", EmailForm),
        "members.delete_account": ("members/delete.html", DeleteForm),
    }[str(request.endpoint)]
    context = {"form": form(), "email_form": email_form, "password_form": password_form}
    return render_template(template, notice=limits.try_again_sentence(), **context), 429


def show_form(template: str, form: AccountForm, **context: object) -> tuple[str, int]:
    """The page of a form: 422 when something in it was refused."""
    return render_template(template, form=form, **context), 422 if form.errors else 200


def note_refusal(form: AccountForm, refused: Refused) -> None:
    """Show a refusal in the form; a wrong password counts against the limits."""
    form.refuse(refused)
    if isinstance(refused, WrongPassword):
        limits.note_wrong_password()


def start_session(member: Member, *, is_remembered: bool = False) -> None:
    """Log in with a session that holds nothing from before."""
    session.clear()
    login_user(member, remember=is_remembered)


def end_session() -> None:
    """Log out, and forget what the session holds and that this device was to be remembered."""
    session.clear()
    logout_user()


def _login_forms() -> tuple[EmailForm, PasswordForm]:
    return EmailForm(prefix="email"), PasswordForm(prefix="password")
