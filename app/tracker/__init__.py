"""The tracker: cohorts, the handles of their participants on platforms, and what those show."""

import os

from flask import Flask

from app.config import read_setting
from app.tracker import (
    board_routes,
    cli,
    cohort_routes,
    export_routes,
    import_routes,
    jobs,
    live,
    models,  # noqa: F401  (tables register themselves)
    own_routes,
    people_routes,
    platform_routes,
    settings,
)

PAGES = (platform_routes, cohort_routes, people_routes, import_routes, own_routes, board_routes, export_routes)


def init_app(app: Flask) -> None:
    """Read what platforms need from the environment, register pages and commands, listen to what concerns handles."""
    for setting in settings.settings():
        app.config.setdefault(setting.variable, read_setting(setting, os.environ))
    for pages in PAGES:
        app.register_blueprint(pages.bp)
    app.cli.add_command(cli.tracker)
    jobs.connect()
    live.connect()
