"""Handing in a leaderboard file: preview, yes, result; by form and by command."""

import io
import json

import pytest
from sqlalchemy import select

from app.competitions.models import BoardFile, Entry
from app.core import live
from app.core.jobs import Job
from app.extensions import db
from tests.conftest import HEADER

BOARDS = "/competitions/titanic/boards"
ROW = "1,10,Ann,2026-01-01 00:00:00,0.9,3,annk"


def board(*rows, name="board.csv"):
    return {"file": (io.BytesIO("\n".join((HEADER, *rows)).encode()), name)}


@pytest.fixture
def organiser(client, make_member, log_in, make_competition):
    make_competition("titanic")
    make_member("ann", kaggle="annk")
    return log_in(client, make_member("olga", role="organiser"))


def hand_in(client, *rows):
    return client.post(BOARDS, data=board(*rows)).headers["Location"]


def count(table):
    db.session.rollback()
    return len(db.session.scalars(select(table)).all())


def test_the_preview_tells_and_changes_nothing(organiser):
    page = organiser.get(hand_in(organiser, ROW, "2,11,Bob,2026-01-01 00:00:00,,1,x")).text
    for told in ("by username", "Ann", "new entry", "its score is blank"):
        assert told in page
    assert count(Entry) == 0


def test_a_yes_applies_it_in_the_background(organiser, run_jobs):
    address = hand_in(organiser, ROW)
    organiser.post(f"{address}/apply")
    assert "Queued" in organiser.get(address).text
    run_jobs()
    assert "1 created" in organiser.get(address).text
    assert "0.9" in organiser.get("/competitions/titanic/leaderboard").text


def test_pressed_twice_it_applies_once(organiser, run_jobs):
    address = hand_in(organiser, ROW)
    organiser.post(f"{address}/apply")
    organiser.post(f"{address}/apply")
    assert len([j for j in db.session.scalars(select(Job)).all() if j.kind == "apply_board"]) == 1
    run_jobs()
    assert "not waiting any more" in organiser.post(f"{address}/apply", follow_redirects=True).text


def test_a_dropped_file_changes_nothing_and_is_let_go(organiser):
    address = hand_in(organiser, ROW)
    organiser.post(f"{address}/drop")
    file = db.session.scalars(select(BoardFile)).one()
    assert (file.state, file.content, count(Entry)) == ("dropped", None, 0)


def test_a_doubtful_board_needs_the_box_ticked(organiser, apply_csv, run_jobs):
    competition = db.session.scalars(select(BoardFile.competition.property.mapper.class_)).first()
    apply_csv(competition, *(f"{n},{n},T{n},2026-01-01 00:00:00,0.5,1,s{n}" for n in range(1, 9)))
    address = hand_in(organiser, ROW)
    assert "fewer than half" in organiser.get(address).text
    organiser.post(f"{address}/apply")
    run_jobs()
    assert count(Entry) == 0
    organiser.post(f"{address}/apply", data={"is_confirmed": "yes"})
    run_jobs()
    assert count(Entry) == 1


def test_what_is_no_leaderboard_is_said_beside_the_field(organiser):
    answer = organiser.post(BOARDS, data={"file": (io.BytesIO(b"<html>"), "x.csv")})
    assert (answer.status_code, "not a Kaggle leaderboard" in answer.text, count(BoardFile)) == (422, True, 0)


def test_no_file_is_said_beside_the_field(organiser):
    answer = organiser.post(BOARDS, data={})
    assert (answer.status_code, "Choose the file" in answer.text) == (422, True)


def test_only_the_last_good_file_is_kept(organiser, run_jobs):
    for row in (ROW, ROW.replace("0.9", "0.95")):
        organiser.post(f"{hand_in(organiser, row)}/apply")
        run_jobs()
    files = db.session.scalars(select(BoardFile).order_by(BoardFile.id)).all()
    assert [file.content is None for file in files] == [True, False]


def test_a_file_of_another_competition_is_not_found_here(organiser, make_competition):
    make_competition("other")
    address = hand_in(organiser, ROW)
    assert organiser.get(address.replace("titanic", "other")).status_code == 404


def test_the_pushed_board_has_the_bytes_of_the_fetched_one(organiser, run_jobs, monkeypatch):
    pushed = {}
    monkeypatch.setattr(
        live, "publish_all", lambda messages: pushed.update({topic: html for topic, html, _ in messages})
    )
    organiser.post(f"{hand_in(organiser, ROW)}/apply")
    run_jobs()
    fetched = organiser.get("/competitions/titanic/leaderboard", headers={"HX-Request": "true"}).text
    whole = organiser.get("/competitions/titanic/leaderboard").text
    for topic in ("board:1:1", "board:1:status", "board:1:entrants"):
        assert pushed[topic] in fetched
        assert pushed[topic] in whole


def test_the_fragment_has_an_etag_that_a_change_ends(organiser, run_jobs):
    address = "/competitions/titanic/leaderboard"
    first = organiser.get(address, headers={"HX-Request": "true"})
    again = {"HX-Request": "true", "If-None-Match": first.headers["ETag"]}
    assert organiser.get(address, headers=again).status_code == 304
    organiser.post(f"{hand_in(organiser, ROW)}/apply")
    run_jobs()
    assert organiser.get(address, headers=again).status_code == 200


def test_csv_cells_that_would_be_formulas_are_made_harmless(client, organiser, make_member, apply_csv):
    competition = db.session.scalars(select(BoardFile.competition.property.mapper.class_)).first()
    apply_csv(competition, "1,10,=cmd(),2026-01-01 00:00:00,-0.9,3,annk")
    text = client.get("/competitions/titanic/leaderboard.csv").text
    assert "'=cmd()" in text
    assert ",-0.9," in text


def test_the_spreadsheet_has_the_points_of_the_page(client, make_member, make_competition, apply_csv):
    make_member("ann", kaggle="annk")
    apply_csv(make_competition("graded", worst_score=0.0, best_score=1.0), ROW.replace("0.9", "0.45684"))
    assert ",0.45684,45.68," in client.get("/competitions/graded/leaderboard.csv").text


def test_find_me_leads_to_the_page_and_row(client, make_member, log_in, make_competition, apply_csv):
    titanic = make_competition("titanic")
    for number in range(60):
        make_member(f"m{number:02}", kaggle=f"k{number}")
    apply_csv(titanic, *(f"{n + 1},{n},T{n},2026-01-01 00:00:00,0.5,1,k{n}" for n in range(60)))
    last = db.session.scalars(select(Entry).where(Entry.place == 60)).one()
    log_in(client, last.member)
    assert client.get("/competitions/titanic/leaderboard/me").headers["Location"].endswith(f"?page=2#entry-{last.id}")


@pytest.mark.parametrize(
    "sort", ["place", "member", "rank", "score", "points", "change", "submitted", "submissions", "rubbish"]
)
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_column_sorts(client, organiser, sort, order):
    assert client.get(f"/competitions/titanic/leaderboard?sort={sort}&order={order}").status_code == 200


@pytest.fixture
def board_path(tmp_path, organiser):
    path = tmp_path / "board.csv"
    path.write_text("\n".join((HEADER, ROW, "2,11,Bob,2026-01-01 00:00:00,abc,1,x")))
    return str(path)


def test_by_command_one_line_of_counts(app, board_path):
    result = app.test_cli_runner().invoke(args=["competitions", "import-leaderboard", "titanic", board_path])
    assert result.stdout == "rows=2 ranked=1 matched=1 created=1 updated=0 unchanged=0 left=0 refused=1\n"
    assert "row 3 (Bob) is refused" in result.stderr


def test_a_dry_run_writes_nothing(app, board_path):
    result = app.test_cli_runner().invoke(
        args=["competitions", "import-leaderboard", "titanic", board_path, "--dry-run", "--json"]
    )
    assert json.loads(result.stdout)["created"] == 1
    assert (count(Entry), count(BoardFile)) == (0, 0)


def test_not_a_leaderboard_is_a_sentence_and_a_failure(app, organiser, tmp_path):
    (tmp_path / "x.csv").write_text("hello")
    result = app.test_cli_runner().invoke(
        args=["competitions", "import-leaderboard", "titanic", str(tmp_path / "x.csv")]
    )
    assert (result.exit_code, result.output.startswith("Error: This is not a Kaggle leaderboard")) == (1, True)


def test_matching_again_finds_late_members_and_keeps_the_record(organiser, make_member, run_jobs):
    address = hand_in(organiser, ROW, "2,11,Bob,2026-01-01 00:00:00,0.5,1,bobk")
    organiser.post(f"{address}/apply")
    run_jobs()
    make_member("bob", kaggle="bobk")
    organiser.post(f"{BOARDS}/rematch")
    run_jobs()
    assert count(Entry) == 2
    assert "1 created" in organiser.get(address).text


def test_there_is_nothing_to_match_again_before_the_first_board(organiser):
    assert "no board yet" in organiser.post(f"{BOARDS}/rematch", follow_redirects=True).text
