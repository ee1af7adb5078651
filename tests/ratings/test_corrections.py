"""Corrections of results: shown before they are made, made in one transaction, the history right from there on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.competitions import boards, syncing
from app.competitions import service as competitions
from app.competitions.models import BoardFile, Competition, Entry, ScoreChange
from app.competitions.service import Draft
from app.competitions.standings import StandingsFinal
from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import Job, enqueue
from app.core.refusal import Refused
from app.extensions import db
from app.members.models import Member
from app.members.service import change_profile, delete_member
from app.ratings import corrections, history, service
from app.ratings.corrections import (
    ApplyBoard,
    AssignTeam,
    Correction,
    CorrectScore,
    Disqualify,
    KeepOff,
    MatchAgain,
    MatchByRules,
    MoveEnd,
    Outcome,
    PreviewOutdated,
    Reinstate,
    SetRated,
)
from app.ratings.models import RatingEvent
from app.ratings.moves import Move
from tests.conftest import HEADER, PASSWORD
from tests.ratings.conftest import board_rows, changes, ratings

People = dict[str, Member]
Make = Callable[..., Competition]


@pytest.fixture
def season(people: People, make_rated: Make) -> list[Competition]:
    """Three rated competitions, one after the other."""
    return [
        make_rated("first", "annk", "benk", "carak", "dank", days_ago=30),
        make_rated("second", "benk", "annk", "carak", days_ago=20),
        make_rated("third", "carak", "dank", "annk", days_ago=10),
    ]


def entry_of(competition: Competition, member: Member) -> int:
    return db.session.scalars(
        select(Entry.id).where(Entry.competition_id == competition.id, Entry.member_id == member.id)
    ).one()


def places(competition: Competition) -> dict[str, int | None]:
    db.session.rollback()
    query = select(Member.username, Entry.place).join(Entry.member).where(Entry.competition_id == competition.id)
    return dict(db.session.execute(query).tuples().all())


def waiting_board(competition: Competition, *rows: str) -> int:
    content = "\n".join((HEADER, *rows)).encode()
    return boards.receive_board(db.session.get_one(Competition, competition.id), content, "new.csv", "olga")


def everything() -> list[Any]:
    """What a preview must leave as it is."""
    db.session.rollback()
    tables = (RatingEvent, Entry, Competition, Member, AuditRecord, BoardFile)
    return [sorted(map(str, db.session.execute(select(model.__table__)))) for model in tables]


def last_act(act: str) -> AuditRecord:
    db.session.rollback()
    newest_first = select(AuditRecord).where(AuditRecord.act == act).order_by(AuditRecord.id.desc())
    return db.session.scalars(newest_first.limit(1)).one()


def test_disqualifying_takes_the_place_away_and_replays_from_there(people: People, season: list[Competition]) -> None:
    before = ratings()
    moves = corrections.correct(season[0].id, Disqualify(entry_of(season[0], people["ann"]), "Shared code.")).moves
    assert places(season[0]) == {"ann": None, "ben": 1, "cara": 2, "dan": 3}
    assert "ann" not in changes("first")
    assert history.differences() == []
    assert {move.member_id: (move.before, move.after) for move in moves} == {
        people[name].id: (before[name], after) for name, after in ratings().items() if after != before[name]
    }
    assert last_act("disqualify entry").after["reason"] == "Shared code."


def test_reinstating_brings_back_the_numbers_of_before(people: People, season: list[Competition]) -> None:
    before, entry_id = ratings(), entry_of(season[0], people["ann"])
    corrections.correct(season[0].id, Disqualify(entry_id, "Shared code."))
    assert ratings() != before
    corrections.correct(season[0].id, Reinstate(entry_id))
    assert ratings() == before
    assert places(season[0]) == {"ann": 1, "ben": 2, "cara": 3, "dan": 4}


def test_a_correction_leaves_what_came_before_it_untouched(people: People, season: list[Competition]) -> None:
    first = changes("first")
    corrections.correct(season[1].id, Disqualify(entry_of(season[1], people["ben"]), "Shared code."))
    assert changes("first") == first
    assert history.differences() == []


def test_a_corrected_score_is_placed_by_score_and_can_be_taken_back(people: People, season: list[Competition]) -> None:
    before, entry_id = ratings(), entry_of(season[0], people["dan"])
    corrections.correct(season[0].id, CorrectScore(entry_id, 0.9985))  # between the first and the second
    assert places(season[0]) == {"ann": 1, "dan": 2, "ben": 3, "cara": 4}
    assert db.session.get_one(Entry, entry_id).score_text == "0.9985"
    corrections.correct(season[0].id, CorrectScore(entry_id, None))
    assert places(season[0]) == {"ann": 1, "ben": 2, "cara": 3, "dan": 4}
    assert db.session.get_one(Entry, entry_id).score_text == "0.996"
    assert ratings() == before


def test_the_history_of_a_score_is_of_boards_never_of_corrections(
    people: People, make_competition: Make, apply_csv: Callable[..., Any]
) -> None:
    ongoing = make_competition("ongoing")
    apply_csv(ongoing, *board_rows("benk", "annk"))
    ann = entry_of(ongoing, people["ann"])
    history_of = select(ScoreChange.score).where(ScoreChange.entry_id == ann).order_by(ScoreChange.id)
    corrections.correct(ongoing.id, CorrectScore(ann, 2.0))
    corrections.correct(ongoing.id, CorrectScore(ann, None))
    assert db.session.scalars(history_of).all() == [0.998]
    corrections.correct(ongoing.id, CorrectScore(ann, 2.0))
    for _ in range(2):
        apply_csv(ongoing, *board_rows("annk", "benk"))
    assert db.session.scalars(history_of).all() == [0.998, 0.999]
    assert db.session.get_one(Entry, ann).score == 2.0


def test_a_corrected_score_counts_in_the_direction_of_the_competition(people: People, make_rated: Make) -> None:
    lower = make_rated("loss", "annk", "benk", "carak", is_higher_better=False)
    corrections.correct(lower.id, CorrectScore(entry_of(lower, people["cara"]), 0.001))
    assert places(lower)["cara"] == 1


def test_what_organisers_said_of_entries_outlives_the_next_board(
    people: People, make_competition: Make, apply_csv: Callable[..., Any]
) -> None:
    ongoing = make_competition("ongoing")
    apply_csv(ongoing, *board_rows("annk", "benk", "carak"))
    corrections.correct(ongoing.id, Disqualify(entry_of(ongoing, people["ann"]), "Two accounts."))
    corrections.correct(ongoing.id, CorrectScore(entry_of(ongoing, people["cara"]), 0.9999))
    apply_csv(ongoing, *board_rows("annk", "benk", "carak", "dank"))
    assert places(ongoing) == {"ann": None, "cara": 1, "ben": 2, "dan": 3}


def test_an_assigned_team_is_followed_whatever_the_usernames_say(
    people: People, make_rated: Make, apply_csv: Callable[..., Any]
) -> None:
    competition = make_rated("spring", "annk", "benk", "somebody")
    corrections.correct(competition.id, AssignTeam(entry_of(competition, people["ann"]), "103"))
    assert places(competition) == {"ann": 2, "ben": 1}
    assert changes("spring") == {"ann": -4.0, "ben": 4.0}
    with pytest.raises(Refused, match="no team 999"):
        corrections.correct(competition.id, AssignTeam(entry_of(competition, people["ann"]), "999"))
    assert places(competition) == {"ann": 2, "ben": 1}


def test_two_members_assigned_to_one_team_are_both_on_it_and_tie(people: People, make_rated: Make) -> None:
    competition = make_rated("spring", "annk", "benk", "carak", "somebody")
    for name in ("ann", "ben"):
        corrections.correct(competition.id, AssignTeam(entry_of(competition, people[name]), "104"))
    assert places(competition) == {"cara": 1, "ann": 2, "ben": 2}
    assert changes("spring")["ann"] == changes("spring")["ben"] < 0


def test_whoever_is_on_a_strangers_team_is_taken_off_the_board_and_can_go_by_the_rules_again(
    people: People, make_rated: Make
) -> None:
    competition = make_rated("spring", "annk", "benk", "carak")
    entry_id, before = entry_of(competition, people["ann"]), changes("spring")
    corrections.correct(competition.id, KeepOff(entry_id))
    corrections.correct(competition.id, MatchAgain())
    assert places(competition) == {"ann": None, "ben": 1, "cara": 2}
    assert db.session.get_one(Entry, entry_id).score is None
    corrections.correct(competition.id, MatchByRules(entry_id))
    assert places(competition) == {"ann": 1, "ben": 2, "cara": 3}
    assert changes("spring") == before


def test_a_username_put_right_and_the_rules_again_take_a_strangers_place_away(
    people: People, make_rated: Make, run_jobs: Callable[[], None]
) -> None:
    competition = make_rated("spring", "annk", "benk", "carak")
    change_profile(people["ann"].id, display_name="Ann", kaggle_username="ann-herself")
    run_jobs()
    corrections.correct(competition.id, MatchByRules(entry_of(competition, people["ann"])))
    assert places(competition) == {"ann": None, "ben": 1, "cara": 2}


def test_an_assigned_team_can_be_handed_back_to_the_rules(people: People, make_rated: Make) -> None:
    competition = make_rated("spring", "annk", "benk", "somebody")
    entry_id = entry_of(competition, people["ann"])
    corrections.correct(competition.id, AssignTeam(entry_id, "103"))
    corrections.correct(competition.id, MatchByRules(entry_id))
    assert places(competition) == {"ann": 1, "ben": 2}
    assert db.session.get_one(Entry, entry_id).matched_by == "username"


@pytest.fixture
def without_ann(people: People, make_rated: Make, run_jobs: Callable[[], None]) -> Competition:
    """Rated with ann first, who has left the club since."""
    competition = make_rated("spring", "annk", "benk", "carak")
    delete_member(people["ann"].id, PASSWORD)
    run_jobs()
    return competition


def test_a_former_member_follows_the_team_and_a_corrected_score_can_be_undone(
    people: People, without_ann: Competition
) -> None:
    entry_id = entry_of(without_ann, people["ann"])
    before = changes("spring")
    with pytest.raises(Refused, match="left the club"):
        corrections.correct(without_ann.id, MatchByRules(entry_id))
    corrections.correct(without_ann.id, CorrectScore(entry_id, 0.1))
    assert db.session.get_one(Entry, entry_id).place == 3
    corrections.correct(without_ann.id, CorrectScore(entry_id, None))
    entry = db.session.get_one(Entry, entry_id)
    assert (entry.place, entry.score, entry.score_text) == (1, 0.999, "0.999")
    assert (entry.team_name, entry.matched_username) == (None, None)
    assert changes("spring") == before


def test_a_former_member_who_is_not_on_a_newer_board_is_unranked_and_unrated(
    people: People, without_ann: Competition
) -> None:
    rows = board_rows("nobody", "benk", "carak")[1:]
    corrections.correct(without_ann.id, ApplyBoard(waiting_board(without_ann, *rows)))
    assert set(places(without_ann).values()) == {None, 1, 2}
    assert db.session.get_one(Entry, entry_of(without_ann, people["ann"])).source_rank is None
    assert changes("spring") == {"ben": 4.0, "cara": -4.0}
    assert history.differences() == []


def test_matching_again_finds_members_of_today(
    people: People, make_rated: Make, make_member: Callable[..., Member]
) -> None:
    competition = make_rated("spring", "annk", "latek", "benk")
    make_member("late", kaggle="latek")
    moves = corrections.correct(competition.id, MatchAgain()).moves
    assert places(competition) == {"ann": 1, "late": 2, "ben": 3}
    assert len(moves) == 2  # late is in the middle of three equals
    assert history.differences() == []


def test_an_end_moved_into_the_future_takes_the_ratings_back(people: People, season: list[Competition]) -> None:
    corrections.correct(season[0].id, MoveEnd(clock.now() + timedelta(days=3)))
    first = db.session.get_one(Competition, season[0].id)
    assert (first.finalized_at, first.rated_board_at) == (None, None)
    assert changes("first") == {}
    assert history.differences() == []
    assert first.id not in service.due()


def test_an_end_moved_past_others_changes_the_order_of_the_history(people: People, season: list[Competition]) -> None:
    corrections.correct(season[0].id, MoveEnd(clock.now() - timedelta(hours=1)))
    befores = select(RatingEvent.before).where(RatingEvent.competition_id == season[0].id)
    assert set(db.session.scalars(befores)) != {1500.0}
    assert history.differences() == []


def test_an_end_after_the_board_waits_for_final_standings(people: People, season: list[Competition]) -> None:
    with transaction():
        db.session.execute(update(Competition).values(board_at=clock.now() - timedelta(days=5)))
    corrections.correct(season[2].id, MoveEnd(clock.now() - timedelta(days=1)))
    assert db.session.get_one(Competition, season[2].id).is_awaiting_final_standings


def test_an_end_at_which_the_board_is_final_rates_at_once_as_the_preview_says(
    people: People, make_over: Make, make_rated: Make
) -> None:
    ongoing = make_over("ongoing", "annk", "benk", days_ago=-5)
    yesterday = MoveEnd(clock.now() - timedelta(days=1))
    shown = corrections.preview(ongoing.id, yesterday)
    assert shown.is_rated_now
    assert len(shown.moves) == 2
    assert corrections.correct(ongoing.id, yesterday) == shown
    assert changes("ongoing") == {"ann": 4.0, "ben": -4.0}
    assert service.due() == []
    rated = make_rated("rated", "annk", "benk", days_ago=2)
    corrections.correct(rated.id, MoveEnd(clock.now() + timedelta(days=1)))
    assert changes("rated") == {}
    corrections.correct(rated.id, yesterday)
    assert db.session.get_one(Competition, rated.id).rated_board_at is not None
    assert len(changes("rated")) == 2
    assert history.differences() == []


def test_an_end_yet_to_come_is_synced_towards_again(people: People, season: list[Competition]) -> None:
    with transaction():
        db.session.get_one(Competition, season[0].id).kaggle_slug = "titanic"
    corrections.correct(season[0].id, MoveEnd(clock.now() + timedelta(days=1)))
    with transaction():
        state = syncing.state_of(db.session.get_one(Competition, season[0].id))
        assert state.due_at is not None


def test_out_of_the_ratings_and_back_brings_back_the_numbers(people: People, season: list[Competition]) -> None:
    before = ratings()
    corrections.correct(season[1].id, SetRated(False))
    assert changes("second") == {}
    assert history.differences() == []
    corrections.correct(season[1].id, SetRated(True))
    assert ratings() == before
    assert history.differences() == []


def test_a_file_corrects_final_standings(people: People, season: list[Competition]) -> None:
    board_id = waiting_board(season[0], *board_rows("dank", "carak", "benk", "annk"))
    corrections.correct(season[0].id, ApplyBoard(board_id))
    assert places(season[0]) == {"dan": 1, "cara": 2, "ben": 3, "ann": 4}
    competition = db.session.get_one(Competition, season[0].id)
    assert competition.rated_board_at == competition.board_at
    assert history.differences() == []
    with pytest.raises(Refused, match="not waiting any more"):
        corrections.correct(season[0].id, ApplyBoard(board_id))


def test_a_doubtful_file_corrects_only_when_confirmed(people: People, season: list[Competition]) -> None:
    board_id, before = waiting_board(season[0], "1,900,New,2026-01-01 00:00:00,0.9,3,dank"), ratings()
    with pytest.raises(Refused, match="Tick the box"):
        corrections.correct(season[0].id, ApplyBoard(board_id))
    assert ratings() == before
    corrections.correct(season[0].id, ApplyBoard(board_id, is_confirmed=True))
    assert changes("first") == {}


def test_a_final_board_ends_what_was_said_of_rating_an_older_one(people: People, make_over: Make) -> None:
    competition = make_over("spring", "annk", "benk")
    with transaction():
        db.session.execute(update(Competition).values(board_at=clock.now() - timedelta(days=2)))
    service.finalise_now(competition.id, is_as_is=True)
    corrections.correct(competition.id, ApplyBoard(waiting_board(competition, *board_rows("benk", "annk"))))
    stored = db.session.get_one(Competition, competition.id)
    assert (stored.rate_as_is_at, stored.rated_board_at) == (None, stored.board_at)


def test_what_differs_from_its_preview_is_not_made(people: People, season: list[Competition]) -> None:
    out, disqualify = SetRated(False), Disqualify(entry_of(season[0], people["ann"]), "Shared code.")
    shown = corrections.preview(season[0].id, disqualify)
    corrections.correct(season[0].id, out, seen=corrections.preview(season[0].id, out).digest)
    before = everything()
    with pytest.raises(PreviewOutdated) as outdated:
        corrections.correct(season[0].id, disqualify, seen=shown.digest)
    assert outdated.value.outcome.moves == []
    assert everything() == before
    corrections.correct(season[0].id, disqualify, seen=outdated.value.outcome.digest)


def test_the_record_tells_whose_entry_and_whose_rating_changed(people: People, season: list[Competition]) -> None:
    before = ratings()
    corrections.correct(season[2].id, AssignTeam(entry_of(season[2], people["ann"]), "101"))
    act = last_act("assign team")
    changed = {str(people[name].id) for name in ("ann", "dan")}
    assert act.before["entries"].keys() == act.after["entries"].keys() == changed
    assert act.before["ratings"] == {str(people[name].id): before[name] for name in ("ann", "cara", "dan")}
    assert act.after["ratings_moved"] == 3
    corrections.correct(season[2].id, MoveEnd(clock.now() + timedelta(days=1)))
    act = last_act("move end")
    assert act.before["finalized_at"] and act.after["finalized_at"] is None


def test_after_finalising_no_other_way_leads_to_the_board(
    people: People, season: list[Competition], apply_csv: Callable[..., Any], run_jobs: Callable[[], None]
) -> None:
    competition, before = db.session.get_one(Competition, season[0].id), everything()
    with pytest.raises(StandingsFinal):
        apply_csv(competition, *board_rows("dank", "annk"))
    with pytest.raises(Refused, match="Ratings have moved"):
        competitions.rematch(db.session.get_one(Competition, season[0].id))
    assert everything() == before
    board_id = waiting_board(season[0], *board_rows("dank", "annk", "benk"))
    with pytest.raises(StandingsFinal):
        boards.request_apply(board_id, is_confirmed=True)
    with transaction():
        enqueue("apply_board", subject=f"board:{board_id}", board_id=board_id)  # asked for just before finalising
        enqueue("rematch_boards", subject="x", competition_ids=[season[0].id])
    run_jobs()
    assert "only be corrected" in db.session.scalars(select(Job.reason).where(Job.kind == "apply_board")).one()
    assert places(season[0]) == {"ann": 1, "ben": 2, "cara": 3, "dan": 4}


def test_a_correction_does_not_set_the_board_back_behind_syncs_that_changed_nothing(
    people: People, make_over: Make
) -> None:
    competition, synced_at = make_over("spring", "annk", "benk"), clock.now() - timedelta(hours=2)
    with transaction():
        # Its rows came in before the end, and a sync after the end brought the same.
        before_end = clock.now() - timedelta(days=2)
        db.session.execute(update(BoardFile).values(name="board.csv", received_at=before_end))
        db.session.execute(update(Competition).values(board_at=synced_at))
    service.finalise_now(competition.id)
    corrections.correct(competition.id, Disqualify(entry_of(competition, people["ann"]), "Shared code."))
    stored = db.session.get_one(Competition, competition.id)
    assert stored.finalized_at is not None
    assert stored.board_at == stored.rated_board_at == synced_at


def test_what_is_final_is_not_synced_any_more(people: People, season: list[Competition]) -> None:
    with transaction():
        competition = db.session.get_one(Competition, season[0].id)
        competition.kaggle_slug = "titanic"
        syncing.state_of(competition).due_at = clock.now() - timedelta(days=1)
    with transaction():
        assert syncing.enqueue_due() == 0
    with pytest.raises(syncing.SyncRefused, match="only be corrected"):
        syncing.request_sync(db.session.get_one(Competition, season[0].id))


@pytest.mark.parametrize(
    "change",
    [{"weight": 2.0}, {"ends_at": clock.now()}, {"max_points": 50.0}, {"is_higher_better": False}],
    ids=lambda change: next(iter(change)),
)
def test_what_ratings_rest_on_is_not_edited_behind_their_back(
    people: People, season: list[Competition], change: dict[str, Any]
) -> None:
    names = ("slug", "title", "starts_at", "ends_at", "is_higher_better", "max_points", "weight")
    stored = {name: getattr(season[0], name) for name in names}
    with pytest.raises(Refused) as refusal:
        competitions.edit_competition(season[0].id, Draft(**{**stored, **change}))
    assert refusal.value.field == next(iter(change))
    assert competitions.edit_competition(season[0].id, Draft(**{**stored, "title": "New"})).title == "New"


def test_an_end_by_which_ratings_would_move_at_once_is_corrected_not_edited(people: People, make_over: Make) -> None:
    ongoing = make_over("ongoing", "annk", "benk", days_ago=-5)
    stored = Draft(ongoing.slug, ongoing.title, ongoing.starts_at, ongoing.ends_at)
    with pytest.raises(Refused, match="See first whose") as refusal:
        competitions.edit_competition(ongoing.id, replace(stored, ends_at=clock.now() - timedelta(days=1)))
    assert refusal.value.field == "ends_at"
    competitions.edit_competition(ongoing.id, replace(stored, ends_at=clock.now() + timedelta(days=1)))
    assert service.due() == []


def test_a_move_too_small_to_be_written_is_not_shown() -> None:
    moves = [Move(1, "Ann", 1500.0, 1510.0), Move(2, "Ben", 1500.0, 1499.96)]
    assert Outcome(moves).shown == moves[:1]


def test_what_is_asked_for_is_on_record_with_what_was(people: People, make_over: Make, make_rated: Make) -> None:
    make_rated("rated", "annk", "benk", "carak")
    service.request_replay()
    assert last_act("ask for replay of ratings").before == {"events": 3}
    competitions.rematch(make_over("over", "annk", "benk"))
    act = last_act("match board again")
    assert act.before == {"matched": 2}
    assert act.after["job"]


@pytest.mark.parametrize("kind", ["disqualify", "score", "off", "rules", "end", "out", "board", "match"])
def test_a_preview_shows_what_correcting_does_and_stores_nothing(
    people: People, season: list[Competition], kind: str
) -> None:
    entry_id = entry_of(season[0], people["ann"])
    correction: Correction = {
        "disqualify": Disqualify(entry_id, "Shared code."),
        "score": CorrectScore(entry_id, 0.1),
        "off": KeepOff(entry_id),
        "rules": MatchByRules(entry_id),
        "end": MoveEnd(clock.now() + timedelta(days=1)),
        "out": SetRated(False),
        "board": ApplyBoard(waiting_board(season[0], *board_rows("dank", "annk", "benk"))),
        "match": MatchAgain(),
    }[kind]
    before = everything()
    shown = corrections.preview(season[0].id, correction)
    assert everything() == before
    assert corrections.correct(season[0].id, correction) == shown
    assert history.differences() == []


def test_one_competitions_entry_is_not_corrected_through_another(people: People, season: list[Competition]) -> None:
    with pytest.raises(Refused, match="no such entry"):
        corrections.correct(season[1].id, Disqualify(entry_of(season[0], people["ann"]), "Shared code."))


def test_a_season_corrected_at_random_is_what_a_replay_says(people: People, season: list[Competition]) -> None:
    for correction in (
        Disqualify(entry_of(season[0], people["ben"]), "x"),
        CorrectScore(entry_of(season[0], people["cara"]), 2.0),
        MoveEnd(clock.now() - timedelta(days=15)),
        SetRated(False),
        SetRated(True),
        Reinstate(entry_of(season[0], people["ben"])),
    ):
        corrections.correct(season[0].id, correction)
        assert history.differences() == []
    stored, count = ratings(), db.session.scalar(select(func.count()).select_from(RatingEvent))
    assert service.replay_all() == count
    assert ratings() == stored
