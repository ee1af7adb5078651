"""Problems: what the club sets its members to program."""

from flask import Flask

from app.problems import case_routes, cli, routes
from app.problems.languages import direction, tongue


def init_app(app: Flask) -> None:
    """Register the pages and commands of problems."""
    for pages in (routes, case_routes):
        app.register_blueprint(pages.bp)
    app.add_template_filter(tongue)
    app.add_template_filter(direction)
    app.cli.add_command(cli.problems)
