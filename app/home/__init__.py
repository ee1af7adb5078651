"""The pages of everyone: what is on, what comes next, what came of the last."""

from flask import Flask

from app.home import live, routes


def init_app(app: Flask) -> None:
    """Register the start page, and keep what is live on it live."""
    app.register_blueprint(routes.bp)
    live.connect()
