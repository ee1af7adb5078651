"""Files of a cohort: the columns of old, colours and medals, text that stays text, and who gets which."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from app.core import clock
from app.core.db import transaction
from app.extensions import db, redis_client
from app.tracker import service
from app.tracker.models import Cohort, Handle
from tests.conftest import detached

FIVE = ["Codeforces", "CodeChef", "LeetCode", "HackerRank", "GeeksforGeeks"]
HEADER = [
    "Rank",
    "Registration ID",
    "Name",
    "Batch",
    *[f"{name} Score" for name in FIVE],
    *[f"{name} Handle" for name in FIVE],
    "Overall Score",
    "Percentile",
    *[f"{name} Normalised" for name in FIVE],
    "Active Platforms",
    "Normalised Score",
]


@pytest.fixture
def cohort(cohort):
    people = {"Ann": 1500, "Ben": 1200, '=HYPERLINK("x")': 900, "Dan": 600}
    for number, (name, rating) in enumerate(people.items()):
        person = service.add_participant(cohort.id, name=name, roll_number=f"+R{number}", email="ann@college.example")
        service.set_handle(person.id, "codeforces", f"coder{number}")
        with transaction():
            values = {"state": "verified", "rating": rating, "checked_at": clock.now()}
            db.session.execute(update(Handle).where(Handle.participant_id == person.id).values(**values))
    service.set_handle(person.id, "leetcode", "gone")
    with transaction():
        db.session.execute(update(Handle).where(Handle.handle == "gone").values(state="missing", rating=5000))
        db.session.execute(update(Cohort).values(visibility="members"))
    return detached(db.session.get(Cohort, cohort.id))


@pytest.fixture
def make_workbook(client, run_jobs, cohort):
    """make_workbook(): what the client's member gets after pressing the button, and the job has run."""

    def make():
        client.post(f"/cohorts/{cohort.slug}/export")
        run_jobs()
        answer = client.get(f"/cohorts/{cohort.slug}/export/leaderboard.xlsx")
        assert answer.status_code == 200
        return answer.data

    return make


def test_the_workbook_is_the_one_they_know(client, log_in, make_member, make_workbook):
    log_in(client, make_member(role="organiser"))
    book = load_workbook(io.BytesIO(make_workbook()))
    assert book.sheetnames == ["Leaderboard", "Summary", "Charts"]
    sheet = book["Leaderboard"]
    rows = list(sheet.iter_rows(values_only=True))
    assert list(rows[0]) == HEADER
    assert rows[1][:5] == (1, "+R0", "Ann", "2027", 1500)
    assert rows[1][-9:] == (1500, 75, 100, 0, 0, 0, 0, 1, 100)
    assert rows[4][6] is None  # what does not exist counts nothing
    colours = [sheet.cell(row, 1).fill.fgColor.rgb for row in range(2, 6)]
    assert colours[:3] == ["FFF5C242", "FFC3C9D2", "FFDD9A63"]
    assert colours[3] == "00000000"
    assert (sheet["J2"].font.color.rgb, sheet["L5"].font.color.rgb) == ("FF16693A", "FFB4232C")
    scaled = {str(area.sqref) for area in sheet.conditional_formatting}
    assert {"E2:E5", "O2:O5", "W2:W5"} <= scaled
    assert len(book["Charts"]._charts) == 3
    summary = list(book["Summary"].iter_rows(values_only=True))
    assert ("LeetCode", 1, 0, 1, 0, 0, 0) in summary


def test_no_text_of_it_is_a_formula_or_a_link(client, log_in, make_member, make_workbook):
    log_in(client, make_member(role="organiser"))
    with zipfile.ZipFile(io.BytesIO(make_workbook())) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "HYPERLINK" in parts.read("xl/sharedStrings.xml").decode()
    assert not re.search(r"<f>|<hyperlink", sheet)


def test_the_csv_has_the_same_columns_and_makes_formulas_harmless(client, log_in, make_member, cohort):
    log_in(client, make_member(role="organiser"))
    text = client.get(f"/cohorts/{cohort.slug}/export/leaderboard.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == HEADER
    assert rows[1][:5] == ["1", "'+R0", "Ann", "2027", "1500.0"]
    assert rows[3][2] == '\'=HYPERLINK("x")'


def test_registration_ids_are_in_organisers_files_alone_and_addresses_in_none(
    client, log_in, make_member, make_workbook, cohort
):
    log_in(client, make_member())
    whole = load_workbook(io.BytesIO(make_workbook()))
    texts = {str(value) for sheet in whole for row in sheet.iter_rows(values_only=True) for value in row}
    text = client.get(f"/cohorts/{cohort.slug}/export/leaderboard.csv").text
    assert "Registration ID" not in texts | set(text.split(","))
    assert not [one for one in texts if "R0" in one or "college.example" in one]
    assert "R0" not in text
    log_in(client, make_member("olga", role="organiser"))
    assert "college.example" not in client.get(f"/cohorts/{cohort.slug}/export/leaderboard.csv").text


def test_a_workbook_is_for_who_asked_as_long_as_they_may(client, log_in, make_member, make_workbook, cohort):
    ann, address = make_member(), f"/cohorts/{cohort.slug}/export"
    log_in(client, ann)
    make_workbook()
    assert "Download the workbook" in client.get(address).text
    log_in(client, make_member("ben"))
    assert client.get(f"{address}/leaderboard.xlsx").headers["Location"] == address
    log_in(client, ann)
    with transaction():
        db.session.execute(update(Cohort).values(visibility="organisers"))
    paths = ("", "/leaderboard.csv", "/leaderboard.xlsx")
    assert {client.get(f"{address}{path}").status_code for path in paths} == {404}


def test_who_is_an_organiser_no_longer_does_not_get_the_organisers_file(
    client, log_in, make_member, make_workbook, cohort
):
    olga = make_member(role="organiser")
    log_in(client, olga)
    make_workbook()
    with transaction():
        db.session.merge(olga).role = "member"
    answer = client.get(f"/cohorts/{cohort.slug}/export/leaderboard.xlsx")
    assert answer.status_code == 302


def test_a_workbook_expires(client, log_in, make_member, make_workbook, cohort):
    log_in(client, make_member())
    make_workbook()
    [key] = redis_client().keys("mlbattle:workbook:*")
    assert 0 < redis_client().ttl(key) <= timedelta(hours=1).total_seconds()
    redis_client().delete(key)
    page = client.get(f"/cohorts/{cohort.slug}/export/leaderboard.xlsx", follow_redirects=True).text
    assert "not kept any more" in page
    assert "Make the workbook" in page


def test_a_job_for_who_may_not_see_it_any_more_makes_nothing(client, log_in, make_member, run_jobs, cohort):
    log_in(client, make_member())
    client.post(f"/cohorts/{cohort.slug}/export")
    with transaction():
        db.session.execute(update(Cohort).values(visibility="organisers"))
    run_jobs()
    assert redis_client().keys("mlbattle:workbook:*") == []


def test_an_empty_cohort_makes_a_workbook_too(client, log_in, make_member, make_workbook, cohort):
    with transaction():
        db.session.execute(Handle.__table__.delete())
    log_in(client, make_member())
    book = load_workbook(io.BytesIO(make_workbook()))
    assert book["Leaderboard"].max_row == 5
    assert len(book["Charts"]._charts) == 2
    assert not [row for row in book["Summary"].iter_rows(values_only=True) if " to " in str(row[0])]
