"""The administrator's pages of platforms: how the asking goes, and what they need to be told."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.security import wants_fragment
from app.members.access import admin_required
from app.tracker import fetching, settings
from app.tracker.live import PLATFORMS_TOPIC
from app.tracker.platform_forms import needs_form
from app.tracker.platform_queries import fetching_job, platform_cards
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Platform

bp = Blueprint("platforms", __name__, url_prefix="/admin/platforms")


@bp.get("")
@admin_required
def index() -> ResponseReturnValue:
    """All platforms at a glance."""
    page = "tracker/_platforms.html" if wants_fragment() else "tracker/platforms.html"
    return render_template(page, cards=platform_cards(), topic=PLATFORMS_TOPIC)


@bp.route("/<platform_key>", methods=["GET", "POST"])
@admin_required
def show(platform_key: str) -> ResponseReturnValue:
    """One platform, and a form for what it needs."""
    platform = _platform_or_404(platform_key)
    needs = settings.need_cards(platform)
    form = needs_form(needs)
    if form.validate_on_submit():
        settings.keep_secrets(platform, form.typed())
        flash("Kept. It is used from the next call on.", "ok")
        return redirect(url_for(".show", platform_key=platform_key))
    page = "tracker/_platform.html" if wants_fragment() else "tracker/platform.html"
    return render_template(
        page,
        card=platform_cards([platform_key])[0],
        job=fetching_job(platform_key),
        form=form,
        needs=needs,
        addresses=settings.addresses(platform),
        topic=PLATFORMS_TOPIC,
    ), (422 if form.is_submitted() else 200)


@bp.post("/<platform_key>/fetch")
@admin_required
def fetch(platform_key: str) -> ResponseReturnValue:
    """Have every handle on it looked up now."""
    fetching.request_platform(_platform_or_404(platform_key).key)
    return redirect(url_for(".show", platform_key=platform_key))


@bp.post("/<platform_key>/forget")
@admin_required
def forget(platform_key: str) -> ResponseReturnValue:
    """Let go of what was typed in."""
    settings.forget_secrets(_platform_or_404(platform_key))
    flash("Forgotten.", "ok")
    return redirect(url_for(".show", platform_key=platform_key))


def _platform_or_404(key: str) -> Platform:
    return platforms().get(key) or abort(404)
