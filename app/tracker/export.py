"""What a file of a cohort holds, of either kind: the columns a placement officer knows, in their order."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from app.core.sheets import rounded, to_csv
from app.extensions import db
from app.tracker.models import Cohort, Handle, Participant
from app.tracker.numbers import Numbers, Standing, numbers
from app.tracker.ordering import Wish, order
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Platform

# They stand in every file, whether or not somebody is there; other platforms after them, where the cohort is on them.
ALWAYS = ("codeforces", "codechef", "leetcode", "hackerrank", "geeksforgeeks")


class Known(NamedTuple):
    """A handle, and what became of it."""

    handle: str
    state: str


class Line(NamedTuple):
    """One person, with their handles by platform."""

    standing: Standing
    handles: dict[str, Known]


@dataclass(frozen=True)
class Extract:
    """A whole cohort for a file, best first, with nothing of the database left in it.

    Registration ids are only in those for organisers.
    """

    college: str
    batch: str
    numbers: Numbers
    lines: list[Line]
    platforms: Sequence[Platform]
    is_for_organisers: bool

    @property
    def before_scores(self) -> int:
        """How many columns stand before those of the platforms' scores."""
        return 4 if self.is_for_organisers else 3

    @property
    def header(self) -> list[str]:
        """The titles of all columns."""
        names = [platform.name for platform in self.platforms]
        return [
            "Rank",
            *(["Registration ID"] if self.is_for_organisers else []),
            "Name",
            "Batch",
            *(f"{name} Score" for name in names),
            *(f"{name} Handle" for name in names),
            "Overall Score",
            "Percentile",
            *(f"{name} Normalised" for name in names),
            "Active Platforms",
            "Normalised Score",
        ]

    def row(self, line: Line) -> list[str | float | None]:
        """One person's values, None for what there is not."""
        standing, person = line.standing, line.standing.person
        keys = [platform.key for platform in self.platforms]
        return [
            standing.place,
            *([person.roll_number] if self.is_for_organisers else []),
            person.name,
            self.batch,
            *(rounded(standing.ratings.get(key)) for key in keys),
            *(line.handles[key].handle if key in line.handles else None for key in keys),
            rounded(standing.total),
            rounded(standing.percentile),
            *(rounded(standing.normalised.get(key, 0.0)) for key in keys),
            standing.active,
            rounded(standing.score),
        ]


def extract(cohort: Cohort, *, is_for_organisers: bool) -> Extract:
    """Everybody in the cohort, read from the database."""
    known, handles = numbers(cohort.id), _handles(cohort.id)
    standings = (known.standing(index) for index in order(known, Wish(), {}))
    lines = [Line(standing, handles.get(standing.person.participant_id, {})) for standing in standings]
    others = [platform.key for platform in known.platforms if platform.key not in ALWAYS]
    shown = [platforms()[key] for key in (*ALWAYS, *others) if key in platforms()]
    return Extract(cohort.college, cohort.batch, known, lines, shown, is_for_organisers)


def csv_of(found: Extract) -> bytes:
    """The file for who wants the numbers alone."""
    return to_csv(found.header, map(found.row, found.lines))


def _handles(cohort_id: int) -> dict[int, dict[str, Known]]:
    query = select(Handle.participant_id, Handle.platform, Handle.handle, Handle.state).join(Handle.participant)
    found: dict[int, dict[str, Known]] = defaultdict(dict)
    for participant_id, key, handle, state in db.session.execute(query.where(Participant.cohort_id == cohort_id)):
        found[participant_id][key] = Known(handle, state)
    return found
