"""What organisers do with events."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.competitions.models import Competition, Event
from app.core import audit, clock
from app.core.db import transaction
from app.core.markup import to_html
from app.core.refusal import Refused
from app.core.text import is_visible, many_lines, one_line, slug_fault, slug_of
from app.extensions import db

LONGEST_LINE = 120
LONGEST_DESCRIPTION = 20_000
TAKEN = "Another event has this address; choose a different one."


@dataclass(frozen=True)
class EventDetails:
    """All that an organiser says about an event; an empty `slug` is made from the title."""

    title: str
    slug: str = ""
    description: str = ""
    organiser: str = ""
    prize: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def create_event(details: EventDetails) -> Event:
    """Store a new event; Refused where something about it will not do."""
    return _save(None, _checked(details))


def edit_event(event_id: int, details: EventDetails) -> Event:
    """Store what has changed about an event; Refused where something will not do."""
    return _save(event_id, _checked(details))


def delete_event(event_id: int) -> None:
    """Let an event go that holds no competition."""
    with transaction():
        event = db.session.get_one(Event, event_id, populate_existing=True)
        if db.session.scalar(select(Competition.id).where(Competition.event_id == event_id).limit(1)) is not None:
            raise Refused("", "It holds competitions: give them to another event, or delete them, first.")
        audit.record("delete event", f"event:{event.slug}", before=_state(event))
        db.session.delete(event)


def _checked(details: EventDetails) -> EventDetails:
    title = one_line(details.title)
    checked = EventDetails(
        title=title,
        slug=one_line(details.slug) or slug_of(title),
        description=many_lines(details.description),
        organiser=one_line(details.organiser),
        prize=one_line(details.prize),
        starts_at=details.starts_at,
        ends_at=details.ends_at,
    )
    _refuse_faults(checked)
    return checked


def _refuse_faults(details: EventDetails) -> None:
    if not is_visible(details.title):
        raise Refused("title", "Give the event a title.")
    for name in ("title", "organiser", "prize"):
        if len(getattr(details, name)) > LONGEST_LINE:
            raise Refused(name, f"At most {LONGEST_LINE} characters.")
    if len(details.description) > LONGEST_DESCRIPTION:
        raise Refused("description", f"At most {LONGEST_DESCRIPTION:,} characters.")
    if fault := slug_fault(details.slug):
        raise Refused("slug", fault)
    if details.starts_at and details.ends_at and details.ends_at <= details.starts_at:
        raise Refused("ends_at", "The end must be after the start.")


def _save(event_id: int | None, details: EventDetails) -> Event:
    description_html = to_html(details.description)
    try:
        with transaction():
            _refuse_taken(details.slug, event_id)
            event = db.session.get_one(Event, event_id) if event_id else Event(created_at=clock.now())
            before = _state(event) if event_id else None
            _fill(event, details, description_html)
            db.session.add(event)
            act = "edit event" if event_id else "create event"
            audit.record(act, f"event:{details.slug}", before=before, after=_state(event))
    except IntegrityError as error:
        raise Refused("slug", TAKEN) from error
    return event


def _refuse_taken(slug: str, event_id: int | None) -> None:
    holder = db.session.scalar(select(Event.id).where(Event.slug == slug))
    if holder is not None and holder != event_id:
        raise Refused("slug", TAKEN)


def _fill(event: Event, details: EventDetails, description_html: str) -> None:
    for name, value in asdict(details).items():
        setattr(event, name, value)
    event.description_html = description_html


def _state(event: Event) -> dict[str, str]:
    names = ("slug", "title", "organiser", "prize", "starts_at", "ends_at", "description")
    return {name: str(value) for name in names if (value := getattr(event, name))}
