"""Problems: what the club sets its members to program."""

from flask import Flask

from app.problems import case_routes, cli, routes
from app.problems.languages import direction, tongue
from app.problems.references import told_of


def init_app(app: Flask) -> None:
    """Register the pages and commands of problems."""
    for pages in (routes, case_routes):
        app.register_blueprint(pages.bp)
    app.add_template_filter(tongue)
    app.add_template_filter(direction)
    app.jinja_env.globals["references_told"] = told_of
    app.cli.add_command(cli.problems)
