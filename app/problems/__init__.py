"""Problems: what the club sets its members to program."""

from flask import Flask

from app.problems import models  # noqa: F401  (its tables)


def init_app(app: Flask) -> None:
    """Register the pages and commands of problems."""
