"""The demo club: invented members and boards, loaded by one command into an empty database."""

from flask import Flask

from app.demo import cli


def init_app(app: Flask) -> None:
    """Register `flask demo`."""
    app.cli.add_command(cli.demo)
