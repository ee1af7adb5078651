"""Submissions: source code handed in, and the judges that execute it."""

from flask import Flask

from app.submissions import check_cli, check_jobs, check_routes, jobs, live  # noqa: F401  (jobs register themselves)
from app.submissions.judges.base import verdict_name


def init_app(app: Flask) -> None:
    """Register the pages and commands of judging."""
    app.register_blueprint(check_routes.bp)
    app.add_template_filter(verdict_name)
    app.cli.add_command(check_cli.judge)
    live.connect()
