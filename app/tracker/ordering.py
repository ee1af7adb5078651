"""Which people of a leaderboard are shown, and in which order."""

from dataclasses import dataclass, replace

import numpy as np

from app.core.db import fold
from app.tracker.changes import Changes
from app.tracker.numbers import Numbers
from app.tracker.standing import NO_PLACE, Floats

SORTS = ("place", "name", "total", "score", "percentile", "active", "week", "month")  # or a platform's key
ACTIVITIES = {"some": "Active somewhere", "none": "Active nowhere"}
MOVES = {"up": "Up this week", "down": "Down this week"}


@dataclass(frozen=True)
class Wish:
    """What a reader asks of a leaderboard; "" is no filter. `platform` keeps those who have a rating there."""

    sort: str = "place"
    is_descending: bool = False
    search: str = ""
    platform: str = ""
    activity: str = ""
    move: str = ""

    def arguments(self, page: int | None = None, **changed: str | bool) -> dict[str, str | int]:
        """What an address says to ask for this, and for something else where that is `changed`."""
        wish = replace(self, **changed)  # type: ignore[arg-type]
        said = {"q": wish.search, "platform": wish.platform, "activity": wish.activity, "move": wish.move}
        if wish.sort != SORTS[0] or wish.is_descending:
            said |= {"sort": wish.sort, "order": "desc" if wish.is_descending else ""}
        return {name: value for name, value in said.items() if value} | ({"page": page} if page and page > 1 else {})

    @property
    def is_filtered(self) -> bool:
        """Whether it may leave people out."""
        return bool(self.search or self.platform or self.activity or self.move)

    @property
    def needs_changes(self) -> bool:
        """Whether everybody's changes must be known, and not only those on one page."""
        return bool(self.move) or self.sort in ("week", "month")


def order(known: Numbers, wish: Wish, moved: Changes) -> list[int]:
    """Who matches, by index, in the order wished for: equals by name; whoever has no value last, either way."""
    chosen = np.flatnonzero(_matches(known, wish, moved))
    values = _values(known, wish.sort, moved)[chosen]
    ordered = np.argsort(-values if wish.is_descending else values, kind="stable")
    found: list[int] = chosen[ordered].tolist()
    return found


def _values(known: Numbers, sort: str, moved: Changes) -> Floats:
    """What is sorted by, one number for each person; NaN for none, which sorts last."""
    found = known.standings
    if sort == "name":
        return np.arange(len(known.people), dtype=np.float64)
    if sort in ("week", "month"):
        return _changes(known, ("week", "month").index(sort), moved)
    if sort in ("total", "score", "percentile", "active"):
        return np.asarray(getattr(found, sort), dtype=np.float64)
    for row, platform in enumerate(known.platforms):
        if platform.key == sort:
            return np.where(found.is_known[row], found.ratings[row], np.nan)
    return np.where(found.place == NO_PLACE, np.nan, found.place)


def _changes(known: Numbers, which: int, moved: Changes) -> Floats:
    nothing = (None, None)
    return np.array([moved.get(person.participant_id, nothing)[which] for person in known.people], dtype=np.float64)


def _matches(known: Numbers, wish: Wish, moved: Changes) -> np.ndarray:
    matches = np.ones(len(known.people), dtype=bool)
    if wish.search:
        wanted = fold(wish.search)
        matches &= np.array([wanted in fold(person.name) for person in known.people], dtype=bool)
    if wish.platform:
        keys = [platform.key for platform in known.platforms]
        matches &= known.standings.is_known[keys.index(wish.platform)] if wish.platform in keys else False
    if wish.activity:
        matches &= (known.standings.active > 0) == (wish.activity == "some")
    if wish.move:
        week = _changes(known, 0, moved)
        matches &= week > 0 if wish.move == "up" else week < 0
    return matches
