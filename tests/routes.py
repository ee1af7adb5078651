"""Every route with arguments that exist, for the tables of permissions, bad input and accessibility."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from app.extensions import db
from app.members.models import Member


@dataclass(frozen=True)
class SampleClub:
    """What stands in a club in which every page has something to show."""

    member: Member
    organiser: Member
    admin: Member
    arguments: dict[str, str | int]


def all_requests(app: Flask, club: SampleClub) -> Iterator[tuple[Rule, str, str]]:
    """(rule, method, address) of every route but the socket and static files."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("static", "editor.show") or rule.websocket:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method, address_of(app, rule, club)


def distinct_requests(app: Flask, club: SampleClub) -> Iterator[tuple[Rule, str, str]]:
    """The same, with one table standing for all that are shown as they are stored: they share their code."""
    for rule, method, address in all_requests(app, club):
        if not rule.endpoint.startswith("table_") or rule.endpoint.startswith("table_events."):
            yield rule, method, address


def addresses(app: Flask, club: SampleClub) -> list[str]:
    """The address of every page."""
    return [address for _, method, address in distinct_requests(app, club) if method == "GET"]


def address_of(app: Flask, rule: Rule, club: SampleClub) -> str:
    """A KeyError here means: a new route has an argument that `SampleClub.arguments` must learn."""
    arguments = {name: club.arguments[name] for name in rule.arguments}
    if rule.endpoint.startswith("events."):
        arguments["slug"] = club.arguments["event_slug"]
    if rule.endpoint == "ratings.why":
        arguments |= {"slug": club.arguments["rated_slug"], "member_id": club.arguments["rated_member_id"]}
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {name: arguments[name] for name in rule.arguments})


def rows_stored() -> dict[str, int]:
    """How many rows each table holds."""
    db.session.rollback()
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in db.metadata.tables)
    return dict(db.session.execute(text(counts)).tuples().all())
