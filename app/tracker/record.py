"""Who changed what on a roster, in words for its organisers, out of the record of all acts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement

from app.core.audit import AuditRecord, latest_acts
from app.tracker.headings import labels
from app.tracker.models import Cohort, Participant

MOST = 10
IMPORTS = ("import roster", "undo import")
WORDS = {
    "add participant": "put them on the roster",
    "edit participant": "corrected what is known of them",
    "change handles": "changed handles",
    "link participant": "said which member this is",
    "unlink participant": "took the link to a member away",
    "invite participant": "made a link for them",
    "accept invitation": "took this place",
}


@dataclass(frozen=True)
class Deed:
    """One act in words; `changes` are label, old and new."""

    at: datetime
    who: str
    words: str
    changes: list[tuple[str, str, str]]


def deeds_on(person: Participant) -> list[Deed]:
    """The newest acts on a person, and the imports into their roster since they are on it, newest first."""
    is_theirs = AuditRecord.subject == f"participant:{person.id}"
    if person.cohort is not None:
        is_theirs |= _is_import(person.cohort) & (AuditRecord.at >= person.created_at)
    return [_deed(act) for act in latest_acts(MOST, is_theirs)]


def imports_into(cohort: Cohort) -> list[Deed]:
    """The newest imports, and what was taken back, newest first."""
    return [_deed(act) for act in latest_acts(MOST, _is_import(cohort))]


def _is_import(cohort: Cohort) -> ColumnElement[bool]:
    # A removed cohort may have had the same address.
    is_its = (AuditRecord.subject == f"cohort:{cohort.slug}") & (AuditRecord.at >= cohort.created_at)
    return is_its & AuditRecord.act.in_(IMPORTS)


def _deed(act: AuditRecord) -> Deed:
    changes = []
    if act.act == "change handles":
        before, after = act.before or {}, act.after or {}
        changes = [(labels().get(key, key), before.get(key, ""), new) for key, new in after.items()]
    return Deed(act.at, act.actor_name, _words(act), changes)


def _words(act: AuditRecord) -> str:
    if act.act == "edit participant":
        return f"changed {', '.join(labels()[name].lower() for name in act.after)}" if act.after else WORDS[act.act]
    if act.act not in IMPORTS:
        return WORDS.get(act.act, act.act)
    told: Any = act.after
    file = f"“{told['file']}”" if told["file"] else "a file"
    if act.act == "undo import":
        return f"took the import of {file} back: {told['removed']:,} gone again, {told['restored']:,} as they were"
    return f"imported {file} into the roster: {told['added']:,} added, {told['changed']:,} changed"
