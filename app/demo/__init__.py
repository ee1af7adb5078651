"""The demo club: invented members and boards, loaded by one command into an empty database."""

from flask import Flask

from app.demo import cli, jobs


def init_app(app: Flask) -> None:
    """Register `flask demo`; where the club runs as a demo, its scores keep moving."""
    app.cli.add_command(cli.demo)
    if app.config["DEMO"]:
        jobs.declare()
