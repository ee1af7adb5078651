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
from app.extensions import db

BOARD_FIELDS = ("board_at", "board_rows", "board_teams", "board_is_all_zero", "board_version")


def _update_of(model: type[Entry | Competition], names: Iterable[str]) -> Update:
    # On the table, not the class: one statement for all rows, whatever their number.
    by_id = update(model.__table__).where(model.id == bindparam("row_id"))
    return by_id.values({name: bindparam(name) for name in names})


UPDATE_ALL, UPDATE_RANKS = _update_of(Entry, FIELDS), _update_of(Entry, RANK_FIELDS)
UPDATE_BOARD = _update_of(Competition, BOARD_FIELDS)
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
    _write(competition, plan)
    board_applied.send(None, competition_id=competition_id, is_changed=plan.is_changed)
    return plan


def refuse_final(competition: Competition) -> None:
    """StandingsFinal where ratings have moved by the competition."""
    if competition.finalized_at is not None:
        raise StandingsFinal


def _write(competition: Competition, plan: Plan) -> None:
    now = clock.now()
    created = [entry for entry in plan.entries if entry.fate == "created"]
    changed = [entry for entry in plan.entries if entry.fate != "created" and entry.is_changed]
    _execute(insert(Entry.__table__), [_new_entry(competition, entry, now) for entry in created])
    # With one better score all that stand below it have new ranks, and nothing else.
    _execute(UPDATE_ALL, [{"row_id": e.club.entry_id, **e.values} for e in changed if e.has_new_team_fields])
    _execute(UPDATE_RANKS, [_ranks(entry) for entry in changed if not entry.has_new_team_fields])
    _write_history(competition, plan, now, has_new_entries=bool(created))
    if any(entry.fate == "created" or entry.values["place"] != entry.club.place for entry in plan.entries):
        taken = {str(e.club.member_id): e.values["place"] for e in plan.entries if e.values["place"] is not None}
        _execute(insert(PlaceSnapshot.__table__), [{"competition_id": competition.id, "at": now, "places": taken}])
    _write_board(competition, plan)


def _write_board(competition: Competition, plan: Plan) -> None:
    board = plan.standings
    values = {
        "row_id": competition.id,
        "board_at": board.at,
        "board_rows": board.accepted,
        "board_teams": board.ranked,
        "board_is_all_zero": board.is_all_zero,
        "board_version": competition.board_version + plan.is_changed,
    }
    _execute(UPDATE_BOARD, [values])
    db.session.expire(competition)


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


def _write_history(competition: Competition, plan: Plan, now: datetime, *, has_new_entries: bool) -> None:
    scored = [entry for entry in plan.entries if entry.has_new_score]
    if not scored:
        return
    ids: dict[int, int] = {}
    if has_new_entries:
        rows = read_rows(ENTRY_IDS, {"competition_id": competition.id})
        ids = {row.member_id: row.id for row in rows}
    # What an organiser corrected is no news from a board: boards are compared with boards.
    known_ids = [entry.club.entry_id for entry in scored if entry.club.entry_id]
    known = {row.entry_id: row for row in read_rows(LAST_SCORES, {"entry_ids": known_ids})}
    sign = 1.0 if competition.is_higher_better else -1.0
    changes = []
    for entry in scored:
        last = known.get(entry.club.entry_id)
        if entry.match and (last is None or (last.score, last.submission_count) != entry.board_score):
            entry_id = entry.club.entry_id or ids[entry.club.member_id]
            changes.append(_change(entry_id, entry.match.standing, now, last.score if last else None, sign))
    _execute(insert(ScoreChange.__table__), changes)


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
