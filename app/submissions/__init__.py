"""Submissions: source code handed in, and the judges that execute it."""

from flask import Flask

from app.submissions import check_cli, check_jobs, check_routes  # noqa: F401  (check_jobs registers itself)


def init_app(app: Flask) -> None:
    """Register the pages and commands of judging."""
    app.register_blueprint(check_routes.bp)
    app.cli.add_command(check_cli.judge)
