"""What administrators look after: what is done every week, background jobs, and every table as it is stored."""

from flask import Flask

from app.admin import routes, tables


def init_app(app: Flask) -> None:
    """Register the pages of administrators."""
    app.register_blueprint(routes.bp)
    tables.init_app(app)
