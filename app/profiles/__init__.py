"""Profiles: what the club sees of each member."""

from flask import Flask

from app.profiles import jobs, routes


def init_app(app: Flask) -> None:
    """Register the pages of profiles, and forget whoever leaves."""
    app.register_blueprint(routes.bp)
    jobs.connect()
