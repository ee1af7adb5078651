"""Events, competitions, entries, leaderboards, and the files and sources they come from."""

from flask import Flask

from app.competitions import (
    board_routes,
    calendar_routes,
    cli,
    event_cli,
    event_live,
    event_routes,
    import_routes,
    jobs,  # noqa: F401  (registers itself)
    kaggle_cli,
    kaggle_routes,
    live,
    projector_routes,
    routes,
    sync_routes,
)


def init_app(app: Flask) -> None:
    """Register the pages and commands of events and competitions, and listen to what concerns them."""
    for pages in (routes, board_routes, sync_routes, import_routes, kaggle_routes):
        app.register_blueprint(pages.bp)
    for pages in (event_routes, calendar_routes, projector_routes):
        app.register_blueprint(pages.bp)
    for commands in (cli.competitions, event_cli.events, kaggle_cli.kaggle):
        app.cli.add_command(commands)
    live.connect()
    event_live.connect()
