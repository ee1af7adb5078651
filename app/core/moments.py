"""Moments that people type, in forms and on the command line: UTC unless they say otherwise."""

from datetime import UTC, datetime
from typing import Any

import click
from wtforms import Field
from wtforms.widgets import DateTimeLocalInput

YEARS = range(2000, 2101)
NOT_A_MOMENT = "Give a date and time such as 2026-11-21T18:00."


def parse_moment(text: str) -> datetime:
    """An ISO 8601 date and time as aware UTC; ValueError with a sentence for anything else."""
    try:
        value = datetime.fromisoformat(text.strip())
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(NOT_A_MOMENT) from error
    if value.year not in YEARS:
        raise ValueError(f"The year must be from {YEARS[0]} to {YEARS[-1]}.")
    return value


class MomentParam(click.ParamType):
    """A moment as an option of a command."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return value if isinstance(value, datetime) else parse_moment(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class MomentField(Field):
    """A date and time in UTC as a field of a form; empty is None.

    Forms show minutes: whatever is sent back as it was shown leaves the stored moment as it is, seconds and all.
    """

    widget = DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%Y-%m-%dT%H:%M}" if self.data else ""

    def process_formdata(self, values: list[str]) -> None:
        self.data = None
        if values and values[0].strip():
            entered, stored = parse_moment(values[0]), self.object_data
            self.data = stored if stored and entered == stored.replace(second=0, microsecond=0) else entered
