"""The administrator's page of Kaggle: the club's account there, and every competition's syncing at a glance."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.competitions import kaggle_account, queries, syncing
from app.competitions.forms import AccountForm
from app.competitions.kaggle_account import AccountRefused
from app.members.access import admin_required

bp = Blueprint("kaggle", __name__, url_prefix="/admin/kaggle")


@bp.route("", methods=["GET", "POST"])
@admin_required
def show() -> ResponseReturnValue:
    """Connect an account, and see how all syncing stands."""
    form = AccountForm()
    if form.validate_on_submit():
        try:
            name = kaggle_account.connect(form.key.data.strip(), (form.username.data or "").strip())
        except AccountRefused as refusal:
            form.key.errors = [*form.key.errors, str(refusal)]
        else:
            syncing.all_due_now()
            flash(f"Connected as {name}.", "ok")
            return redirect(url_for(".show"))
    return render_template(
        "admin/kaggle.html",
        form=form,
        account=kaggle_account.account(),
        problem=kaggle_account.problem(),
        is_from_environment=kaggle_account.is_from_environment(),
        competitions=queries.synced_competitions(),
    ), (422 if form.is_submitted() else 200)


@bp.post("/check")
@admin_required
def check() -> ResponseReturnValue:
    """Ask Kaggle whether the account still works."""
    try:
        flash(f"Connected as {kaggle_account.check()}.", "ok")
    except AccountRefused as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".show"))


@bp.post("/forget")
@admin_required
def forget() -> ResponseReturnValue:
    """Let the stored account go."""
    kaggle_account.forget()
    flash("Forgotten. Nothing is synced until an account is connected again.", "ok")
    return redirect(url_for(".show"))
