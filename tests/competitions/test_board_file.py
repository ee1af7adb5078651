"""Kaggle's leaderboard files, as they are and as people break them."""

import io
import random
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from app.competitions.sources.base import NotALeaderboard, Standings, Wanted
from app.competitions.sources.board_file import read_board

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HEADER = "Rank,TeamId,TeamName,LastSubmissionDate,Score,SubmissionCount,TeamMemberUserNames"
OLD_HEADER = "TeamId,TeamName,SubmissionDate,Score"
MEGABYTE = 1024 * 1024


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return ("\ufeff" + "\n".join((header, *rows)) + "\n").encode()


def zip_of(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def read(
    content: bytes, *, usernames=("annk",), team_ids=(), higher=True, name="board.csv", max_bytes=MEGABYTE
) -> Standings:
    wanted = Wanted(frozenset(usernames), frozenset(team_ids))
    return read_board(content, name, wanted, received_at=NOW, is_higher_better=higher, max_bytes=max_bytes)


def row(*, rank="3", team_id="10", name="Ann", date="2026-01-02 03:04:05", score="0.5", count="7", users="annk") -> str:
    return f'{rank},{team_id},"{name}","{date}",{score},{count},"{users}"'


def test_a_row_is_read_whole():
    standing = read(csv_of(row())).standings[0]
    assert (standing.row, standing.team_id, standing.team_name, standing.usernames) == (2, "10", "Ann", ("annk",))
    assert (standing.rank, standing.score, standing.score_text, standing.submission_count) == (3, 0.5, "0.5", 7)
    assert standing.submitted_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_only_rows_that_concern_the_club_are_kept_but_all_are_counted():
    board = read(csv_of(row(), *(row(team_id=str(n), users=f"stranger{n}", name=f"T{n}") for n in range(20, 5000))))
    assert (board.rows, board.ranked, len(board.standings)) == (4981, 4981, 1)


@pytest.mark.parametrize("users", ["annk", "AnnK", "bobk,annk", "bobk, ANNK ,carlk"])
def test_a_member_is_found_among_the_usernames_whatever_the_case(users):
    assert [found.team_id for found in read(csv_of(row(users=users))).standings] == ["10"]


@pytest.mark.parametrize("name", ["annk", " AnnK ", "ANNK"])
def test_a_team_called_like_a_username_is_kept_too(name):
    assert len(read(csv_of(row(name=name, users="stranger"))).standings) == 1


@pytest.mark.parametrize(
    "name", ["NA", "null", "None", "Dan, Eve, & Friends", 'He said ""hi""', "日本 🚀", "=1+1", "[Deleted] 1"]
)
def test_any_team_name_is_text(name):
    board = read(csv_of(row(name=name)))
    assert board.standings[0].team_name == name.replace('""', '"')


def test_edge_spaces_of_a_team_name_go():
    assert read(csv_of(row(name=" Ann  "))).standings[0].team_name == "Ann"


@pytest.mark.parametrize(
    "score", ["", " ", "abc", "1,5".replace(",", ";"), "nan", "inf", "-inf", "1_000", "1e999", "--1"]
)
def test_a_score_that_is_no_number_refuses_its_row_and_no_other(score):
    board = read(csv_of(row(score=score, team_id="9"), row()))
    assert [refused.row for refused in board.refused] == [2]
    assert (board.rows, board.ranked, [found.team_id for found in board.standings]) == (2, 1, ["10"])
    assert "score" in board.refused[0].reason


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (row(team_id=""), "no TeamId"),
        (row(rank="x"), "rank"),
        (row(rank="-1"), "rank"),
        ("1,2,3", "3 cells instead of 7"),
        (row() + ",extra", "8 cells instead of 7"),
    ],
)
def test_a_broken_row_is_refused_and_named(broken, reason):
    board = read(csv_of(broken, row(team_id="11")))
    assert reason in board.refused[0].reason
    assert len(board.standings) == 1


def test_the_second_row_of_a_team_is_refused():
    board = read(csv_of(row(score="0.9"), row(score="0.1")))
    assert [found.score for found in board.standings] == [0.9]
    assert "twice" in board.refused[0].reason


def test_a_team_is_known_again_in_a_later_slice():
    others = (row(team_id=str(n), users=f"s{n}") for n in range(1000, 4000))
    assert len(read(csv_of(row(), *others, row())).refused) == 1


def test_blank_lines_are_nothing():
    board = read(csv_of(row(), "", row(team_id="11"), ""))
    assert (board.rows, len(board.refused)) == (2, 0)


def test_rank_zero_is_not_ranked():
    board = read(csv_of(row(rank="0"), row(team_id="11", users="x")))
    assert (board.rows, board.ranked, board.standings[0].rank) == (2, 1, None)


def test_columns_are_found_by_name_in_any_order_and_case():
    board = read(csv_of("0.7,Ann,10,annk", header="score,TEAMNAME,TeamID, TeamMemberUserNames "))
    assert (board.standings[0].score, board.standings[0].usernames) == (0.7, ("annk",))


def test_without_ranks_score_then_the_earlier_submission_decide():
    rows = (
        "1,First,2017-01-02 00:00:00,0.1",
        "2,annk,2017-01-03 00:00:00,0.2",
        "3,Tie,2017-01-01 00:00:00,0.2",
        "4,Last,2017-01-01 00:00:00,0.9",
    )
    lower = read(csv_of(*rows, header=OLD_HEADER), higher=False)
    higher = read(csv_of(*rows, header=OLD_HEADER), higher=True)
    assert (lower.has_ranks, lower.ranked, lower.standings[0].rank) == (False, 4, 3)
    assert higher.standings[0].rank == 3


def test_without_ranks_equal_score_and_time_share_a_rank():
    rows = [f"{n},{name},2017-01-01 00:00:00,0.5" for n, name in enumerate(("annk", "bobk"))]
    board = read(csv_of("9,Best,2017-01-01 00:00:00,0.9", *rows, header=OLD_HEADER), usernames=("annk", "bobk"))
    assert [found.rank for found in board.standings] == [2, 2]


def test_all_scores_zero_is_noticed():
    assert read(csv_of(row(score="0.00000"), row(team_id="11", score="0"))).is_all_zero
    assert not read(csv_of(row(score="0.00000"), row(team_id="11", score="0.1"))).is_all_zero


@pytest.mark.parametrize(
    "name", ["t-publicleaderboard-2026-11-20T10:20:30.csv", "t-publicleaderboard-2026-11-20T10_20_30.csv"]
)
def test_the_name_tells_the_moment(name):
    assert read(csv_of(row()), name=name).at == datetime(2026, 11, 20, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["board.csv", "t-2027-01-01T00:00:00.csv", "t-2026-99-99T00:00:00.csv"])
def test_a_name_that_tells_no_past_moment_means_now(name):
    assert read(csv_of(row()), name=name).at == NOW


def test_a_zip_as_kaggle_packs_it():
    content = zip_of(**{"t-publicleaderboard-2026-11-20T10:20:30.csv": csv_of(row())})
    board = read(content, name="t.zip")
    assert (board.rows, board.at.hour) == (1, 10)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "lacks TeamId"),
        (b"<html><body>Not found</body></html>", "lacks TeamId"),
        (b"Name,Num,Score\nann,1,2\n", "lacks TeamId and TeamName"),
        (b"TeamId;TeamName;Score\n1;ann;2\n", "lacks TeamId"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not text"),
        ("TeamId,TeamName,Score\n1,ann,2\n".encode("utf-16"), "not text"),
        (b'TeamId,TeamName,Score\n1,"ann,2\n', "not a CSV"),
        (b"TeamId,TeamName,Score\n1," + b"x" * 200_000 + b",2\n", "not a CSV"),
        (b"PK\x03\x04broken", "damaged"),
        (zip_of(**{"a.txt": b"x"}), "no CSV file"),
        (zip_of(**{"a.csv": b"x", "b.csv": b"y"}), "2 CSV files"),
        (zip_of(**{"a.csv": csv_of(row())})[:-30], "damaged"),
        (zip_of(**{"a.csv": b"0" * (2 * MEGABYTE)}), "larger than 1 MB"),
        (b"x" * (2 * MEGABYTE), "larger than 1 MB"),
    ],
)
def test_what_is_no_leaderboard_gets_a_sentence(content, sentence):
    with pytest.raises(NotALeaderboard, match=sentence):
        read(content)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_damaged_anywhere_is_refused_in_a_sentence_or_read(method):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("bö.csv", csv_of(*(row(team_id=str(n)) for n in range(200))))
    whole, dice = target.getvalue(), random.Random(method)
    for _ in range(300):
        start = dice.randrange(2, len(whole))
        broken = whole[:start] + dice.randbytes(dice.randrange(3)) + whole[start + dice.randrange(1, 40) :]
        with suppress(NotALeaderboard):
            read(broken)


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "yesterday"])
def test_a_time_beyond_the_calendar_is_none(date):
    assert read(csv_of(row(date=date))).standings[0].submitted_at is None


def test_edge_spaces_of_numbers_and_ids_do_not_matter():
    standing = read(csv_of(row(rank=" 3 ", team_id=" 10 ", score=" 0.5 "))).standings[0]
    assert (standing.rank, standing.team_id, standing.score) == (3, "10", 0.5)


def test_a_zip_with_a_flipped_byte_is_damaged():
    content = bytearray(zip_of(**{"a.csv": csv_of(*(row(team_id=str(n)) for n in range(500)))}))
    content[200] ^= 0xFF
    with pytest.raises(NotALeaderboard, match="damaged"):
        read(bytes(content))
