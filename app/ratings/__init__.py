"""Ratings: how competitions move them, exactly once, and why."""

from typing import cast

from flask import Flask
from flask.cli import AppGroup

from app.ratings import cli, jobs, leaderboard_routes, live, routes  # noqa: F401  (jobs registers itself)
from app.ratings.tiers import tier_of


def init_app(app: Flask) -> None:
    """Register the pages and commands of ratings; finalising stands among the commands of competitions."""
    for pages in (routes, leaderboard_routes):
        app.register_blueprint(pages.bp)
    app.add_template_filter(tier_of, "tier")
    app.cli.add_command(cli.ratings)
    cast(AppGroup, app.cli.commands["competitions"]).add_command(cli.finalize)
    live.connect()
