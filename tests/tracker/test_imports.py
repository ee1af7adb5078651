"""Rosters out of files: what each row would do, done in one transaction, and taken back."""

import io
from datetime import date

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.refusal import Refused
from app.extensions import db
from app.members.rules import clean_email
from app.tracker import imports, service, undoing
from app.tracker.cohorts import CohortDetails, create_cohort, remove_cohort
from app.tracker.models import Cohort, Handle, Participant, RosterImport, RosterUpload, Snapshot
from app.tracker.planning import Known, plan
from app.tracker.removing import remove_participant
from app.tracker.service import PersonDetails, add_person
from tests.tracker.test_tables import workbook

MAPPED = {"roll_number": 0, "name": 1, "email": 2, "codeforces": 3, "leetcode": 4}
KNOWN = [
    Known(1, {"roll_number": "E-1", "name": "Ann", "email": "ann@college.org", "codeforces": "foo"}),
    Known(2, {"roll_number": "", "name": "Ben", "email": "ben@college.org"}),
]
FATES = [
    ("E-9,New,,,", "added", [("roll_number", "", "E-9"), ("name", "", "New")], None),
    ("e-1,Ann,,,", "changed", [("roll_number", "E-1", "e-1")], None),
    ("E-1,Ann,,foo,", "unchanged", [], None),
    ("E-1,,,,", "unchanged", [], None),
    ("E-1,#N/A,-,NA,none", "unchanged", [], None),
    ("E-1,Ann,,https://codeforces.com/profile/bar,", "changed", [("codeforces", "foo", "bar")], None),
    ("E-1,,,not a handle,lc", "changed", [("leetcode", "", "lc")], "codeforces"),
    ("#VALUE!,#REF!,,,", "refused", [], "roll_number, name"),
    ("E-1,#NAME?,,#DIV/0!,", "unchanged", [], "name, codeforces"),
    ("E-1,,nowhere,,", "unchanged", [], "email"),
    (
        ",,BEN@college.org,,ben",
        "changed",
        [("email", "ben@college.org", "BEN@college.org"), ("leetcode", "", "ben")],
        None,
    ),
    ("E-2,,ben@college.org,,", "changed", [("roll_number", "", "E-2")], None),
    (",Nobody,,foo,", "refused", [], ""),
    ("2.02E+11,Lost,,,", "refused", [], "roll_number"),
    ("\ue0012021-03-05,Lost,,,", "refused", [], "roll_number"),
    ("E-1,Ann,,foo,\ue0010.5", "unchanged", [], "leetcode"),
    ("Roll No,Name of the Student,E-mail,Codeforces,LeetCode", "refused", [], ""),
    ("Total: 13 students,,,,", "refused", [], ""),
    ("HOD / CSE,,,,", "refused", [], ""),
    ("Principal,,,,", "refused", [], ""),
    ("22 CSE 042,,,,", "added", [("roll_number", "", "22 CSE 042")], None),
    ("BTECH2201,,,,", "added", [("roll_number", "", "BTECH2201")], None),
    ("ABCD,Ann Other,,,", "added", [("roll_number", "", "ABCD"), ("name", "", "Ann Other")], None),
    ("E-1,Ann,,No,0", "unchanged", [], "codeforces, leetcode"),
    (f"{'9' * 61},Long,,,", "refused", [], "roll_number"),
    (f"E-1,{'x' * 121},,,", "unchanged", [], "name"),
    ("\u200bE-1\ufeff,Ann,,f\u200boo,", "unchanged", [], None),
]


@pytest.mark.parametrize(("line", "fate", "changes", "left_out"), FATES)
def test_every_row_has_its_fate(app, line, fate, changes, left_out):
    (row,) = plan([(2, line.split(","))], MAPPED, KNOWN).rows
    assert (row.fate, row.changes, [name for name, _ in row.left_out]) == (
        fate,
        changes,
        [] if left_out is None else left_out.split(", "),
    )


def test_a_person_counts_once_in_a_file(app):
    lines = [
        "E-5,First,five@college.org,,",
        "e-5,Second,,,",
        ",Third,five@college.org,,",
        "E-2,,ben@college.org,,",
        ",,ben@college.org,,x",
    ]
    rows = plan([(number, line.split(",")) for number, line in enumerate(lines, 2)], MAPPED, KNOWN).rows
    assert [row.fate for row in rows] == ["added", "duplicate", "duplicate", "changed", "duplicate"]
    assert rows[1].left_out == [("", "Row 2 is of the same person; that one counts.")]


SAME = [
    ([",No roll,c@example.org", "2107,Roll,C@example.org"], ["added", "duplicate"]),
    (["2107,Roll,c@example.org", ",No roll,c@example.org"], ["added", "duplicate"]),
    (["2107,One,c@example.org", "2108,Two,c@example.org"], ["added", "added"]),
    (["2107,One,c@example.org", "2108,Two,c@example.org", ",Two,c@example.org"], ["added", "added", "refused"]),
    ([",Ann,ann@college.org", "E-7,Other,ann@college.org"], ["unchanged", "added"]),
    ([",Ben,ben@college.org", "E-7,Other,ben@college.org"], ["unchanged", "duplicate"]),
]


@pytest.mark.parametrize(("lines", "fates"), SAME)
def test_who_stands_twice_does_not_hang_on_the_order_of_rows(app, lines, fates):
    rows = plan([(number, line.split(",")) for number, line in enumerate(lines, 2)], MAPPED, KNOWN).rows
    assert [row.fate for row in rows] == fates


FAMILY = [
    Known(4, {"roll_number": "R4", "name": "Dan", "email": "fam@x.org"}),
    Known(5, {"roll_number": "", "name": "Eve", "email": "fam@x.org"}),
]
SHARED = [
    (FAMILY, ",Someone,fam@x.org,other", "refused", "Dan and Eve are on the roster with this"),
    (FAMILY, "R6,Fay,FAM@x.org,", "added", "Dan and Eve are on the roster already"),
    (FAMILY[:1], "R6,Dan,fam@x.org,", "added", "Dan is on the roster already"),
    (FAMILY[1:], "R6,Eve,fam@x.org,", "changed", ""),
    (FAMILY, "R4,Dan,fam@x.org,", "unchanged", ""),
]


@pytest.mark.parametrize(("people", "line", "fate", "told"), SHARED)
def test_an_address_that_several_share_or_somebody_else_has_names_nobody_silently(app, people, line, fate, told):
    (row,) = plan([(2, line.split(","))], MAPPED, people).rows
    assert (row.fate, bool(told)) == (fate, bool(row.hint or row.left_out))
    assert told in row.hint + " ".join(why for _, why in row.left_out)


ADDRESSES = ("Ann.B+c@College.Org", "ann@münchen.org", "a..b@college.org", "ann@nowhere", "@x.org", "ä@college.org")


@pytest.mark.parametrize("typed", ADDRESSES)
def test_addresses_are_what_they_are_in_accounts(app, typed):
    try:
        expected = [("roll_number", "", "E-9"), ("email", "", clean_email(typed))]
    except Refused:
        expected = [("roll_number", "", "E-9")]
    assert plan([(2, ["E-9", "", typed])], MAPPED, KNOWN).rows[0].changes == expected


@pytest.fixture
def roster(cohort) -> Cohort:
    """With Ann, whose handle is verified and has a day of history."""
    ann = add_person(cohort.id, PersonDetails("Ann", "E-1", "ann@college.org", {"codeforces": "foo", "leetcode": "lc"}))
    with transaction():
        for row in db.session.scalars(select(Handle).where(Handle.participant_id == ann.id)):
            row.state, row.rating, row.known_at = "verified", 1500.0, clock.now()
            db.session.add(Snapshot(handle_id=row.id, day=date(2026, 1, 1), rating=1500.0))
    return db.session.get_one(Cohort, cohort.id)


FILE = b"""Name,Roll No,CF handle,LeetCode profile,Phone
Ann,E-1,bar,LC,1
Ben,E-2,codeforces.com/profile/Ben.B,,2
Cid,,cid,,3
Ben again,e-2,,,4
Dan,E-4,not a handle,dan,5
"""


@pytest.fixture
def organiser(client, make_member, log_in):
    return log_in(client, make_member("olga", role="organiser"))


def send(client, cohort, content: bytes, name: str = "roster.csv"):
    return client.post(f"/cohorts/{cohort.slug}/import", data={"file": (io.BytesIO(content), name)})


def seen_on(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def state(cohort) -> dict[str, object]:
    """Everything that an import can change, without the numbers of rows."""
    db.session.rollback()
    people = db.session.scalars(select(Participant).where(Participant.cohort_id == cohort.id))
    return {
        f"{person.roll_number} {person.roll_folded} {person.name} {person.email}": {
            row.platform: (
                row.handle,
                row.folded,
                row.state,
                row.rating,
                [(day.day, day.rating) for day in row.snapshots],
            )
            for row in person.handles
        }
        for person in people
    }


def test_a_file_is_shown_row_by_row_before_it_does_anything(organiser, roster):
    before = state(roster)
    assert send(organiser, roster, FILE).status_code == 302
    page = organiser.get(f"/cohorts/{roster.slug}/import").text
    for told in (
        "2 would be added",
        "1 would be changed",
        "1 of somebody in a row above",
        "1 refused",
        "1 cell is left out",
        "Codeforces foo → bar",
        "It has neither a roll number nor an e-mail address",
        "Row 3 is of the same person",
        "Codeforces is left out: A handle on Codeforces has 3 to 24",
        "Such as Ann",
    ):
        assert told in page, told
    refused = organiser.get(f"/cohorts/{roster.slug}/import?fate=refused").text
    assert ("Cid" in refused, "Ben again" in refused) == (True, False)
    assert "Codeforces is left out: A handle" in organiser.get(f"/cohorts/{roster.slug}/import?fate=left-out").text
    assert state(roster) == before


def test_an_import_is_applied_and_taken_back_with_its_history(organiser, roster):
    before = state(roster)
    send(organiser, roster, FILE)
    page = organiser.get(f"/cohorts/{roster.slug}/import").text
    organiser.post(f"/cohorts/{roster.slug}/import/apply", data={"seen": seen_on(page)})
    after = state(roster)
    assert sorted(after) == ["E-1 e-1 Ann ann@college.org", "E-2 e-2 Ben ", "E-4 e-4 Dan "]
    ann = after["E-1 e-1 Ann ann@college.org"]
    assert ann["codeforces"] == ("bar", "bar", "unchecked", None, [])
    assert ann["leetcode"] == ("LC", "lc", "verified", 1500.0, [(date(2026, 1, 1), 1500.0)])
    assert after["E-2 e-2 Ben "] == {"codeforces": ("Ben.B", "ben.b", "unchecked", None, [])}
    answer = organiser.post(f"/cohorts/{roster.slug}/import/undo", follow_redirects=True).text
    assert "Taken back: 2 are gone again, 1 as they were." in answer
    assert state(roster) == before
    assert (
        "There is no import to take back."
        in organiser.post(f"/cohorts/{roster.slug}/import/undo", follow_redirects=True).text
    )
    acts = db.session.execute(select(AuditRecord.act, AuditRecord.subject).where(AuditRecord.act.contains("import")))
    about = f"cohort:{roster.slug}"
    assert [tuple(act) for act in acts] == [("import roster", about), ("undo import", about)]
    ann = db.session.scalars(select(Participant)).one()
    for page in ("import", f"people/{ann.id}/edit"):
        text = organiser.get(f"/cohorts/{roster.slug}/{page}").text
        assert "olga: imported “roster.csv” into the roster: 2 added, 1 changed" in text, page
        assert "olga: took the import of “roster.csv” back: 2 gone again, 1 as they were" in text, page


def test_imports_into_a_former_cohort_of_the_same_address_are_not_those_of_the_next(organiser, roster):
    rows, mapped, _ = imports.read_rows(FILE)
    imports.import_rows(roster.id, "roster.csv", rows, mapped)
    remove_cohort(roster.id)
    slug = create_cohort(CohortDetails("Example College", "2027")).slug
    assert "Imports so far" not in organiser.get(f"/cohorts/{slug}/import").text


def test_what_somebody_touched_since_is_not_taken_back(roster, make_member):
    rows, mapped, _ = imports.read_rows(FILE)
    imports.import_rows(roster.id, "roster.csv", rows, mapped)
    people = {row.roll_number: row for row in db.session.scalars(select(Participant))}
    service.set_handle(people["E-1"].id, "codeforces", "mine")
    with transaction():
        db.session.get_one(Participant, people["E-2"].id).member_id = make_member("ben").id
    assert undoing.undo(roster.id) == undoing.Undone(removed=1, restored=0, left=2)
    after = state(roster)
    assert after["E-1 e-1 Ann ann@college.org"]["codeforces"][0] == "mine"
    assert after["E-1 e-1 Ann ann@college.org"]["leetcode"][0] == "lc"
    assert "E-2 e-2 Ben " in after


def test_only_the_newest_import_is_taken_back(roster):
    for name in (b"Roll\nE-7\n", b"Roll\nE-8\n"):
        rows, mapped, _ = imports.read_rows(name)
        imports.import_rows(roster.id, "roster.csv", rows, mapped)
    undoing.undo(roster.id)
    assert [key for key in state(roster) if key.startswith("E-7")] != []
    with pytest.raises(Refused, match="no import"):
        undoing.undo(roster.id)


def test_an_import_of_nothing_new_leaves_the_one_before_it_to_be_taken_back(roster):
    before = state(roster)
    rows, mapped, _ = imports.read_rows(b"Roll,Name\nE-1,Ann Other\n")
    for _ in range(2):
        imports.import_rows(roster.id, "roster.csv", rows, mapped)
    assert undoing.undo(roster.id).restored == 1
    assert state(roster) == before


def test_what_would_do_something_else_by_now_is_shown_anew(organiser, roster):
    send(organiser, roster, FILE)
    seen = seen_on(organiser.get(f"/cohorts/{roster.slug}/import").text)
    service.add_participant(roster.id, roll_number="E-4")
    answer = organiser.post(f"/cohorts/{roster.slug}/import/apply", data={"seen": seen}, follow_redirects=True)
    assert "Something has changed since this was shown" in answer.text
    assert db.session.scalars(select(RosterImport)).all() == []


def test_an_organiser_says_what_a_column_holds(organiser, roster):
    send(organiser, roster, b"Key,Who,Coder\nE-3,Ann,bar\n")
    page = organiser.get(f"/cohorts/{roster.slug}/import").text
    assert "2 refused" in page
    address = f"/cohorts/{roster.slug}/import/columns"
    columns = {"column-0": "roll_number", "column-1": "name", "column-2": "codeforces"}
    for ticked, told in (({}, "2 would be added"), ({"has-headings": "1"}, "1 would be added"), ({}, "2 would be add")):
        organiser.post(address, data=columns | ticked)
        page = organiser.get(f"/cohorts/{roster.slug}/import").text
        assert told in page
        assert ('name="has-headings" value="1" checked' in page) == bool(ticked)
    for wrong in ({"column-0": "name", "column-1": "name"}, {"column-9": "name"}, {"column-0": "nonsense"}):
        organiser.post(address, data=wrong)
        assert db.session.scalars(select(RosterUpload.mapped)).one() == {"roll_number": 0, "name": 1, "codeforces": 2}


def test_the_first_person_of_a_file_without_headings_is_not_lost(organiser, roster):
    send(organiser, roster, b"H1,Ann First,annf_cf\nH2,Bob Second,bobs_cf,x\n")
    page = organiser.get(f"/cohorts/{roster.slug}/import").text
    assert "None of its headings is known" in page
    address = f"/cohorts/{roster.slug}/import"
    organiser.post(f"{address}/columns", data={"column-0": "roll_number", "column-1": "name", "column-2": "codeforces"})
    organiser.post(f"{address}/apply", data={"seen": seen_on(organiser.get(address).text)})
    assert {"H1 h1 Ann First ", "H2 h2 Bob Second "} < set(state(roster))


def test_columns_and_sheets_that_are_not_read_are_named(organiser, roster):
    head = ["Timestamp", "Roll", "Where do you code?"]
    content = workbook([[*head, ""], ["today", "CSE-1", "at home"]], [head, ["today", "IT-1", "x"]], [["Notes"]])
    send(organiser, roster, content, "roster.xlsx")
    page = organiser.get(f"/cohorts/{roster.slug}/import").text
    sentence = "Only the sheet “Sheet” was read; “Sheet1”, “Sheet2” were not."
    assert ("Not used: Timestamp, Where do you code?." in page, sentence in page) == (True, True)
    done = organiser.post(f"/cohorts/{roster.slug}/import/apply", data={"seen": seen_on(page)}, follow_redirects=True)
    assert f"Done: 1 added, 0 changed. {sentence}" in done.text


def test_a_file_is_forgotten_and_one_that_is_no_roster_refused(organiser, roster):
    answer = send(organiser, roster, b"%PDF-1.7", "roster.pdf")
    assert (answer.status_code, "This is no table" in answer.text) == (422, True)
    send(organiser, roster, FILE)
    organiser.post(f"/cohorts/{roster.slug}/import/drop")
    assert db.session.scalars(select(RosterUpload.cohort_id)).all() == []


def test_markup_and_formulas_are_text(organiser, roster):
    send(organiser, roster, b"Roll,Name\nE-5,<script>alert(1)</script>\nE-6,=1+1\n")
    page = organiser.get(f"/cohorts/{roster.slug}/import").text
    assert ("<script>alert" in page, "&lt;script&gt;" in page) == (False, True)


def test_a_thousand_people_are_imported_changed_and_taken_back(roster):
    lines = [f"R-{n},Person {n},cf-{n},lc-{n}" for n in range(1_200)]
    rows, mapped, _ = imports.read_rows("\n".join(["Roll,Name,CF,LC", *lines]).encode())
    assert imports.import_rows(roster.id, "all.csv", rows, mapped).counts["added"] == 1_200
    assert db.session.scalar(select(func.count()).select_from(Handle)) == 2_402
    assert imports.import_rows(roster.id, "all.csv", rows, mapped).counts["unchanged"] == 1_200
    others = [(number, [*cells[:2], f"x{cells[2]}"]) for number, cells in rows[1:]]
    imports.import_rows(roster.id, "all.csv", [rows[0], *others], mapped)
    assert undoing.undo(roster.id).restored == 1_200
    assert db.session.scalars(select(Handle.handle).where(Handle.folded == "cf-1199")).all() == ["cf-1199"]


def test_the_command_tells_what_it_would_do_and_does_it(app, tmp_path):
    file = tmp_path / "roster.csv"
    file.write_bytes(FILE)
    run = app.test_cli_runner().invoke
    asked = ["tracker", "import", str(file), "--college", "Example College", "--batch", "2027"]
    told = run(args=[*asked, "--dry-run"]).output
    assert "2 added, 0 changed" not in told
    assert "3 added, 0 changed, 0 unchanged, 1 duplicate, 1 refused; 1 cell left out." in told
    assert "Not used: Phone\n" in told
    assert "Row 6, Codeforces: A handle on Codeforces has 3 to 24" in told
    assert ("Nothing was stored." in told, db.session.scalars(select(Cohort)).all()) == (True, [])
    assert run(args=asked).exit_code == 0
    assert run(args=[*asked[:3], *("--college", "EXAMPLE college", "--batch", "2027")]).exit_code == 0
    db.session.rollback()
    assert db.session.scalars(select(Cohort.slug)).all() == ["example-college-2027"]
    assert db.session.scalar(select(func.count()).select_from(Participant)) == 3
    assert db.session.scalars(select(RosterImport.name)).all() == ["roster.csv"]  # and not where it lies
    for content in (b"%PDF", b"Who,What\nAnn,bar\n"):
        file.write_bytes(content)
        assert run(args=[*asked[:3], "--college", "Nowhere", "--batch", "2027"]).exit_code == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Cohort)) == 1


def test_the_command_tells_what_becomes_of_each_row_and_takes_an_address(app, tmp_path):
    file = tmp_path / "roster.csv"
    run = app.test_cli_runner().invoke
    asked = ["tracker", "import", str(file), "--college", "例の大学", "--batch", "期", "--slug", "example"]
    file.write_bytes(b"Roll,Name,CF\nE-1,Ann,foo\nE-2,Ben,\n")
    assert "Row 2: added, Ann: Roll number E-1, Name Ann, Codeforces foo\n" in run(args=asked).output
    file.write_bytes(b"Roll,Name,CF,LC\nE-1,,bar,lc\nE-2,Ben,,\ne-2,,,\n")
    told = run(args=[*asked, "--dry-run"]).output
    assert "Row 2: changed, E-1: Codeforces foo → bar, LeetCode none → lc\nRow 3: unchanged, Ben\n" in told
    assert "Row 4: duplicate, e-2\nRow 4: Row 3 is of the same person" in told
    db.session.rollback()
    assert db.session.scalars(select(Cohort.slug)).all() == ["example"]


def test_people_of_another_cohort_are_left_alone(roster):
    other = create_cohort(CohortDetails("Other College", "2027"))
    rows, mapped, _ = imports.read_rows(b"Roll,Name\nE-1,Somebody else\n")
    assert imports.import_rows(other.id, "roster.csv", rows, mapped).counts["added"] == 1
    assert "E-1 e-1 Ann ann@college.org" in state(roster)


def test_a_removed_person_is_in_no_import_and_no_file(organiser, roster):
    rows, mapped, _ = imports.read_rows(FILE)
    imports.import_rows(roster.id, "roster.csv", rows, mapped)
    imports.receive(roster.id, "roster.csv", FILE)
    people = {row.roll_number: row.id for row in db.session.scalars(select(Participant))}
    page = organiser.post(f"/cohorts/{roster.slug}/people/{people['E-1']}/remove", follow_redirects=True).text
    assert "The file that waited to be imported is forgotten too" in page
    assert db.session.scalars(select(RosterUpload.cohort_id)).all() == []
    assert remove_participant(people["E-2"]) is False
    before = str(undoing.unpacked(db.session.scalars(select(RosterImport.before)).one()))
    assert [word for word in ("Ann", "E-1", "foo", "E-2", "Ben") if word in before] == []
    assert "Dan" in before
    assert undoing.undo(roster.id) == undoing.Undone(removed=1, restored=0, left=0)
    assert state(roster) == {}


def test_an_import_of_removed_people_alone_cannot_be_taken_back(roster):
    rows, mapped, _ = imports.read_rows(b"Roll,Name\nE-1,Ann Other\n")
    imports.import_rows(roster.id, "roster.csv", rows, mapped)
    remove_participant(db.session.scalars(select(Participant.id)).one())
    assert db.session.scalars(select(RosterImport.cohort_id)).all() == []
