"""The one door for standings: whatever source they come from, they reach entries by `apply_standings`.

What they would do is worked out in planning.py; a preview shows that plan, applying it writes the plan.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Executable, Update, bindparam, func, insert, select, update

from app.competitions.models import Competition, Entry, PlaceSnapshot, ScoreChange
from app.competitions.planning import FIELDS, RANK_FIELDS, EntryPlan, Plan, Values, plan_standings, read_rows
from app.competitions.queries import lock_competition
from app.competitions.signals import board_applied
from app.competitions.sources.base import Standing, Standings
from app.core import clock
from app.core.db import sent_together
from app.extensions import db

BOARD_FIELDS = ("board_at", "board_rows", "board_teams", "board_is_all_zero", "board_version")


def _update_of(model: type[Entry | Competition], names: Iterable[str]) -> Update:
    # On the table, not the class: one statement for all rows, whatever their number.
    by_id = update(model.__table__).where(model.id == bindparam("row_id"))
    return by_id.values({name: bindparam(name) for name in names})


UPDATE_ALL, UPDATE_RANKS = _update_of(Entry, FIELDS), _update_of(Entry, RANK_FIELDS)
UPDATE_BOARD = _update_of(Competition, BOARD_FIELDS)
# Inline: nobody asks for the numbers of the new rows, so none are sent back.
INSERT_ENTRIES, INSERT_CHANGES, INSERT_PLACES = (
    insert(model.__table__).inline() for model in (Entry, ScoreChange, PlaceSnapshot)
)
LAST_SCORES = select(ScoreChange.entry_id, ScoreChange.score, ScoreChange.submission_count).where(
    ScoreChange.id.in_(
        select(func.max(ScoreChange.id))
        .where(ScoreChange.entry_id.in_(bindparam("entry_ids", expanding=True)))
        .group_by(ScoreChange.entry_id)
    )
)
ENTRY_IDS = select(Entry.member_id, Entry.id).where(Entry.competition_id == bindparam("competition_id"))


class StandingsDoubtful(Exception):
    """The standings look wrong against the last good ones; `doubts` are sentences for an organiser to confirm."""

    def __init__(self, doubts: list[str]) -> None:
        super().__init__(" ".join(doubts))
        self.doubts = doubts


class StandingsFinal(Exception):
    """Ratings have moved by the standings that stand: only a correction changes them."""

    def __init__(self) -> None:
        super().__init__(
            "Ratings have moved by this leaderboard: from now on it can only be corrected, under “Ratings”."
        )


def apply_standings(
    competition_id: int, standings: Standings, *, is_confirmed: bool = False, is_correction: bool = False
) -> Plan:
    """Make the entries equal the standings, within the caller's transaction; what was done is returned.

    StandingsDoubtful, with nothing written, where they look wrong and no organiser has confirmed them; StandingsFinal
    where ratings have moved and this is no correction. Where nothing differs, entries stay untouched and only the
    competition's "as of" moves on.
    """
    competition = lock_competition(competition_id)
    if not is_correction:
        refuse_final(competition)
    plan = plan_standings(competition, standings)
    if plan.doubts and not is_confirmed:
        raise StandingsDoubtful(plan.doubts)
    _write(competition, plan, is_correction=is_correction)
    board_applied.send(None, competition_id=competition_id, is_changed=plan.is_changed)
    return plan


def refuse_final(competition: Competition) -> None:
    """StandingsFinal where ratings have moved by the competition."""
    if competition.finalized_at is not None:
        raise StandingsFinal


def _write(competition: Competition, plan: Plan, *, is_correction: bool) -> None:
    now = clock.now()
    created = [entry for entry in plan.entries if entry.fate == "created"]
    changed = [entry for entry in plan.entries if entry.fate != "created" and entry.is_changed]
    _execute(INSERT_ENTRIES, [_new_entry(competition, entry, now) for entry in created])
    history = _history(competition, plan, now, is_correction=is_correction)
    with sent_together():
        # With one better score all that stand below it have new ranks, and nothing else.
        _execute(UPDATE_ALL, [{"row_id": e.club.entry_id, **e.values} for e in changed if e.has_new_team_fields])
        _execute(UPDATE_RANKS, [_ranks(entry) for entry in changed if not entry.has_new_team_fields])
        _execute(INSERT_CHANGES, history)
        _execute(INSERT_PLACES, _places(competition, plan, now))
        _execute(UPDATE_BOARD, [_board(competition, plan)])
    db.session.expire(competition)


def _places(competition: Competition, plan: Plan, now: datetime) -> list[Values]:
    if all(entry.fate != "created" and entry.values["place"] == entry.club.place for entry in plan.entries):
        return []
    taken = {str(e.club.member_id): e.values["place"] for e in plan.entries if e.values["place"] is not None}
    return [{"competition_id": competition.id, "at": now, "places": taken}]


def _board(competition: Competition, plan: Plan) -> Values:
    board = plan.standings
    return {
        "row_id": competition.id,
        "board_at": board.at,
        "board_rows": board.accepted,
        "board_teams": board.ranked,
        "board_is_all_zero": board.is_all_zero,
        "board_version": competition.board_version + plan.is_changed,
    }


def _execute(statement: Executable, rows: list[Values]) -> None:
    if rows:
        db.session.connection().execute(statement, rows)


def _ranks(entry: EntryPlan) -> Values:
    return {"row_id": entry.club.entry_id, **{name: entry.values[name] for name in RANK_FIELDS}}


def _new_entry(competition: Competition, entry: EntryPlan, now: datetime) -> Values:
    return {
        "competition_id": competition.id,
        "member_id": entry.club.member_id,
        "is_found": True,
        "entered_at": now,
        **entry.values,
    }


def _history(competition: Competition, plan: Plan, now: datetime, *, is_correction: bool) -> list[Values]:
    scored = [entry for entry in plan.entries if entry.has_new_score]
    ids: dict[int, int] = {}
    if any(entry.fate == "created" for entry in scored):
        ids = {row.member_id: row.id for row in read_rows(ENTRY_IDS, {"competition_id": competition.id})}
    # What an organiser corrected is no news from a board: boards are compared with boards.
    corrected = [e.club.entry_id for e in scored if is_correction or e.club.corrected_score is not None]
    rows = read_rows(LAST_SCORES, {"entry_ids": corrected}) if corrected else ()
    last = {row.entry_id: (row.score, row.submission_count) for row in rows}
    sign = 1.0 if competition.is_higher_better else -1.0
    changes = []
    for entry in scored:
        before = last.get(entry.club.entry_id, (entry.club.score, entry.club.submission_count))
        if entry.match and before != entry.board_score:
            entry_id = entry.club.entry_id or ids[entry.club.member_id]
            changes.append(_change(entry_id, entry.match.standing, now, before[0], sign))
    return changes


def _change(entry_id: int, standing: Standing, now: datetime, before: float | None, sign: float) -> Values:
    return {
        "entry_id": entry_id,
        "seen_at": now,
        "score": standing.score,
        "score_text": standing.score_text[:60],
        "submission_count": standing.submission_count,
        "source_rank": standing.rank,
        "improvement": None if before is None else sign * (standing.score - before),
    }
