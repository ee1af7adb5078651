"""When a competition is what: decided by the clock alone."""

from datetime import datetime

STATUSES = ("upcoming", "ongoing", "completed")


def status_at(starts_at: datetime, ends_at: datetime, moment: datetime) -> str:
    """upcoming before the start, completed from the end on, ongoing between."""
    if moment < starts_at:
        return "upcoming"
    return "ongoing" if moment < ends_at else "completed"
