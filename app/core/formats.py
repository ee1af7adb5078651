"""How numbers, moments and text are written on pages."""

from datetime import datetime

from flask import Flask
from markupsafe import Markup, escape

from app.core import clock


def init_app(app: Flask) -> None:
    """Make the formats known to templates."""
    app.jinja_env.filters.update(
        count=count,
        ordinal=ordinal,
        moment=moment,
        day=day,
        age=age,
        places_gained=places_gained,
        place_disc=place_disc,
        plain=plain,
        spoken_facts=spoken_facts,
    )
    app.jinja_env.globals.update(now=clock.now)


def count(number: int) -> str:
    """1204 -> 1,204"""
    return f"{number:,}"


def ordinal(number: int) -> str:
    """1204 -> 1,204th"""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{suffix}"


def plain(number: float | None, decimals: int = 2) -> str:
    """A number without needless zeros: 12.50 -> 12.5; None -> an en dash."""
    if number is None:
        return "–"
    text = f"{number:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(value: datetime | None) -> Markup | str:
    """A <time> element in UTC, which the page's script rewrites in the viewer's own zone."""
    if value is None:
        return "–"
    return _time(value, "moment", f"{value.day} {value:%b %Y, %H:%M} UTC")


def day(value: datetime | None) -> Markup | str:
    """As `moment`, without the time of day."""
    return "–" if value is None else _time(value, "day", f"{value.day} {value:%b %Y}")


def age(value: datetime) -> Markup:
    """How long ago it was, in its largest unit: 3 h ago."""
    minutes = int((clock.now() - value).total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1440
    text = (
        f"{days:,} d ago"
        if days
        else f"{hours} h ago"
        if hours
        else f"{minutes} min ago"
        if minutes > 0
        else "just now"
    )
    title = f"{value.day} {value:%b %Y, %H:%M} UTC"
    return Markup(f'<time datetime="{value.isoformat()}" title="{title}">{text}</time>')  # noqa: S704


def _time(value: datetime, form: str, text: str) -> Markup:
    # Nothing but digits and the names of months: a page of a board has a hundred, and escaping them takes longest.
    return Markup(f'<time datetime="{value.isoformat()}" data-local="{form}">{text}</time>')  # noqa: S704


def place_disc(place: int | None) -> Markup:
    """A place in the club; the first three on a disc."""
    if place is None:
        return Markup('<span class="muted" aria-label="unranked">–</span>')
    return Markup(f'<span class="{f"medal medal-{place}" if place <= 3 else "place"}">{place:d}</span>')  # noqa: S704


def spoken_facts(name: str, place: int | None, points: float | None, score: float | None = None) -> Markup:
    """What spoken.js reads of a row, as attributes of it; nothing of one without a place."""
    if place is None:
        return Markup()
    numbers = ("" if points is None else f' data-points="{points}"') + (
        "" if score is None else f' data-score="{score}"'
    )
    return Markup(f' data-place="{place:d}" data-name="{escape(name)}"{numbers}')  # noqa: S704


def places_gained(change: int | None) -> str:
    """3 -> "up 3 places": a change of place in words, for those who do not see the arrow."""
    if not change:
        return "no change"
    noun = "place" if abs(change) == 1 else "places"
    return f"{'up' if change > 0 else 'down'} {abs(change)} {noun}"
