"""The page of a problem as a member sees it: statements, and what a browser fetches before the code editor."""

import gzip
import re
from functools import partial
from pathlib import Path
from urllib.parse import urljoin

from flask import g
from flask.testing import FlaskClient

from app.core.db import transaction
from app.extensions import db
from app.members.service import register_member
from app.packages.service import load_folder
from app.problems.queries import find_problem
from app.submissions import checks, storing
from app.submissions.check import Report
from app.submissions.grading import Grade
from app.submissions.service import save_draft, submit
from bench.boards import club, count_statements
from bench.figures import tell

PACKAGE = Path(__file__).parent.parent / "problems" / "one-gpu"
ANN = {"username": "ann", "display_name": "Ann", "email": "ann@example.org", "password": "a long enough one"}
FETCHED = re.compile(r'(?:<script src|<link rel="(?:stylesheet|icon)" href)="([^"]+)"')
IMPORTED = re.compile(r'^import .*?"(\.[^"]+)";', re.MULTILINE)


def main() -> None:
    """Tell the figures."""
    with club("") as app:
        load_folder(PACKAGE, is_published=True)
        member = register_member(**ANN)
        problem = find_problem(PACKAGE.name)
        judged, *_, queued = [submit(member, problem, "python", f"print({number})") for number in range(3)]
        with transaction():
            storing.begin(judged, "sandbox", problem.tests_version, 1)
            storing.finish(judged, problem.tests_version, Grade(total=1, passed=1))
        with transaction():
            checks.keep(Report("sandbox", "", "", "", {}, []))
        save_draft(member, problem, "python", "print(0)")
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = member.get_id()
        page = f"/problems/{problem.slug}"
        for name, address in {"judged": f"{page}?submission={judged}", "queued": f"{page}?submission={queued}"}.items():
            client.get(address)
            db.session.remove()
            g.pop("_login_user", None)  # requests here share the context, and with it who was found to be logged in
            tell(
                f"problem_page_{name}_statements",
                count_statements(partial(client.get, address), ignored=("SELECT 1",)),
                "statements",
                goal="<= 10",
            )
        tell("problem_page_weight", weight(client, page) / 1000, "kB sent, without the code editor", goal="<= 60")


def weight(client: FlaskClient, page: str) -> int:
    """Bytes sent for the page and for all that it asks for, to a browser that unpacks gzip."""
    sent, html = fetch(client, page)
    waiting, seen = FETCHED.findall(html), set[str]()
    while waiting:
        address = waiting.pop()
        if address not in seen:
            seen.add(address)
            size, text = fetch(client, address)
            sent += size
            waiting += [urljoin(address, name) for name in IMPORTED.findall(text)]
    return sent


def fetch(client: FlaskClient, address: str) -> tuple[int, str]:
    """How many bytes an answer takes on its way, and what it says."""
    with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
        is_packed = answer.content_encoding == "gzip"
        return len(answer.data), (gzip.decompress(answer.data) if is_packed else answer.data).decode()


if __name__ == "__main__":
    main()
