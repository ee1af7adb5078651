"""The history of ratings: worked out anew from any competition on, the same every time.

A rating before a competition is the `after` of the member's last event before it, in the order of end, then id. So
rating a competition late, correcting one and replaying everything are one and the same act: let the events from it on
go, and work them out again.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, and_, bindparam, delete, func, insert, or_, select, true, update
from sqlalchemy.sql.elements import ColumnElement

from app.competitions.models import Competition, Entry
from app.extensions import db
from app.members.models import START_RATING, Member
from app.ratings import elo
from app.ratings.models import RatingEvent

Position = tuple[datetime, int]
Values = dict[str, Any]

HAS_MOVED = and_(Competition.is_rated, Competition.finalized_at.is_not(None))
IS_RANKED = and_(Entry.place.is_not(None), Entry.withdrawn_at.is_(None), Entry.disqualified_at.is_(None))
EVENT_FIELDS = ("competition_id", "member_id", "at", "place", "n", "mean", "weight", "before", "after")
UPDATE_MEMBER = (
    update(Member.__table__)
    .where(Member.id == bindparam("row_id"))
    .values(rating=bindparam("rating"), peak_rating=bindparam("peak_rating"))
)


@dataclass
class Ratings:
    """Where members stand at some point of the history; who is not in it stands at the start."""

    now: dict[int, float] = field(default_factory=dict)
    peak: dict[int, float] = field(default_factory=dict)

    def move(self, member_id: int, rating: float) -> None:
        self.now[member_id] = rating
        self.peak[member_id] = max(rating, self.peak.get(member_id, START_RATING))


def lock() -> None:
    """Hold off everybody else who would rate or change a competition, until the transaction ends."""
    db.session.execute(select(Competition.id).order_by(Competition.id).with_for_update())


def replay(start: Position | None = None) -> int:
    """Work out every event from `start` on anew, within the caller's transaction, under `lock`; returns how many."""
    db.session.flush()
    touched = set(db.session.scalars(select(RatingEvent.member_id).where(*_from(start)).distinct()))
    db.session.execute(delete(RatingEvent).where(*_from(start)).execution_options(synchronize_session=False))
    events, ratings = work_out(start)
    touched.update(event["member_id"] for event in events)
    _execute(insert(RatingEvent.__table__), events)
    _execute(UPDATE_MEMBER, [_member_row(member_id, ratings) for member_id in sorted(touched)])
    db.session.expire_all()
    return len(events)


def work_out(start: Position | None = None) -> tuple[list[Values], Ratings]:
    """The events from `start` on as rows, and where members then stand; nothing is written."""
    ratings = _ratings_before(start) if start else Ratings()
    fields = _fields(start)
    events: list[Values] = []
    for competition_id, ends_at, weight in _competitions(start):
        competition = {"competition_id": competition_id, "at": ends_at, "weight": weight}
        events += _rate(competition, fields[competition_id], ratings)
    return events, ratings


def differences() -> list[str]:
    """Where what is stored differs from the whole history worked out from nothing: sentences, none if all is well."""
    events, ratings = work_out()
    right = {tuple(event[name] for name in EVENT_FIELDS) for event in events}
    stored = {tuple(row) for row in db.session.execute(select(*(getattr(RatingEvent, n) for n in EVENT_FIELDS)))}
    found = [f"Missing: {_named(event)}." for event in sorted(right - stored)]
    found += [f"Stored, but not so: {_named(event)}." for event in sorted(stored - right)]
    for member_id, rating, peak in db.session.execute(select(Member.id, Member.rating, Member.peak_rating)):
        due = _member_row(member_id, ratings)
        if (rating, peak) != (due["rating"], due["peak_rating"]):
            found.append(f"Member {member_id} has {rating} (peak {peak}) instead of {due['rating']}.")
    return found


def _rate(competition: Values, field_: list[tuple[int, int]], ratings: Ratings) -> Iterable[Values]:
    before = [ratings.now.get(member_id, START_RATING) for member_id, _ in field_]
    moves = elo.rate([place for _, place in field_], before, competition["weight"])
    if moves is None:
        return
    places, after = moves.places.tolist(), moves.after.tolist()
    common = {**competition, "n": moves.n, "mean": moves.mean}
    for (member_id, _), place, old, new in zip(field_, places, before, after, strict=True):
        ratings.move(member_id, new)
        yield {**common, "member_id": member_id, "place": place, "before": old, "after": new}


def _competitions(start: Position | None) -> Iterable[tuple[int, datetime, float]]:
    query = select(Competition.id, Competition.ends_at, Competition.weight).where(HAS_MOVED)
    return db.session.execute(query.where(*_ends_from(start)).order_by(Competition.ends_at, Competition.id)).tuples()


def _fields(start: Position | None) -> dict[int, list[tuple[int, int]]]:
    """The ranked entrants of every competition from `start` on, as (member id, place)."""
    query = select(Entry.competition_id, Entry.member_id, Entry.place).join(Entry.competition)
    rows = db.session.connection().execute(
        query.where(HAS_MOVED, IS_RANKED, *_ends_from(start)).order_by(Entry.competition_id, Entry.member_id)
    )
    fields: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for competition_id, member_id, place in rows:
        fields[competition_id].append((member_id, place))
    return fields


def _ratings_before(start: Position) -> Ratings:
    at, competition_id = start
    newest_first = (RatingEvent.at.desc(), RatingEvent.competition_id.desc())
    numbered = (
        select(
            RatingEvent.member_id,
            RatingEvent.after,
            func.max(RatingEvent.after).over(partition_by=RatingEvent.member_id).label("peak"),
            func.row_number().over(partition_by=RatingEvent.member_id, order_by=newest_first).label("number"),
        )
        .where(or_(RatingEvent.at < at, and_(RatingEvent.at == at, RatingEvent.competition_id < competition_id)))
        .subquery()
    )
    ratings = Ratings()
    last = select(numbered.c.member_id, numbered.c.after, numbered.c.peak).where(numbered.c.number == 1)
    for member_id, after, peak in db.session.execute(last):
        ratings.now[member_id], ratings.peak[member_id] = after, max(peak, START_RATING)
    return ratings


def _from(start: Position | None) -> Iterable[ColumnElement[bool]]:
    return _at_or_after(RatingEvent.at, RatingEvent.competition_id, start)


def _ends_from(start: Position | None) -> Iterable[ColumnElement[bool]]:
    return _at_or_after(Competition.ends_at, Competition.id, start)


def _at_or_after(at: Any, competition_id: Any, start: Position | None) -> Iterable[ColumnElement[bool]]:
    if start is None:
        return (true(),)
    return (or_(at > start[0], and_(at == start[0], competition_id >= start[1])),)


def _member_row(member_id: int, ratings: Ratings) -> Values:
    return {
        "row_id": member_id,
        "rating": ratings.now.get(member_id, START_RATING),
        "peak_rating": ratings.peak.get(member_id, START_RATING),
    }


def _named(event: tuple[Any, ...]) -> str:
    values = dict(zip(EVENT_FIELDS, event, strict=True))
    return "competition {competition_id}, member {member_id}, {before} to {after}".format(**values)


def _execute(statement: Executable, rows: list[Values]) -> None:
    if rows:
        db.session.connection().execute(statement, rows)
