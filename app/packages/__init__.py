"""Problem packages: how problems come in, and go out, in the layout of Kattis and ICPC."""

from flask import Flask

from app.packages import (
    cli,  # noqa: F401  (adds its commands to those of problems)
    jobs,  # noqa: F401  (registers itself)
    routes,
)


def init_app(app: Flask) -> None:
    """Register the pages of packages."""
    app.register_blueprint(routes.bp)
