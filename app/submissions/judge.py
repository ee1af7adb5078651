"""The judge that this site uses."""

from typing import cast

from flask import current_app

from app.submissions.judges.base import Judge
from app.submissions.judges.none import NoJudge
from app.submissions.judges.sandbox import Sandbox

JUDGES: dict[str, type[Judge]] = {Sandbox.name: Sandbox, NoJudge.name: NoJudge}


def current_judge() -> Judge:
    """The judge that the setting JUDGE names; one a process, because it remembers that it was probed."""
    name = current_app.config["JUDGE"]
    return cast(Judge, current_app.extensions.setdefault(f"judge {name}", JUDGES[name]()))
