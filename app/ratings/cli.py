"""`flask ratings ...` and `flask competitions finalize`."""

import click
from flask.cli import AppGroup

from app.competitions.queries import find_competition
from app.core.refusal import Refused
from app.ratings import history, service

ratings = AppGroup("ratings", help="Ratings and their history.")


@ratings.command("replay")
@click.option("--check", "is_check", is_flag=True, help="Only tell what differs, and fail if anything does.")
def replay(is_check: bool) -> None:
    """Work out the whole history of ratings from nothing."""
    if not is_check:
        click.echo(f"events={service.replay_all()}")
        return
    found = history.differences()
    click.echo(f"differences={len(found)}")
    for sentence in found[:20]:
        click.echo(sentence, err=True)
    if found:
        raise click.ClickException(
            "The ratings are not what the competitions say. Run it without --check to mend them."
        )


@click.command("finalize")
@click.argument("slug")
@click.option(
    "--as-is", "is_as_is", is_flag=True, help="Rate the board that stands, even if it is from before the end."
)
def finalize(slug: str, is_as_is: bool) -> None:
    """Move ratings by the competition SLUG; doing it again changes nothing."""
    competition = find_competition(slug)
    if competition is None:
        raise click.ClickException(f"There is no competition {slug!r}.")
    try:
        has_moved = service.finalise_now(competition.id, is_as_is=is_as_is)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo("ratings=moved" if has_moved else "ratings=unchanged")
