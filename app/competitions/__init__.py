"""Events, competitions, entries, leaderboards, and the files and sources they come from."""

from flask import Flask

from app.competitions import board_routes, cli, event_cli, event_routes, jobs, live, routes  # noqa: F401  (jobs registers itself)


def init_app(app: Flask) -> None:
    """Register the pages and commands of events and competitions, and listen to what concerns them."""
    app.register_blueprint(routes.bp)
    app.register_blueprint(board_routes.bp)
    app.register_blueprint(event_routes.bp)
    app.cli.add_command(cli.competitions)
    app.cli.add_command(event_cli.events)
    live.connect()
