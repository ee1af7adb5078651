"""Submissions: source code handed in, and the judges that execute it."""

from flask import Flask

from app.submissions import (
    callback_routes,
    check_cli,
    check_jobs,  # noqa: F401  (registers itself)
    check_routes,
    editorial_routes,
    jobs,
    leaderboard_routes,
    live,
    rejudge_cli,
    rejudge_jobs,  # noqa: F401  (registers itself)
    rejudge_routes,
    routes,
    solving,
    solving_routes,
    workspace,
    workspace_routes,
)
from app.submissions.judges.base import verdict_name


def init_app(app: Flask) -> None:
    """Register the pages and commands of judging."""
    judging = (callback_routes, check_routes, editorial_routes, rejudge_routes)
    for pages in (*judging, routes, leaderboard_routes, solving_routes, workspace_routes):
        app.register_blueprint(pages.bp)
    solving.init_app(app)
    workspace.init_app(app)
    app.add_template_filter(verdict_name)
    app.cli.add_command(check_cli.judge)
    app.cli.add_command(rejudge_cli.submissions)
    for part in (jobs, live):
        part.connect()
