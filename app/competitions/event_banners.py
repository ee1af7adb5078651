"""The picture over an event's page."""

from hashlib import sha256

from sqlalchemy import delete

from app.competitions.models import Event, EventBanner
from app.core import audit
from app.core.db import transaction
from app.core.images import to_webp
from app.extensions import db

WIDTH, HEIGHT = 1200, 300


def set_banner(event_id: int, content: bytes) -> None:
    """Make the picture in `content` the event's banner, its middle cut to 4:1; ImageRefused where it is none."""
    banner = to_webp(content, WIDTH, HEIGHT, is_cropped=True)
    with transaction():
        event = db.session.get_one(Event, event_id, populate_existing=True)
        event.banner_digest = sha256(banner).hexdigest()
        db.session.merge(EventBanner(event_id=event_id, content=banner))
        audit.record("set banner", f"event:{event.slug}", after={"banner": event.banner_digest})


def remove_banner(event_id: int) -> None:
    """Leave the event without a banner."""
    with transaction():
        event = db.session.get_one(Event, event_id, populate_existing=True)
        if event.banner_digest is None:
            return
        audit.record("remove banner", f"event:{event.slug}", before={"banner": event.banner_digest})
        event.banner_digest = None
        db.session.execute(delete(EventBanner).where(EventBanner.event_id == event_id))
