"""The pages of everyone: what is on, what comes next, what came of the last."""

from flask import Flask

from app.home import routes


def init_app(app: Flask) -> None:
    """Register the start page."""
    app.register_blueprint(routes.bp)
