"""`flask demo ...`"""

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from app.demo import club
from app.extensions import db
from app.members.models import Member

demo = AppGroup("demo", help="The demo club.")


@demo.command("load")
def load() -> None:
    """Load the demo club into an empty database, once; its logins are written to the instance folder."""
    if db.session.scalar(select(func.count()).select_from(Member)):
        click.echo("There are members already: the demo club is not loaded.")
        return
    passwords = club.load()
    lines = [f"{username} {password}" for username, password in passwords.items()]
    path = Path(current_app.instance_path) / "demo-logins.txt"
    with open(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    click.echo(f"The demo club is loaded; its logins are in {path}.")
