"""What standings would do to entries: worked out here, with nothing written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.engine import Row

from app.competitions import scoring
from app.competitions.matching import Match, match
from app.competitions.models import Competition, Entry
from app.competitions.sources.base import RefusedRow, Standings, Wanted
from app.core import clock
from app.extensions import db
from app.members.models import KaggleUsernameChange, Member

LATEST = datetime.max.replace(tzinfo=UTC)

TEAM_FIELDS = (
    "team_id",
    "team_name",
    "score",
    "score_text",
    "submission_count",
    "last_submitted_at",
    "matched_by",
    "matched_username",
    "left_board_at",
)
RANK_FIELDS = ("source_rank", "place", "place_before", "points")
FIELDS = (*TEAM_FIELDS, *RANK_FIELDS)
ClubRow = Row[Any]
Values = dict[str, Any]


def _of_club(*columns: Any) -> Select[Any]:
    """Every member who has an entry in the competition, or could get one."""
    is_candidate = and_(
        Member.kaggle_username_folded.is_not(None), Member.disabled_at.is_(None), bindparam("is_open", type_=Boolean)
    )
    return (
        select(*columns)
        .select_from(Member)
        .outerjoin(Entry, and_(Entry.member_id == Member.id, Entry.competition_id == bindparam("competition_id")))
        .where(or_(Entry.id.is_not(None), is_candidate))
    )


# Statements are made once: making them anew costs more than the database takes for a small board.
WANTED = _of_club(Member.kaggle_username_folded, Entry.team_id)
HAS_OTHER_USERNAME = and_(
    Entry.matched_username.is_not(None), Entry.matched_username.is_distinct_from(Member.kaggle_username_folded)
)
LAST_CHANGE = select(func.max(KaggleUsernameChange.at)).where(KaggleUsernameChange.member_id == Member.id)
CLUB = _of_club(
    *(getattr(Entry, name) for name in FIELDS),
    Member.id.label("member_id"),
    Member.display_name,
    Member.kaggle_username_folded.label("kaggle_username"),
    case((HAS_OTHER_USERNAME, LAST_CHANGE.scalar_subquery())).label("username_changed_at"),
    Member.deleted_at.is_not(None).label("is_deleted"),
    Entry.id.label("entry_id"),
    Entry.withdrawn_at.is_not(None).label("is_withdrawn"),
    Entry.disqualified_at.is_not(None).label("is_disqualified"),
    Entry.corrected_score,
).order_by(Member.id)

team_of = itemgetter(*TEAM_FIELDS)
ranks_of = itemgetter(*RANK_FIELDS)


@dataclass(slots=True)
class EntryPlan:
    """What becomes of one member's entry. `fate`: created, updated, unchanged, left or kept (not on this board)."""

    club: ClubRow
    values: Values
    fate: str
    match: Match | None = None
    has_new_team_fields: bool = field(init=False)

    def __post_init__(self) -> None:
        self.has_new_team_fields = team_of(self.values) != self.club[: len(TEAM_FIELDS)]

    @property
    def is_changed(self) -> bool:
        is_same = ranks_of(self.values) == self.club[len(TEAM_FIELDS) : len(FIELDS)] and not self.has_new_team_fields
        return self.fate == "created" or not is_same

    @property
    def board_score(self) -> tuple[float | None, int | None] | None:
        """Score and number of submissions as the board says, whatever counts instead; None: it says nothing."""
        return (self.match.standing.score, self.match.standing.submission_count) if self.match else None

    @property
    def has_new_score(self) -> bool:
        return self.board_score not in (None, (self.club.score, self.club.submission_count))


@dataclass
class Plan:
    """Everything that applying some standings would do."""

    standings: Standings
    entries: list[EntryPlan]
    doubts: list[str] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return any(entry.is_changed for entry in self.entries)

    @property
    def refused(self) -> tuple[RefusedRow, ...]:
        return self.standings.refused

    def counts(self) -> dict[str, int]:
        """The counts that pages, commands and logs tell, in their order."""
        fates = [entry.fate for entry in self.entries]
        return {
            "rows": self.standings.rows,
            "ranked": self.standings.ranked,
            "matched": sum(1 for entry in self.entries if entry.match is not None),
            **{fate: fates.count(fate) for fate in ("created", "updated", "unchanged", "left")},
            "refused": len(self.standings.refused),
        }


def wanted_by(competition: Competition) -> Wanted:
    """Whom the club looks for on this competition's board."""
    rows = read_rows(WANTED, _club_of(competition))
    return Wanted(
        usernames=frozenset(username for username, _ in rows if username),
        team_ids=frozenset(team_id for _, team_id in rows if team_id),
    )


def plan_standings(competition: Competition, standings: Standings) -> Plan:
    """What applying `standings` would change; nothing is written."""
    now = clock.now()
    club = read_rows(CLUB, _club_of(competition))
    # A member who withdrew is never entered again by a board.
    matches = match(standings.standings, [row for row in club if not row.is_withdrawn], standings.at)
    unreadable = {row.team_id for row in standings.refused}
    entries = [plan for row in club if (plan := _plan_entry(row, matches.get(row.member_id), unreadable, now))]
    _assign_places(entries, standings.has_ranks, competition)
    is_first = competition.board_at is None
    for entry in entries:
        # With time it is moved on by `age_places`, not by boards.
        entry.values["place_before"] = entry.values["place"] if is_first else entry.club.place_before
    return Plan(standings, entries, _doubts(competition, standings))


def _club_of(competition: Competition) -> Values:
    return {"competition_id": competition.id, "is_open": not competition.is_registered_only}


def _plan_entry(row: ClubRow, found: Match | None, unreadable: set[str], now: datetime) -> EntryPlan | None:
    if found is not None:
        values = _values_from(found)
        if row.is_deleted:
            values.update(team_name=None, matched_username=None)
        if row.corrected_score is not None:
            values.update(_corrected(row.corrected_score))
        entry = EntryPlan(row, values, "unchanged", found)
        if row.entry_id is None:
            entry.fate = "created"
        elif values["source_rank"] != row.source_rank or entry.has_new_team_fields:
            entry.fate = "updated"
        return entry
    if row.entry_id is None or row.is_withdrawn:
        return None
    values = dict(zip(FIELDS, row, strict=False))
    if row.corrected_score is not None:
        values.update(_corrected(row.corrected_score))
    has_left = row.team_id and row.team_id not in unreadable and row.left_board_at is None
    if has_left:
        values.update(left_board_at=now, source_rank=None)
    return EntryPlan(row, values, "left" if has_left else "kept")


def _values_from(found: Match) -> Values:
    standing = found.standing
    return {
        "team_id": standing.team_id,
        "team_name": standing.team_name[:300],
        "source_rank": standing.rank,
        "score": standing.score,
        "score_text": standing.score_text[:60],
        "submission_count": standing.submission_count,
        "last_submitted_at": standing.submitted_at,
        "matched_by": found.by,
        "matched_username": found.username,
        "left_board_at": None,
    }


def _corrected(score: float) -> Values:
    return {"score": score, "score_text": f"{score:.12g}"}


def _assign_places(entries: Iterable[EntryPlan], has_ranks: bool, competition: Competition) -> None:
    """Places by source rank, and points to whoever has a place; the disqualified have neither.

    Ranks of the source are unique to a team, but files exist in which two teams share one: then score and time
    decide. Ranks worked out here are shared only where score and time are equal, and so tie. Where an organiser has
    corrected a score, its rank is wrong: then scores decide for all, and ranks only between equal ones.
    """
    sign = -1.0 if competition.is_higher_better else 1.0
    tie = "team_id" if has_ranks else "source_rank"
    ranked = []
    for entry in entries:
        entry.values.update(place=None, points=None)
        if entry.values["source_rank"] is not None and not entry.club.is_disqualified:
            ranked.append(entry)
    is_by_score = any(entry.club.corrected_score is not None for entry in ranked)

    def order(values: Values) -> tuple[Any, ...]:
        by_score = (sign * (values["score"] or 0.0),) if is_by_score else ()
        if not has_ranks:
            return (*by_score, values["source_rank"])
        submitted_at = values["last_submitted_at"] or LATEST
        by_rank = (values["source_rank"], sign * (values["score"] or 0.0), submitted_at, values["team_id"] or "")
        return (*by_score, *by_rank)

    placed = sorted(((order(entry.values), entry.values) for entry in ranked), key=itemgetter(0))
    ties = [(key, (values[tie], is_by_score and values["score"])) for key, values in placed]
    worst, best, most = competition.worst_score, competition.best_score, competition.max_points
    for (_, values), place in zip(placed, scoring.places(ties), strict=True):
        values.update(place=place, points=scoring.points(values["score"], worst=worst, best=best, max_points=most))


def _doubts(competition: Competition, standings: Standings) -> list[str]:
    doubts = []
    if not standings.accepted:
        doubts.append("No row of this board can be read.")
    elif standings.accepted * 2 < competition.board_rows:
        rows = f"{standings.accepted:,} row{'' if standings.accepted == 1 else 's'}"
        doubts.append(
            f"This board has {rows} that can be read, fewer than half of the last one’s {competition.board_rows:,}."
        )
    if standings.is_all_zero and competition.board_rows and not competition.board_is_all_zero:
        doubts.append("Every score on this board is zero; on the last one they were not.")
    return doubts


def read_rows(statement: Select[Any], values: Values) -> Sequence[Row[Any]]:
    """All rows of the statement."""
    # Through the connection: the session would look for objects to load in every row.
    return db.session.connection().execute(statement, values).all()
