"""The judge that this site uses."""

from typing import cast

from flask import current_app

from app.submissions.callbacks import bells
from app.submissions.judge_settings import Judge0Place, judge0_place, judge_name
from app.submissions.judges.base import Judge
from app.submissions.judges.judge0 import Judge0
from app.submissions.judges.none import NoJudge
from app.submissions.judges.sandbox import Sandbox

JUDGES: dict[str, type[Judge]] = {Sandbox.name: Sandbox, NoJudge.name: NoJudge}
NO_ADDRESS = NoJudge("Nobody has said where Judge0 is.", "Set JUDGE0_URL, or type it in on the page “Judge”.")


def current_judge() -> Judge:
    """The judge in use at this moment; one a process, because it remembers what it found out about itself."""
    name = judge_name()
    if name == Judge0.name:
        return _judge0(judge0_place())
    return cast(Judge, current_app.extensions.setdefault(f"judge {name}", JUDGES[name]()))


def judge0_at(place: Judge0Place) -> Judge0:
    """A judge that knows nothing of that Judge0 yet."""
    return Judge0(place.url, dict(place.headers), bell=bells())


def _judge0(place: Judge0Place | None) -> Judge:
    if place is None:
        return NO_ADDRESS
    known_place, judge = current_app.extensions.get("judge judge0", (None, None))
    if place != known_place:
        judge = judge0_at(place)
        current_app.extensions["judge judge0"] = (place, judge)
    return cast(Judge, judge)
