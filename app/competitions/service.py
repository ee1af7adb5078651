"""The verbs of competitions: making and changing one, entering, withdrawing."""

import math
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.competitions import syncing, upkeep
from app.competitions.models import BoardFile, Competition, Entry, PlaceSnapshot, Sync, SyncState
from app.competitions.queries import count_matched, lock_competition
from app.competitions.signals import competition_changed
from app.competitions.standings import StandingsFinal
from app.core import audit, clock
from app.core.db import one_at_a_time, transaction, upsert
from app.core.jobs import enqueue
from app.core.markup import to_html
from app.core.refusal import Refused
from app.core.text import is_visible, slug_fault
from app.extensions import db
from app.members.models import Member

KAGGLE_SLUG = re.compile(r"[A-Za-z0-9-]{1,120}")  # old ones have capitals, such as GiveMeSomeCredit
LONGEST = {"title": 120, "metric": 80, "description": 20_000, "rules": 20_000}
DATES = ("starts_at", "ends_at")
MOST_POINTS = 1_000_000
SCALE_FIELDS = ("is_higher_better", "worst_score", "best_score", "max_points")
RATED_FIELDS = (*SCALE_FIELDS, "ends_at", "weight")


@dataclass(frozen=True)
class Draft:
    """A competition as entered; moments are aware."""

    slug: str
    title: str
    starts_at: datetime
    ends_at: datetime
    event_id: int | None = None
    kaggle_slug: str | None = None
    description: str = ""
    rules: str = ""
    metric: str = ""
    is_higher_better: bool = True
    is_registered_only: bool = False
    worst_score: float | None = None
    best_score: float | None = None
    max_points: float = 100.0
    weight: float = 1.0


def create_competition(draft: Draft) -> Competition:
    """Make a competition; Refused names the field that is wrong."""
    _check(draft)
    competition = Competition(created_at=clock.now(), **_columns(draft))
    with transaction():
        db.session.add(competition)
        _flush_slug(draft)
        audit.record("create competition", f"competition:{draft.slug}", after=_told(draft))
        if draft.kaggle_slug:
            syncing.slug_changed(competition)
        competition_changed.send(None, competition_id=competition.id)
    return competition


def import_competition(draft: Draft) -> Competition:
    """Make a competition out of one on Kaggle, unless the club has it already."""
    with transaction():
        one_at_a_time("import")
        is_one = func.lower(Competition.kaggle_slug) == (draft.kaggle_slug or "").lower()
        known = db.session.scalar(select(Competition).where(is_one).limit(1))
        if known is not None:
            raise Refused("", f"“{known.title}” has been imported from there already.")
        return create_competition(draft)


def edit_competition(competition_id: int, draft: Draft) -> Competition:
    """Change a competition; with a new scale or direction its kept board is applied again in the background."""
    _check(draft)
    columns = _columns(draft)
    with transaction():
        competition = db.session.get_one(Competition, competition_id, populate_existing=True)
        before = {name: getattr(competition, name) for name in asdict(draft)}
        if competition.finalized_at is not None:
            _refuse_rated(before, draft)
        _refuse_unseen_moves(competition, draft)
        for name, value in columns.items():
            setattr(competition, name, value)
        _flush_slug(draft)
        changed = {name: value for name, value in asdict(draft).items() if value != before[name]}
        audit.record(
            "edit competition",
            f"competition:{draft.slug}",
            before=_plain({name: before[name] for name in changed}),
            after=_plain(changed),
        )
        if any(name in changed for name in SCALE_FIELDS):
            enqueue("rematch_boards", subject=f"competition:{competition_id}", competition_ids=[competition_id])
        if "kaggle_slug" in changed:
            syncing.slug_changed(competition)
        elif draft.kaggle_slug and not changed.keys().isdisjoint(DATES):
            syncing.dates_changed(competition)
        competition_changed.send(None, competition_id=competition_id)
    return competition


def delete_competition(competition_id: int) -> None:
    """Let a competition go that nobody has entered and no leaderboard has reached."""
    with transaction():
        competition = lock_competition(competition_id)
        for what, sentence in ((Entry, "Members have entered it"), (BoardFile, "Leaderboard files were handed in")):
            if db.session.scalar(select(what.id).where(what.competition_id == competition_id).limit(1)) is not None:
                raise Refused("", f"{sentence}: what happened in it is kept.")
        for table in (Sync, SyncState, PlaceSnapshot):
            db.session.execute(delete(table).where(table.competition_id == competition_id))
        audit.record("delete competition", f"competition:{competition.slug}", before={"title": competition.title})
        db.session.execute(delete(Competition).where(Competition.id == competition_id))


def enter(competition_id: int, member: Member) -> None:
    """Enter the member, unranked until a board shows them; entering twice, or anew after withdrawing, is fine."""
    with transaction():
        _refuse_completed(competition_id, "It is over: nobody can enter any more.")
        insert = upsert(Entry).values(
            competition_id=competition_id, member_id=member.id, entered_at=clock.now(), is_found=False
        )
        db.session.execute(
            insert.on_conflict_do_update(
                index_elements=["competition_id", "member_id"],
                set_={"withdrawn_at": None, "is_found": False},
            )
        )
        upkeep.board_changed(competition_id)


def withdraw(competition_id: int, member: Member) -> None:
    """Take the member out; no board enters them again, only they themselves can."""
    with transaction():
        _refuse_completed(competition_id, "It is over: nobody can withdraw any more.")
        withdrawn = db.session.execute(
            update(Entry)
            .where(
                Entry.competition_id == competition_id,
                Entry.member_id == member.id,
                Entry.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=clock.now(), place=None, place_before=None, points=None)
        )
        if withdrawn.rowcount:  # type: ignore[attr-defined]
            upkeep.close_ranks(competition_id)


def rematch(competition: Competition) -> int:
    """Have the kept board matched with today's members, in the background; the number of the job is returned."""
    if competition.finalized_at is not None:
        raise Refused("", str(StandingsFinal()))
    with transaction():
        has_board = select(BoardFile.id).where(
            BoardFile.competition_id == competition.id,
            BoardFile.state == "applied",
            BoardFile.content.is_not(None),
        )
        if db.session.scalar(has_board.limit(1)) is None:
            raise Refused("", "There is no board yet to match from: upload one first.")
        subject = f"competition:{competition.id}"
        job_id = enqueue("rematch_boards", subject=subject, competition_ids=[competition.id])
        before = {"matched": count_matched(competition.id)}
        audit.record("match board again", f"competition:{competition.slug}", before=before, after={"job": job_id})
        return job_id


def clean_kaggle_slug(text: str | None) -> str | None:
    """The slug out of a slug or a pasted address; None for blank."""
    slug = (text or "").strip().rstrip("/").split("?")[0].rsplit("/", 1)[-1]
    return slug or None


def _check(draft: Draft) -> None:
    if fault := slug_fault(draft.slug):
        raise Refused("slug", fault)
    if not is_visible(draft.title):
        raise Refused("title", "A competition needs a title.")
    for name, longest in LONGEST.items():
        if len(getattr(draft, name)) > longest:
            raise Refused(name, f"This may have at most {longest:,} letters.")
    if draft.ends_at <= draft.starts_at:
        raise Refused("ends_at", "The end must come after the start.")
    if draft.kaggle_slug and not KAGGLE_SLUG.fullmatch(draft.kaggle_slug):
        raise Refused("kaggle_slug", "This is not a Kaggle competition's slug, such as “titanic”.")
    if not (math.isfinite(draft.max_points) and 0 < draft.max_points <= MOST_POINTS):
        raise Refused("max_points", "The points for a perfect score must be above 0.")
    if not (math.isfinite(draft.weight) and 0 <= draft.weight <= 100):
        raise Refused("weight", "The weight must be from 0 to 100.")
    check_scale(draft.worst_score, draft.best_score, is_higher_better=draft.is_higher_better)


def check_scale(worst: float | None, best: float | None, *, is_higher_better: bool) -> None:
    """Refused where points cannot be worked out by these; neither is fine: there are no points then."""
    for name, value in (("worst_score", worst), ("best_score", best)):
        if value is not None and not math.isfinite(value):
            raise Refused(name, "This must be an ordinary number.")
    if (worst is None) != (best is None):
        missing = "best_score" if best is None else "worst_score"
        raise Refused(missing, "Points need both the worst and the best value, or neither.")
    if worst is None or best is None:
        return
    if worst == best:
        raise Refused("best_score", "The best value must differ from the worst.")
    if (best > worst) != is_higher_better:
        direction = "above" if is_higher_better else "below"
        word = "Higher" if is_higher_better else "Lower"
        raise Refused("best_score", f"{word} is better here, so the best value must be {direction} the worst.")


def _refuse_rated(before: dict[str, Any], draft: Draft) -> None:
    for name in RATED_FIELDS:
        if getattr(draft, name) != before[name]:
            raise Refused(name, "Ratings have moved by this already. Take the competition out of the ratings first.")


def _refuse_unseen_moves(competition: Competition, draft: Draft) -> None:
    """Refused where the new end makes the board that stands final: ratings would move by it within a minute."""
    is_to_move = competition.is_rated and competition.finalized_at is None and draft.ends_at != competition.ends_at
    if is_to_move and competition.board_at is not None and draft.ends_at < min(competition.board_at, clock.now()):
        raise Refused("ends_at", "Ratings would move by this at once. See first whose, by “Correct the competition”.")


def _columns(draft: Draft) -> dict[str, Any]:
    return {
        **asdict(draft),
        "description_html": to_html(draft.description),
        "rules_html": to_html(draft.rules),
    }


def _flush_slug(draft: Draft) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refused("slug", f"There is a competition “{draft.slug}” already.") from error


def _refuse_completed(competition_id: int, sentence: str) -> None:
    competition = lock_competition(competition_id)
    if competition.status == "completed":
        raise Refused("", sentence)


def _told(draft: Draft) -> dict[str, Any]:
    return _plain(asdict(draft))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in values.items()}
