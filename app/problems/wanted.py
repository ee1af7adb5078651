"""Which problems an address asks for."""

from flask import request
from flask_login import current_user

from app.core.text import one_line
from app.problems import queries
from app.problems.models import DIFFICULTIES
from app.problems.queries import Wanted


def is_organiser() -> bool:
    """Whether whoever looks may see drafts."""
    return current_user.is_authenticated and current_user.is_organiser


def wanted() -> Wanted:
    """What is asked for, of what whoever looks may see."""
    asked = {name: one_line(request.args.get(name, ""))[:100] for name in ("difficulty", "category", "tag", "status")}
    is_known = asked["status"] in queries.STATUSES and (asked["status"] != "draft" or is_organiser())
    return Wanted(
        search=one_line(request.args.get("q", ""))[:100],
        difficulty=asked["difficulty"] if asked["difficulty"] in DIFFICULTIES else "",
        category=asked["category"],
        tag=asked["tag"],
        status=asked["status"] if is_known else "published",
    )
