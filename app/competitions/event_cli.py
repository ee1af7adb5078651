"""`flask events ...`"""

from typing import Any

import click
from flask.cli import AppGroup

from app.competitions.event_service import EventDetails, create_event
from app.core.moments import MomentParam
from app.core.refusal import Refused

events = AppGroup("events", help="Events, the parents of competitions.")


@events.command("create")
@click.argument("slug")
@click.option("--title", required=True)
@click.option("--description", default="", help="Markdown.")
@click.option("--organiser", default="")
@click.option("--prize", default="")
@click.option("--starts-at", type=MomentParam(), help="UTC, such as 2026-11-21T18:00.")
@click.option("--ends-at", type=MomentParam())
def create(**details: Any) -> None:
    """Make an event at the address SLUG."""
    try:
        event = create_event(EventDetails(**details))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"created event={event.slug}")
