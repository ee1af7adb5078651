"""Every page, found from the URL map, as everybody: accessible in light and dark, and no wider than a phone."""

import json

import pytest

from app.packages.judging import JudgedReference
from app.packages.reports import Report
from tests.browser.conftest import ROLES
from tests.browser.looks import faults_of
from tests.routes import SampleClub, addresses

NOT_PAGES = ("/healthz", ".csv", ".ics", ".png", ".webp", ".xlsx", ".zip", "/avatar", "/competitions/scale")
# The tables as they are stored share their pages: one of each stands for all.
STORED = "/admin/tables/"
STORED_PAGES = (STORED, f"{STORED}members/", f"{STORED}members/details/?id=1", f"{STORED}events/confirm/?id=1")
NOT_THERE = ("/nothing-here", "/reset/no-such-token", "/invitations/no-such-invitation")
CONTENT = """() => document.querySelector("main").innerHTML.replace(/name="csrf_token"[^>]*/g, "")"""

HAND_IN = """INSERT INTO submissions (member_id, problem_id, language, source, submitted_at, verdict)
    SELECT m.id, p.id, 'python', 'print(1)', '2026-11-01 12:00:00', 'WA' FROM members m, problems p
    WHERE m.username = 'gradient-greta' AND p.slug = 'one-gpu' RETURNING id"""

ADD_COHORT = """INSERT INTO cohorts (slug, college, batch, visibility, hackerrank_contests, created_at)
    VALUES ('every-page', 'Every Page College', '2027', 'members', '["warm-up"]', '2026-11-01 12:00:00')
    ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug RETURNING id"""
ADD_PERSON = """INSERT INTO participants (cohort_id, name, roll_number, roll_folded, email, created_at)
    VALUES ({}, 'Paula Page', 'P-1', '', 'paula@college.example', '2026-11-01 12:00:00') RETURNING id"""
REJUDGE = """INSERT INTO rejudges (problem_id, rules, begun_at, dropped_at)
    SELECT id, '{}', '2026-11-01 12:00:00', '2026-11-01 12:30:00' FROM problems WHERE slug = 'one-gpu' RETURNING id"""
REPORT = Report(
    slug="one-gpu",
    title="One GPU",
    time_limit_s=1.0,
    rows=[("Time limit", "1 s", ".timelimit")],
    references=[JudgedReference("accepted/a.py", "python", "AC", "WA", 12, 9000, "on test 3")],
    judged_at="2026-11-01T12:00:00+00:00",
    contradictions=["submissions/accepted/a.py should be accepted, and came to WA."],
    doubts=["There is no statement in English."],
    changes=[("time limit in seconds", "2.0", "1.0")],
    seen="",
)
UPLOAD_PACKAGES = """INSERT INTO package_uploads (name, content, received_at, folders, folder, report)
    VALUES ('two.zip', x'504b', datetime('now'), '["one", "two"]', 'one', '{}') RETURNING id"""


@pytest.fixture
def pages(whole_app, site, kaggle):
    kaggle.add("house-prices")
    arguments = {
        "cohort_slug": "every-page",
        "invitation": "no-such-invitation",
        "participant_id": site.value(ADD_PERSON.format(site.value(ADD_COHORT))),
        "slug": "leaf-doctor",
        "problem_slug": "one-gpu",
        "picture_name": "nothing.png",
        "rejudge_id": site.value(REJUDGE),
        "upload_id": site.value(UPLOAD_PACKAGES.format(json.dumps(REPORT.as_json()))),
        "platform_key": "codechef",
        "submission_id": site.value(HAND_IN),
        "test_id": site.value(
            "SELECT max(id) FROM test_cases WHERE problem_id = (SELECT id FROM problems WHERE slug = 'one-gpu')"
        ),
        "event_slug": "neural-night",
        "board_id": site.value(
            "SELECT max(id) FROM board_files"
            " WHERE competition_id = (SELECT id FROM competitions WHERE slug = 'leaf-doctor')"
        ),
        "job_id": 1,
        "export_type": "csv",
        "kaggle_slug": "house-prices",
        "member_id": 1,
        "dispute_id": 1,
        "username": "gradient-greta",
        "rated_slug": "digit-warm-up",
        "rated_member_id": site.value("SELECT min(member_id) FROM rating_events WHERE competition_id = 1"),
        "token": "no-such-token",
    }
    club = SampleClub(None, None, None, arguments)
    own = [address for address in addresses(whole_app, club) if not address.startswith(STORED)]
    return [*(address for address in own if not address.endswith(NOT_PAGES)), *STORED_PAGES]


@pytest.fixture(scope="module")
def looked_at():
    """What pages held besides their head and foot: many are the same for several roles."""
    return set()


@pytest.mark.parametrize("role", ["", *ROLES], ids=["visitor", *ROLES])
def test_every_page_is_accessible_and_fits(open_page, pages, role, complaints, looked_at):
    page = open_page("/", role=role, reduced_motion="reduce")
    wrong = faults_of(page)
    for address in sorted({*pages, *NOT_THERE}):
        status = page.goto(address).status
        if status == 404 and address not in NOT_THERE:
            wrong.append(f"{address} is not there")
        content = page.evaluate(CONTENT)
        if content not in looked_at:
            wrong += faults_of(page)
        looked_at.add(content)
    # Pages that are not this role's answer 403, a bad link 404: the browser writes that down, and rightly.
    complaints[:] = [text for text in complaints if "status of 403" not in text and "status of 404" not in text]
    assert wrong == []
    assert len(pages) > 15
