"""What organisers do with cohorts; the people on their rosters have verbs of their own (service.py)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote

from sqlalchemy import ColumnElement, String, cast, delete, func, literal, select, update
from sqlalchemy.exc import IntegrityError

from app.core import audit, clock
from app.core.db import one_at_a_time, transaction
from app.core.refusal import Refused
from app.core.text import is_visible, one_line, slug_fault, slug_of
from app.extensions import db
from app.tracker import kept
from app.tracker.models import VISIBILITIES, Cohort, Handle, Participant
from app.tracker.platforms import platforms

LONGEST = {"college": 120, "batch": 40}
MOST_CONTESTS = 30
CONTEST = re.compile(r"[A-Za-z0-9_-]{1,100}")
TAKEN = "Another cohort has this address; choose a different one."


@dataclass(frozen=True)
class CohortDetails:
    """All that organisers say about a cohort; an empty `slug` is made from college and batch.

    `hackerrank_contests` may be addresses of contests.
    """

    college: str
    batch: str
    slug: str = ""
    visibility: str = VISIBILITIES[0]
    hackerrank_contests: tuple[str, ...] = ()


def create_cohort(details: CohortDetails) -> Cohort:
    """A new cohort with nobody in it; Refused where something about it will not do."""
    checked = _checked(details)
    with _saving(), transaction():
        _refuse_twin(checked)
        cohort = Cohort(created_at=clock.now(), **_columns(checked))
        db.session.add(cohort)
        db.session.flush()
        audit.record("create cohort", f"cohort:{cohort.slug}", after=_columns(checked))
    return cohort


def edit_cohort(cohort_id: int, details: CohortDetails) -> Cohort:
    """Store what has changed about a cohort; with other contests its handles there are due at once."""
    checked = _checked(details)
    with _saving(), transaction():
        cohort = locked(cohort_id)
        _refuse_twin(checked, cohort_id)
        before = _columns(details_of(cohort))
        for name, value in _columns(checked).items():
            setattr(cohort, name, value)
        db.session.flush()
        if before["hackerrank_contests"] != cohort.hackerrank_contests:
            cohort.contests_changed_on = clock.now().date()
            _ask_again(cohort_id)
        audit.record("edit cohort", f"cohort:{cohort.slug}", before=before, after=_columns(checked))
    return cohort


def remove_cohort(cohort_id: int) -> None:
    """Remove a cohort with everybody on its roster, their handles and their history."""
    with transaction():
        cohort = locked(cohort_id)
        audit.record("remove cohort", f"cohort:{cohort.slug}", before=_columns(details_of(cohort)))
        people = Participant.cohort_id == cohort_id
        audit.forget(select(literal("participant:") + cast(Participant.id, String)).where(people))
        kept.forget_with_commit(cohort_id)
        db.session.execute(delete(Cohort).where(Cohort.id == cohort_id))


def details_of(cohort: Cohort) -> CohortDetails:
    """What is stored, as it was said."""
    return CohortDetails(
        college=cohort.college,
        batch=cohort.batch,
        slug=cohort.slug,
        visibility=cohort.visibility,
        hackerrank_contests=tuple(cohort.hackerrank_contests),
    )


def is_called(college: str, batch: str) -> ColumnElement[bool]:
    """That a cohort is of this college and batch, however their letters are written."""
    return (func.lower(Cohort.college) == college.lower()) & (func.lower(Cohort.batch) == batch.lower())


def contest_of(typed: str) -> str:
    """What HackerRank calls a contest, out of its address too; Refused where it can be none."""
    text = one_line(typed)
    parts = [unquote(part) for part in re.split(r"[?#]", text)[0].split("/") if part]
    after = parts[parts.index("contests") + 1 :] if "contests" in parts else parts[-1:]
    if not after or not CONTEST.fullmatch(after[0]):
        raise Refused("hackerrank_contests", f"“{text[:80]}” is neither a HackerRank contest nor the address of one.")
    return after[0]


def locked(cohort_id: int) -> Cohort:
    """Within a transaction: the cohort, which nobody else changes meanwhile; Refused where it is gone."""
    query = select(Cohort).where(Cohort.id == cohort_id).with_for_update().execution_options(populate_existing=True)
    cohort = db.session.scalar(query)
    if cohort is None:
        raise Refused("", "This cohort is gone.")
    return cohort


def _checked(details: CohortDetails) -> CohortDetails:
    college, batch = one_line(details.college), one_line(details.batch)
    contests: dict[str, str] = {}
    for contest in (contest_of(typed) for typed in details.hackerrank_contests if one_line(typed)):
        contests.setdefault(contest.lower(), contest)
    checked = CohortDetails(
        college=college,
        batch=batch,
        slug=one_line(details.slug) or slug_of(f"{college} {batch}"),
        visibility=details.visibility,
        hackerrank_contests=tuple(contests.values()),
    )
    _refuse_faults(checked)
    return checked


def _refuse_faults(details: CohortDetails) -> None:
    for name, sentence in (("college", "Say which college."), ("batch", "Say which batch, such as 2027.")):
        if not is_visible(getattr(details, name)):
            raise Refused(name, sentence)
        if len(getattr(details, name)) > LONGEST[name]:
            raise Refused(name, f"At most {LONGEST[name]} characters.")
    if fault := slug_fault(details.slug):
        raise Refused("slug", fault)
    if details.visibility not in VISIBILITIES:
        raise Refused("visibility", f"One of {', '.join(VISIBILITIES)}.")
    if len(details.hackerrank_contests) > MOST_CONTESTS:
        raise Refused("hackerrank_contests", f"At most {MOST_CONTESTS} contests.")


def _refuse_twin(details: CohortDetails, cohort_id: int | None = None) -> None:
    one_at_a_time("names of cohorts")
    others = select(Cohort.id).where(Cohort.id != (cohort_id or 0))
    if db.session.scalar(others.where(is_called(details.college, details.batch))):
        raise Refused("batch", "There is a cohort of this college and batch already.")
    if db.session.scalar(others.where(Cohort.slug == details.slug)):
        raise Refused("slug", TAKEN)


@contextmanager
def _saving() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Refused("slug", TAKEN) from error


def _columns(details: CohortDetails) -> dict[str, Any]:
    return asdict(details) | {"hackerrank_contests": list(details.hackerrank_contests)}


def _ask_again(cohort_id: int) -> None:
    counting = [key for key, platform in platforms().items() if platform.counts_contests]
    people = select(Participant.id).where(Participant.cohort_id == cohort_id)
    theirs = update(Handle).where(Handle.platform.in_(counting), Handle.participant_id.in_(people))
    db.session.execute(theirs.values(next_due_at=clock.now()))
