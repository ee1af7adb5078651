"""`flask tracker ...`: asking platforms now, and whether they still answer as we expect."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from app.core.refusal import Refused
from app.tracker import fetching, imports, pace, settings
from app.tracker.asking import Asking
from app.tracker.cohort_queries import find_by_names
from app.tracker.cohorts import CohortDetails, contest_of, create_cohort
from app.tracker.headings import Mapped, labels
from app.tracker.planning import Fate, Plan
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Answer, Missing, Outcome, Platform, Trouble, Unknown, Verified
from app.tracker.service import clean_handle, known_platform

tracker = AppGroup("tracker", help="Handles on other platforms.")
CHECK_SECONDS = 120.0
NOBODY_KNOWN = "No column is headed as one of roll numbers or of e-mail addresses, so nobody can be known by them."


class Overheard(Asking):
    """Remembers the answer to each call."""

    def __init__(self, platform: Platform, contests: tuple[str, ...]) -> None:
        super().__init__(platform, time.monotonic() + CHECK_SECONDS, contests)
        self.answers: dict[str, Answer] = {}

    def _call(self, call: str, *args: Any) -> Answer:
        answer = super()._call(call, *args)
        self.answers.setdefault(call, answer)
        return answer


@tracker.command("platforms")
def tell_platforms() -> None:
    """Tell every setting that follows from the files of platforms, with its default and meaning."""
    for setting in settings.settings():
        click.echo(f"{setting.variable}={setting.default}\n    {setting.meaning}")


@tracker.command("fetch")
@click.argument("platform_keys", metavar="[PLATFORM]...", nargs=-1)
def fetch(platform_keys: tuple[str, ...]) -> None:
    """Have every handle on these platforms (on all) checked now, by the workers that run."""
    try:
        chosen = [known_platform(key) for key in platform_keys or platforms()]
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    for platform in chosen:
        lacking = settings.lacking(platform)
        number = 0 if lacking else fetching.request_platform(platform.key)
        due = "1 handle is" if number == 1 else f"{number:,} handles are"
        click.echo(lacking or f"{platform.name}: {due} due now.")


@tracker.command("check")
@click.argument("platform_key", metavar="PLATFORM")
@click.option("--handle", required=True, help="Somebody who is there.")
@click.option("--contest", multiple=True, help="A contest to count, where the platform has them.")
def check(platform_key: str, handle: str, contest: tuple[str, ...]) -> None:
    """Ask PLATFORM itself about one handle, and print what differs from the example that we go by."""
    try:
        platform = known_platform(platform_key)
        contests = tuple(contest_of(typed) for typed in contest)
        name = clean_handle(platform_key, handle)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if not name:
        raise click.ClickException(f"“{handle}” stands for no handle.")
    if lacking := settings.lacking(platform):
        raise click.ClickException(lacking)
    ask = Overheard(platform, contests)
    outcome: Outcome = Unknown(f"{platform.name} said nothing of it.")
    try:
        outcome = dict(platform.fetch([name], ask)).get(name, outcome)
    except Trouble as trouble:
        outcome = Unknown(str(trouble))
    except pace.NotNow as wait:
        outcome = Unknown(f"{platform.name} is not to be asked within the next {wait.seconds:,.0f} seconds.")
    except fetching.ODD as error:
        outcome = Unknown(f"{platform.name}’s answer could not be understood ({type(error).__name__}: {error}).")
    _tell_differences(platform, ask.answers)
    if not isinstance(outcome, Verified):
        raise click.ClickException(f"{name}: {_outcome(outcome)}")
    click.echo(f"{name}: {_outcome(outcome)}")


@tracker.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--college", required=True)
@click.option("--batch", required=True)
@click.option("--slug", default="", help="The address of a new cohort; else made of college and batch.")
@click.option("--dry-run", is_flag=True, help="Only tell what it would do.")
def import_roster(file: BinaryIO, college: str, batch: str, slug: str, dry_run: bool) -> None:
    """Bring the roster in FILE (CSV or XLSX) into a cohort, which is made where there is none yet."""
    try:
        rows, mapped, note = imports.read_rows(file.read())
        if not {"roll_number", "email"} & set(mapped):
            raise Refused("file", NOBODY_KNOWN)
        cohort = find_by_names(college, batch)
        if dry_run:
            planned = imports.plan_rows(cohort.id if cohort else 0, rows, mapped)
        else:
            cohort = cohort or create_cohort(CohortDetails(college, batch, slug))
            planned = imports.import_rows(cohort.id, Path(file.name).name, rows, mapped)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    _tell_plan(rows[0][1], mapped, note, planned)
    if dry_run:
        click.echo("Nothing was stored.")


def _tell_plan(headings: list[str], mapped: Mapped, note: str, planned: Plan) -> None:
    names = labels()
    columns = ", ".join(f"{headings[column]} → {names[field]}" for field, column in mapped.items())
    click.echo(f"Columns: {columns or 'none is known'}")
    if left := imports.unused(headings, mapped):
        click.echo(f"Not used: {', '.join(left)}")
    if note:
        click.echo(note)
    for row in planned.rows:
        click.echo(f"Row {row.number:,}: {row.fate}{_tell_row(row, names)}")
        if row.hint:
            click.echo(f"Row {row.number:,}: {row.hint}")
        for name, why in row.left_out:
            click.echo(f"Row {row.number:,}{f', {names[name]}' if name else ''}: {why}")
    counts = ", ".join(f"{number:,} {fate}" for fate, number in planned.counts.items())
    left_out = "1 cell" if planned.left_out == 1 else f"{planned.left_out:,} cells"
    click.echo(f"{counts}; {left_out} left out.")


def _tell_row(row: Fate, names: Mapping[str, str]) -> str:
    is_new = row.fate == "added"
    changes = [
        f"{names[name]} {new}" if is_new else f"{names[name]} {old or 'none'} → {new}" for name, old, new in row.changes
    ]
    who = f", {row.who}" if row.who else ""
    return f"{who}: {', '.join(changes)}" if changes else who


def _tell_differences(platform: Platform, answers: dict[str, Answer]) -> None:
    for call, answer in answers.items():
        example = next(example for example in platform.examples if example.call == call)
        found = differences(example.body, _content(answer, example.body))
        how = "not as expected:" if found else "as expected"
        click.echo(f"{call}: status {answer.status}, {len(answer.body):,} bytes, {how}")
        for line in found:
            click.echo(f"  {line}")


def _outcome(outcome: Outcome) -> str:
    if isinstance(outcome, Missing):
        return f"not there. {outcome.why}"
    if isinstance(outcome, Unknown):
        return f"could not be checked. {outcome.why}"
    told = ((name, getattr(outcome, name)) for name in ("rating", "peak", "solved", "contests"))
    values = [f"{name} {value:,g}" for name, value in told if value is not None]
    return f"verified, {', '.join(values) or 'with nothing else told'}"


def _content(answer: Answer, example: Any) -> Any:
    try:
        return answer.text if isinstance(example, str) else answer.json()
    except Trouble:
        return answer.text


def differences(example: Any, found: Any, path: str = "answer") -> list[str]:
    """Where the shape of what was found differs from that of the example: names and kinds, not values."""
    if isinstance(example, dict) and isinstance(found, dict):
        lines = [f"{path}.{name}: not there any more" for name in example if name not in found]
        lines += [f"{path}.{name}: new, {_kind(found[name])}" for name in found if name not in example]
        for name in example.keys() & found.keys():
            lines += differences(example[name], found[name], f"{path}.{name}")
        return sorted(lines)
    if isinstance(example, list) and isinstance(found, list):
        return differences(example[0], found[0], f"{path}[0]") if example and found else []
    if _kind(example) != _kind(found):
        return [f"{path}: {_kind(found)} instead of {_kind(example)}"]
    return []


def _kind(value: Any) -> str:
    """In words of JSON."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
