"""`flask competitions ...`: by command what the forms do."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.competitions import boards, queries, service
from app.competitions.models import Competition, Event
from app.competitions.planning import Plan
from app.competitions.service import Draft
from app.competitions.sources.base import NotALeaderboard
from app.competitions.standings import StandingsDoubtful, StandingsFinal
from app.core import clock
from app.core.db import transaction
from app.core.moments import MomentParam
from app.core.refusal import Refused
from app.extensions import db

competitions = AppGroup("competitions", help="Competitions and their leaderboards.")
USUAL_LENGTH = timedelta(days=30)


@competitions.command("create")
@click.argument("slug")
@click.option("--title", required=True)
@click.option("--event", "event_slug", help="Slug of the event it belongs to.")
@click.option("--kaggle", "kaggle_slug", help="Slug of the competition on Kaggle.")
@click.option("--starts-at", type=MomentParam(), help="Default: now.")
@click.option("--ends-at", type=MomentParam(), help="Default: 30 days after the start.")
@click.option("--lower-is-better", is_flag=True)
@click.option("--worst", type=float, help="The score worth 0 points.")
@click.option("--best", type=float, help="The score worth all points.")
@click.option("--points", type=float, default=100.0, show_default=True, help="Points for the best score.")
@click.option("--weight", type=float, default=1.0, show_default=True, help="Weight in the ratings.")
@click.option("--metric", default="")
@click.option("--registered-only", is_flag=True, help="Match only members who entered by themselves.")
def create(slug: str, title: str, event_slug: str | None, **options: Any) -> None:
    """Make a competition."""
    starts_at = options["starts_at"] or clock.now()
    draft = Draft(
        slug=slug,
        title=title,
        event_id=_event_id(event_slug),
        kaggle_slug=service.clean_kaggle_slug(options["kaggle_slug"]),
        starts_at=starts_at,
        ends_at=options["ends_at"] or starts_at + USUAL_LENGTH,
        metric=options["metric"],
        is_higher_better=not options["lower_is_better"],
        is_registered_only=options["registered_only"],
        worst_score=options["worst"],
        best_score=options["best"],
        max_points=options["points"],
        weight=options["weight"],
    )
    try:
        made = service.create_competition(draft)
    except Refused as refusal:
        raise click.ClickException(f"{refusal.field}: {refusal}" if refusal.field else str(refusal)) from refusal
    click.echo(f"competition={made.slug} status={made.status}")


@competitions.command("import-leaderboard")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
@click.option("--confirm", "is_confirmed", is_flag=True, help="Apply a board that looks wrong all the same.")
def import_leaderboard(slug: str, file: Path, dry_run: bool, as_json: bool, is_confirmed: bool) -> None:
    """Apply a leaderboard FILE (CSV or ZIP, as Kaggle gives it) to the competition SLUG."""
    competition = queries.find_competition(slug)
    if competition is None:
        raise click.ClickException(f"There is no competition {slug!r}.")
    try:
        plan = _import(competition, file, dry_run=dry_run, is_confirmed=is_confirmed)
    except (NotALeaderboard, StandingsFinal) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except StandingsDoubtful as doubt:
        raise click.ClickException(f"{doubt} Nothing was changed; run it with --confirm if it is right.") from doubt
    _tell(plan, dry_run=dry_run, as_json=as_json)


def _import(competition: Competition, file: Path, *, dry_run: bool, is_confirmed: bool) -> Plan:
    received_at, content = clock.now(), file.read_bytes()
    standings = boards.read(competition, content, file.name, received_at)
    if dry_run:
        return boards.plan_file(competition, standings)
    with transaction():
        board = boards.keep(competition, content, file.name, "command line", received_at)
        board.is_confirmed = is_confirmed
        return boards.apply_board(board, standings)


def _tell(plan: Plan, *, dry_run: bool, as_json: bool) -> None:
    counts = plan.counts()
    if as_json:
        refused = [{"row": row.row, "team": row.team_name, "reason": row.reason} for row in plan.refused]
        click.echo(json.dumps({**counts, "dry_run": dry_run, "doubts": plan.doubts, "refused_rows": refused}))
        return
    click.echo(" ".join(f"{name}={number}" for name, number in counts.items()))
    for row in plan.refused[:20]:
        click.echo(f"row {row.row} ({row.team_name or 'no name'}) is refused: {row.reason}", err=True)
    for doubt in plan.doubts if dry_run else []:
        click.echo(f"would wait for --confirm: {doubt}", err=True)


def _event_id(slug: str | None) -> int | None:
    if slug is None:
        return None
    event_id = db.session.scalar(select(Event.id).where(Event.slug == slug))
    if event_id is None:
        raise click.ClickException(f"There is no event {slug!r}.")
    return event_id
