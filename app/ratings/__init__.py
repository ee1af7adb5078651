"""Ratings: how competitions move them, exactly once, and why."""

from typing import cast

from flask import Flask
from flask.cli import AppGroup

from app.ratings import cli, jobs  # noqa: F401  (jobs registers itself)


def init_app(app: Flask) -> None:
    """Register the commands of ratings; finalising stands among those of competitions."""
    app.cli.add_command(cli.ratings)
    cast(AppGroup, app.cli.commands["competitions"]).add_command(cli.finalize)
