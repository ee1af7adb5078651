"""The one door: what boards do to entries. The defects of other systems that must not come back are each a test."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from app.competitions import service, upkeep
from app.competitions.models import Competition, Entry, PlaceSnapshot, ScoreChange
from app.competitions.signals import board_applied
from app.competitions.standings import StandingsDoubtful
from app.core import clock
from app.core.db import transaction
from app.extensions import db
from app.members.service import change_profile, delete_member
from tests.conftest import PASSWORD

OLD_HEADER = "TeamId,TeamName,SubmissionDate,Score"


def line(rank, team_id, users, *, score="0.5", count=1, name="Team", date="2026-01-01 00:00:00"):
    return f'{rank},{team_id},{name},{date},{score},{count},"{users}"'


def entries():
    """member username -> entry, as stored now"""
    db.session.rollback()
    query = select(Entry).execution_options(populate_existing=True)
    return {entry.member.username: entry for entry in db.session.scalars(query)}


def places():
    return {username: entry.place for username, entry in entries().items()}


@pytest.fixture
def ann(make_member):
    return make_member("ann", kaggle="AnnK")


@pytest.fixture
def bob(make_member):
    return make_member("bob", kaggle="bobk")


@pytest.fixture
def titanic(make_competition):
    return make_competition("titanic", worst_score=0.0, best_score=1.0)


def test_a_member_found_on_the_board_is_entered(ann, titanic, apply_csv):
    plan = apply_csv(titanic, line(5, 10, "annk", score="0.75"), line(6, 11, "stranger"))
    entry = entries()["ann"]
    assert plan.counts() == {
        "rows": 2, "ranked": 2, "matched": 1, "created": 1, "updated": 0, "unchanged": 0, "left": 0, "refused": 0,
    }  # fmt: skip
    assert (entry.is_found, entry.source_rank, entry.score_text, entry.points, entry.place) == (
        True,
        5,
        "0.75",
        75.0,
        1,
    )


def test_teams_without_a_member_are_counted_never_stored(ann, titanic, apply_csv):
    apply_csv(titanic, line(0, 9, "benchmark"), line(1, 10, "annk"), line(2, 11, "stranger"))
    assert db.session.get(Competition, titanic.id, populate_existing=True).board_teams == 2
    assert list(entries()) == ["ann"]


def test_every_member_of_a_team_gets_its_rank_and_score_and_they_tie(ann, bob, make_member, titanic, apply_csv):
    make_member("carl", kaggle="carlk")
    apply_csv(titanic, line(912, 10, "annk,bobk"), line(1500, 11, "carlk", score="0.1"))
    assert places() == {"ann": 1, "bob": 1, "carl": 3}
    assert {entry.source_rank for entry in entries().values()} == {912, 1500}


def test_different_teams_of_one_rank_do_not_tie(ann, bob, titanic, apply_csv):
    apply_csv(titanic, line(7, 10, "annk", date="2026-01-02 00:00:00"), line(7, 11, "bobk", date="2026-01-01 00:00:00"))
    assert places() == {"ann": 2, "bob": 1}


def test_without_ranks_equal_score_and_time_tie(ann, bob, make_member, make_competition, apply_csv):
    make_member("carl", kaggle="carlk")
    lower = make_competition("sber", is_higher_better=False)
    rows = ("1,annk,2017-01-01 00:00:00,0.3", "2,bobk,2017-01-01 00:00:00,0.3", "3,carlk,2017-01-02 00:00:00,0.3")
    apply_csv(lower, *rows, header=OLD_HEADER)
    assert places() == {"ann": 1, "bob": 1, "carl": 3}
    assert entries()["carl"].matched_by == "name"


def test_a_blank_score_is_refused_not_full_points(ann, bob, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk", score=""), line(2, 11, "bobk"))
    assert list(entries()) == ["bob"]


def test_a_refused_row_leaves_the_entry_of_its_team_as_it_was(ann, bob, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk", score="0.9"), line(2, 11, "bobk"))
    plan = apply_csv(titanic, line(1, 10, "annk", score="oops"), line(2, 11, "bobk"))
    assert plan.counts()["left"] == 0
    assert (entries()["ann"].score, entries()["ann"].left_board_at) == (0.9, None)


def test_one_broken_row_does_not_end_the_file(ann, bob, titanic, apply_csv):
    plan = apply_csv(titanic, line(1, 10, "annk", score="n/a"), line(2, 11, "bobk"), line(3, 12, "x"))
    assert (plan.counts()["rows"], plan.counts()["refused"], plan.counts()["matched"]) == (3, 1, 1)


def test_teams_of_the_same_name_stay_apart(ann, bob, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk", score="0.9", name="Same"), line(2, 11, "bobk", score="0.1", name="Same"))
    assert {name: entry.score for name, entry in entries().items()} == {"ann": 0.9, "bob": 0.1}


def test_a_team_that_left_keeps_its_score_unranked(ann, bob, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk", score="0.9"), line(2, 11, "bobk"))
    plan = apply_csv(titanic, line(1, 11, "bobk"))
    gone = entries()["ann"]
    assert plan.counts()["left"] == 1
    assert (gone.score, gone.source_rank, gone.place, gone.left_board_at is None) == (0.9, None, None, False)
    assert places()["bob"] == 1


def test_a_team_that_comes_back_is_ranked_again(ann, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk"))
    apply_csv(titanic, line(1, 12, "x"))
    apply_csv(titanic, line(1, 10, "annk"))
    assert (entries()["ann"].left_board_at, entries()["ann"].place) == (None, 1)


def test_rank_zero_and_members_without_a_score_stand_last_unranked(ann, bob, make_member, titanic, apply_csv):
    service.enter(titanic.id, make_member("carl"))
    apply_csv(titanic, line(0, 10, "annk"), line(4, 11, "bobk"))
    assert places() == {"ann": None, "bob": 1, "carl": None}


def test_the_submission_count_is_kept(ann, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk", count=46))
    assert entries()["ann"].submission_count == 46


def test_times_are_aware_and_utc(ann, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk", date="2026-01-02 03:04:05"))
    assert entries()["ann"].last_submitted_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_an_entry_follows_its_team_through_renames(ann, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk", name="Before"))
    apply_csv(titanic, line(2, 10, "renamed", name="After", score="0.6"))
    entry = entries()["ann"]
    assert (entry.team_name, entry.source_rank, entry.score) == ("After", 2, 0.6)


def test_who_withdrew_is_never_entered_by_a_board_again(ann, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk"))
    service.withdraw(titanic.id, ann)
    plan = apply_csv(titanic, line(1, 10, "annk", score="0.9"))
    assert plan.counts()["matched"] == 0
    assert entries()["ann"].withdrawn_at is not None


def test_registered_only_matches_nobody_else(ann, bob, make_competition, apply_csv):
    closed = make_competition("closed", is_registered_only=True)
    service.enter(closed.id, ann)
    apply_csv(closed, line(1, 10, "annk"), line(2, 11, "bobk"))
    assert places() == {"ann": 1}


def test_history_grows_with_a_new_score_or_count_only(ann, titanic, apply_csv):
    for score, count in (("0.5", 1), ("0.5", 1), ("0.5", 2), ("0.7", 3)):
        apply_csv(titanic, line(1, 10, "annk", score=score, count=count))
    history = db.session.scalars(select(ScoreChange).order_by(ScoreChange.id)).all()
    assert [(change.score, change.submission_count) for change in history] == [(0.5, 1), (0.5, 2), (0.7, 3)]
    assert [change.improvement for change in history] == [None, 0.0, pytest.approx(0.2)]


def test_improvement_is_positive_where_lower_is_better(ann, make_competition, apply_csv):
    lower = make_competition("sber", is_higher_better=False)
    apply_csv(lower, line(1, 10, "annk", score="0.5"))
    apply_csv(lower, line(1, 10, "annk", score="0.3"))
    latest = db.session.scalars(select(ScoreChange).order_by(ScoreChange.id.desc())).first()
    assert latest.improvement == pytest.approx(0.2)


def test_nothing_changed_touches_no_entry_and_pushes_no_board(ann, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk"))
    version = db.session.get(Competition, titanic.id, populate_existing=True).board_version
    told, written = [], []
    receiver = board_applied.connect(lambda _sender, **news: told.append(news["is_changed"]), weak=False)
    listen = lambda _c, _cur, statement, *_: written.append(statement)  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    with clock.standing_at(clock.now() + timedelta(minutes=5)):
        moment = clock.now()
        apply_csv(titanic, line(1, 10, "annk"))
    event.remove(db.engine, "before_cursor_execute", listen)
    board_applied.disconnect(receiver)
    after = db.session.get(Competition, titanic.id, populate_existing=True)
    assert told == [False]
    assert not [s for s in written if s.startswith(("UPDATE entries", "INSERT INTO entries", "INSERT INTO place"))]
    assert (after.board_version, after.board_at) == (version, moment)


def test_fewer_than_half_the_rows_waits_for_a_yes(ann, titanic, apply_csv):
    full = [line(n, n, "annk" if n == 1 else f"s{n}") for n in range(1, 12)]
    apply_csv(titanic, *full)
    with pytest.raises(StandingsDoubtful, match="fewer than half"):
        apply_csv(titanic, *full[:5])
    assert apply_csv(titanic, *full[:5], is_confirmed=True).counts()["rows"] == 5


def test_a_board_of_which_no_row_can_be_read_waits_for_a_yes(ann, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk"))
    with pytest.raises(StandingsDoubtful, match="No row"):
        apply_csv(titanic, line(1, 10, "annk", score=""), line(2, 11, "s", score=""))


def test_rows_that_cannot_be_read_do_not_count_as_rows_of_a_board(ann, titanic, apply_csv):
    full = [line(n, n, f"s{n}") for n in range(1, 11)]
    apply_csv(titanic, *full)
    with pytest.raises(StandingsDoubtful, match="4 rows that can be read"):
        apply_csv(titanic, *full[:4], *(line(n, n, f"s{n}", score="") for n in range(5, 11)))


def test_a_board_from_before_the_one_that_stands_waits_for_a_yes(ann, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk"))
    with clock.standing_at(clock.now() - timedelta(hours=1)):
        with pytest.raises(StandingsDoubtful, match="before the one that stands"):
            apply_csv(titanic, line(1, 10, "annk", score="0.4"))
        assert apply_csv(titanic, line(1, 10, "annk", score="0.4"), is_confirmed=True).counts()["updated"] == 1


def test_half_the_rows_is_enough(ann, titanic, apply_csv):
    full = [line(n, n, f"s{n}") for n in range(1, 11)]
    apply_csv(titanic, *full)
    assert apply_csv(titanic, *full[:5]).counts()["rows"] == 5


def test_all_scores_zero_where_they_were_not_waits_for_a_yes(ann, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk"))
    with pytest.raises(StandingsDoubtful, match="zero"):
        apply_csv(titanic, line(1, 10, "annk", score="0.00000"))
    assert entries()["ann"].score == 0.5


def test_a_first_board_of_zeros_is_fine(ann, titanic, apply_csv):
    assert apply_csv(titanic, line(1, 10, "annk", score="0")).counts()["created"] == 1


def test_change_is_places_gained_in_24_hours(ann, bob, titanic, apply_csv):
    now = clock.now()
    ann_first = (line(1, 10, "annk", score="0.9"), line(2, 11, "bobk"))
    bob_first = (line(1, 11, "bobk", score="0.95"), line(2, 10, "annk", score="0.9"))
    for hours, rows in ((30, ann_first), (20, bob_first), (1, ann_first)):
        with clock.standing_at(now - timedelta(hours=hours)):
            apply_csv(titanic, *rows)
    with clock.standing_at(now):
        apply_csv(titanic, *bob_first)
    assert {name: (e.place_before, e.place) for name, e in entries().items()} == {"ann": (1, 2), "bob": (2, 1)}


def test_an_old_change_fades_without_a_new_board(ann, bob, titanic, apply_csv):
    now = clock.now()
    with clock.standing_at(now - timedelta(hours=40)):
        apply_csv(titanic, line(1, 10, "annk", score="0.9"), line(2, 11, "bobk"))
    with clock.standing_at(now - timedelta(hours=30)):
        apply_csv(titanic, line(1, 11, "bobk", score="0.95"), line(2, 10, "annk", score="0.9"))
    with transaction():
        upkeep.age_places(titanic.id)
    assert {name: (e.place_before, e.place) for name, e in entries().items()} == {"ann": (2, 2), "bob": (1, 1)}
    assert len(db.session.scalars(select(PlaceSnapshot)).all()) == 1


def test_a_newcomer_has_no_place_before(ann, bob, titanic, apply_csv):
    apply_csv(titanic, line(1, 10, "annk"))
    apply_csv(titanic, line(1, 10, "annk"), line(2, 11, "bobk"))
    assert (entries()["ann"].place_before, entries()["bob"].place_before) == (1, None)


def test_withdrawing_closes_the_ranks_and_keeps_ties(ann, bob, make_member, titanic, apply_csv):
    make_member("carl", kaggle="carlk")
    apply_csv(titanic, line(1, 10, "annk"), line(2, 11, "bobk,carlk", score="0.4"))
    service.withdraw(titanic.id, ann)
    assert places() == {"ann": None, "bob": 1, "carl": 1}


def test_a_username_put_right_leaves_a_strangers_team_with_the_next_board(ann, titanic, apply_csv, run_jobs):
    apply_csv(titanic, line(1, 10, "annk"))
    change_profile(ann.id, display_name="Ann", kaggle_username="ann-herself")
    run_jobs()
    assert places() == {"ann": 1}  # Kaggle may call her so by now, and the board is from before
    apply_csv(titanic, line(1, 10, "annk"))
    assert places() == {"ann": None}


def test_a_member_who_changes_the_kaggle_username_is_found_on_the_kept_board(make_member, titanic, apply_csv, run_jobs):
    apply_csv(titanic, line(1, 10, "latek"))
    make_member("late", kaggle="latek")
    run_jobs()
    assert places() == {"late": 1}


def test_a_former_member_keeps_the_entry_but_not_the_team(ann, titanic, apply_csv, run_jobs):
    apply_csv(titanic, line(1, 10, "annk", name="Anns Own"))
    delete_member(ann.id, PASSWORD)
    run_jobs()
    entry = next(iter(entries().values()))
    assert (entry.team_name, entry.team_id, entry.score) == (None, None, 0.5)
    apply_csv(titanic, line(1, 10, "annk", score="0.9"))
    assert next(iter(entries().values())).score == 0.5


def test_the_statements_do_not_grow_with_the_members(make_member, make_competition, apply_csv):
    for number in range(40):
        make_member(f"m{number:02}", kaggle=f"k{number}")

    def statements_of(members):
        competition = make_competition(f"of-{members}")
        rows = [line(n + 1, n, f"k{n}") for n in range(members)]
        apply_csv(competition, *rows)
        statements = []
        listen = lambda _c, _cur, statement, *_: statements.append(statement)  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        apply_csv(competition, *(row.replace("0.5", "0.6") for row in reversed(rows)))
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(statements)

    assert statements_of(40) == statements_of(3)
