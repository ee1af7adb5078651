"""What administrators look after: background jobs."""

from flask import Flask

from app.admin import routes


def init_app(app: Flask) -> None:
    """Register the pages of administrators."""
    app.register_blueprint(routes.bp)
