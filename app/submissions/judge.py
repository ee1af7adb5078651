"""The judge that this site uses."""

from typing import cast

from flask import current_app

from app.core.db import transaction
from app.core.jobs import enqueue
from app.core.refusal import Refused
from app.submissions import checks, outages
from app.submissions.callbacks import bells
from app.submissions.judge_settings import Judge0Place, choose, judge0_place, judge_name, keep_place
from app.submissions.judges.base import Judge
from app.submissions.judges.judge0 import Judge0
from app.submissions.judges.judge0_calls import CALL_SECONDS, TOKEN_FIX
from app.submissions.judges.none import NoJudge
from app.submissions.judges.sandbox import Sandbox

TRIAL_SECONDS = 6.0  # a page waits for it
JUDGES: dict[str, type[Judge]] = {Sandbox.name: Sandbox, NoJudge.name: NoJudge}
TITLES = {judge.name: judge.title for judge in (Sandbox, Judge0, NoJudge)}
NO_ENTRY = "Judge0, or a gateway before it, does not accept this token, or wants it in another header."
NO_ADDRESS = NoJudge("Nobody has said where Judge0 is.", "Set JUDGE0_URL, or type it in on the page “Judge”.")


def current_judge() -> Judge:
    """The judge in use at this moment; one a process, because it remembers what it found out about itself."""
    name = judge_name()
    if name == Judge0.name:
        return _judge0(judge0_place())
    return cast(Judge, current_app.extensions.setdefault(f"judge {name}", JUDGES[name]()))


def judge0_at(place: Judge0Place, seconds: float = CALL_SECONDS) -> Judge0:
    """A judge that knows nothing of that Judge0 yet; each call to it may take so many seconds."""
    return Judge0(place.url, dict(place.headers), bell=bells(), call_seconds=seconds)


def _judge0(place: Judge0Place | None) -> Judge:
    if place is None:
        return NO_ADDRESS
    known_place, judge = current_app.extensions.get("judge judge0", (None, None))
    if place != known_place:
        judge = judge0_at(place)
        current_app.extensions["judge judge0"] = (place, judge)
    return cast(Judge, judge)


def connect_judge0(place: Judge0Place) -> None:
    """Have this Judge0 judge from now on; Refused unless it answers as one that can."""
    faults = judge0_at(place, TRIAL_SECONDS).probe()
    if faults:
        field = "token" if faults[0].fix == TOKEN_FIX else "url"
        raise Refused(field, NO_ENTRY if field == "token" else f"{faults[0].reason} {faults[0].fix}")
    with transaction():
        keep_place(place)
        identity = Judge0.identity_at(place.url)
        outages.end(identity)
        checks.forget(identity)
        checks.request_check()


def use_judge(name: str) -> None:
    """Have programs judged by this one from now on, in all processes; what waits gets in line for it.

    What was wrong with it when it was last used may be over: that is found out anew.
    """
    with transaction():
        choose(name)
        _, identity = checks.in_use()
        outages.end(identity)
        enqueue("take_turns", subject="")
        enqueue("check_judge", subject="")
