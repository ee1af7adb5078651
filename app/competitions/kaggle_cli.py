"""`flask kaggle ...`: whether Kaggle itself still answers as we expect."""

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup

from app.competitions import kaggle_account
from app.competitions.sources.base import NotALeaderboard, SourceFault, Wanted
from app.competitions.sources.board_file import read_text
from app.competitions.syncing import Download
from app.core import clock

kaggle = AppGroup("kaggle", help="The connection to Kaggle.")
FAULTS = (OSError, SourceFault, NotALeaderboard, kaggle_account.AccountRefused)


@kaggle.command("check")
@click.argument("slug", default="titanic")
def check(slug: str) -> None:
    """Ask Kaggle, step by step, for everything the site needs of it; SLUG is the competition to try."""
    host = urlsplit(current_app.config["KAGGLE_API_URL"])
    _step(f"reach {host.hostname}", lambda: _reach(host.hostname or "", host.port or _usual_port(host.scheme)))
    _step("log in", lambda: f"connected as {kaggle_account.client().who_am_i()}")
    client = kaggle_account.client()
    _step(f"search for {slug}", lambda: f"{len(client.search(slug))} found")
    _step(f"look at {slug}", lambda: _told(client.competition(slug)))
    _step("download and read its leaderboard", lambda: _read(client.leaderboard(slug), slug))
    click.echo("Everything works.")


def _step(name: str, do: Callable[[], str]) -> None:
    try:
        click.echo(f"ok    {name}: {do()}")
    except FAULTS as error:
        click.echo(f"fails {name}: {error}")
        raise click.ClickException("Kaggle could not be used; the steps above were fine.") from error


def _reach(host: str, port: int) -> str:
    with socket.create_connection((host, port), timeout=10) as connection:
        return f"connected to {connection.getpeername()[0]}"


def _usual_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _told(found: Any) -> str:
    rules = "rules accepted" if found.has_accepted_rules else "rules not accepted yet"
    return f"“{found.title}”, {found.teams:,} teams, metric {found.metric or 'unknown'}, {rules}"


def _read(content: bytes, slug: str) -> str:
    text = Download(slug, content, clock.now()).text
    standings = read_text(text, Wanted(frozenset(), frozenset()), is_higher_better=True)
    size = f"{len(content):,} bytes, {standings.rows:,} rows, {standings.ranked:,} ranked"
    return f"{size}, as of {text.at:%Y-%m-%d %H:%M} UTC"
