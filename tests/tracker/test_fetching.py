"""Fetching, by the jobs that really do it: what is kept, who comes first, and what holds nobody up."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import transaction
from app.core.jobs import Job, enqueue
from app.core.jobs.registry import kinds
from app.core.jobs.runner import run_job
from app.core.jobs.service import end_abandoned
from app.extensions import db
from app.tracker import asking, fetching, pace, service
from app.tracker.cohorts import CohortDetails, create_cohort
from app.tracker.models import Handle, Participant, Snapshot
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Pace, Verified
from tests.platform_server import FAULTS, Answer
from tests.tracker.conftest import stored


@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_makes_anybody_missing_or_erases_what_was_known(site, add_handle, fetch, monkeypatch, fault):
    monkeypatch.setattr(asking, "CALL_SECONDS", 0.3)
    rows = {key: add_handle(key, rating=1500.0) for key in platforms()}
    site.faults = dict.fromkeys(platforms(), fault)
    fetch()
    seen = {key: stored(row) for key, row in rows.items()}
    assert {key: (row.state, row.rating, row.failures) for key, row in seen.items()} == dict.fromkeys(
        seen, ("unknown", 1500.0, 1)
    )
    assert [key for key, row in seen.items() if not row.why or row.next_due_at <= clock.now()] == []
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 0


def test_a_cohort_of_three_hundred(site, cohort, fetch, monkeypatch):
    monkeypatch.setattr(fetching, "SLICE_SECONDS", 0.5)
    site.absent.add("person007")
    site.faults = {key: broken_for("person011") for key in platforms() if key != "codeforces"}
    keys, now = list(platforms()), clock.now()
    expected = Counter()
    with transaction():
        for number in range(300):
            name = f"person{number:03}"
            own = keys if number < 20 else {"codeforces", keys[number % len(keys)]}
            person = Participant(cohort_id=cohort.id, name=name, created_at=now)
            person.handles = [Handle(platform=key, handle=name, next_due_at=now) for key in own]
            db.session.add(person)
            for key in own:
                expected[key, outcome_of(name, key)] += 1
    fetch()
    states = select(Handle.platform, Handle.state, func.count()).group_by(Handle.platform, Handle.state)
    assert {(key, state): number for key, state, number in db.session.execute(states)} == expected
    verified = sum(number for (_, state), number in expected.items() if state == "verified")
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == verified
    slices = select(func.count()).select_from(Job).where(Job.kind == "fetch_handles", Job.state == "done")
    assert db.session.scalar(slices) > len(keys)


def broken_for(name: str):
    return lambda call: Answer(500, "") if name in f"{call.path}{call.body}" else None


def outcome_of(name: str, key: str) -> str:
    if name == "person007":
        return "missing"
    return "unknown" if name == "person011" and key != "codeforces" else "verified"


def test_one_that_breaks_its_whole_batch_is_found_and_the_others_get_through(site, add_handle, fetch, monkeypatch):
    monkeypatch.setattr(type(platforms()["codeforces"]), "batch_size", 8)
    rows = [add_handle("codeforces", f"coder-{number}") for number in range(8)]
    site.faults["codeforces"] = lambda call: Answer(500, "") if "coder-3" in call.path else None
    now = clock.now()
    for hours in (0, 1, 3):
        with clock.standing_at(now + timedelta(hours=hours)):
            fetch()
    assert [stored(row).state for row in rows] == ["verified" if number != 3 else "unknown" for number in range(8)]


def test_an_answer_that_no_adapter_foresaw_holds_nobody_up(site, add_handle, fetch):
    odd, fine = add_handle("leetcode", "odd"), add_handle("leetcode", "fine")
    answer = Answer(200, {"data": {"userContestRanking": None, "matchedUser": {"submitStatsGlobal": 5}}})
    site.faults["leetcode"] = lambda call: answer if call.body["variables"]["username"] == "odd" else None
    fetch()
    assert (stored(odd).state, stored(fine).state) == ("unknown", "verified")
    assert "could not be understood" in stored(odd).why


def test_odd_answers_hold_nobody_up_until_ten_in_a_row_have_the_platform_rest(site, add_handle, fetch, monkeypatch):
    monkeypatch.setattr(pace, "BACK_OFF_SECONDS", (60,))
    odd = Answer(200, {"errors": [{"message": "That user does not exist."}], "data": None})
    site.faults["leetcode"] = lambda call: odd if "typo" in call.body["variables"]["username"] else None
    names = [*(f"typo{number}" for number in range(9)), "good", *(f"typo{number}" for number in range(9, 19)), "last"]
    rows = [add_handle("leetcode", name) for name in names]
    fetch()
    assert [stored(row).state for row in rows] == [*["unknown"] * 9, "verified", *["unknown"] * 10, "unchecked"]
    assert "10 answers in a row" in pace.resting("leetcode").why


def test_what_was_asked_for_comes_first_and_then_the_stalest(site, add_handle, cohort, make_member, fetch):
    rows = {name: add_handle("leetcode", name, rating=1.0) for name in ("young", "old", "asked", "older")}
    with transaction():
        for name, days in (("young", 1), ("old", 5), ("asked", 1), ("older", 9)):
            stored(rows[name]).checked_at = clock.now() - timedelta(days=days)
    add_handle("leetcode", "new")
    fetching.request_check(participant_id=rows["asked"].participant_id)
    fetching.request_check(cohort_id=cohort.id)
    service.set_handle(service.own_participant(make_member().id).id, "leetcode", "own")
    fetch()
    told = [call.body["variables"]["username"] for call in site.calls]
    assert told == ["own", "asked", "new", "older", "old", "young"]


def test_the_time_left_knows_of_turns_and_of_what_cannot_be_asked(app, add_handle, monkeypatch):
    monkeypatch.setattr(type(platforms()["leetcode"]), "pace", Pace(1, 60))
    monkeypatch.setattr(fetching, "SLICE_SECONDS", 90)
    monkeypatch.setattr(type(platforms()["atcoder"]), "pace", Pace(1, 60))
    for name, keys in {"a": ("leetcode", "atcoder", "codechef", "hackerrank"), "b": ("leetcode",)}.items():
        for key in keys:
            add_handle(key, f"person_{name}")
    monkeypatch.setattr(type(platforms()["hackerrank"]), "pace", Pace(1, 600))
    assert fetching.minutes_left() == {"atcoder": 2, "hackerrank": 10, "leetcode": 3}


def test_a_button_for_a_cohort_checks_all_of_it_again(site, add_handle, cohort, fetch):
    rows = [add_handle("codeforces", "one"), add_handle("atcoder", "two")]
    fetch()
    assert fetching.request_check(cohort_id=cohort.id) == 2
    assert [stored(row).asked_at is None for row in rows] == [False, False]
    before = len(site.calls)
    fetch()
    assert ([stored(row).asked_at for row in rows], len(site.calls) - before) == ([None, None], 2)


def test_a_good_check_is_for_the_day_and_the_next_one_at_night(site, add_handle, fetch):
    row = add_handle("codeforces")
    fetch()
    checked = stored(row)
    assert (checked.rating, checked.peak, checked.known_at) == (1742, 1810, checked.checked_at)
    assert (checked.next_due_at.hour, checked.next_due_at - clock.now() <= timedelta(days=1)) == (1, True)
    fetch()
    assert len(site.calls) == 1


def test_a_day_has_one_snapshot_the_last_one(site, add_handle, fetch):
    row, noon = add_handle("codeforces"), clock.now().replace(hour=12)
    for moment, rating in ((noon, 1500), (noon + timedelta(hours=2), 1510), (noon + timedelta(days=1), 1490)):
        body = {"status": "OK", "result": [{"handle": row.handle, "rating": rating}]}
        site.faults["codeforces"] = lambda _, body=body: Answer(200, body)
        with clock.standing_at(moment):
            fetching.request_platform("codeforces")
            fetch()
    days = db.session.execute(select(Snapshot.day, Snapshot.rating).order_by(Snapshot.day)).all()
    assert days == [(noon.date(), 1510.0), ((noon + timedelta(days=1)).date(), 1490.0)]


def test_who_is_missing_keeps_the_last_values_and_is_looked_for_again_in_a_week(site, add_handle, fetch):
    row = add_handle("codeforces", rating=1500.0)
    site.absent.add(row.folded)
    fetch()
    gone = stored(row)
    assert (gone.state, gone.rating, gone.next_due_at - clock.now() >= timedelta(days=7)) == ("missing", 1500.0, True)


def test_retry_after_is_kept_for_the_platform_and_for_no_other(site, add_handle, fetch):
    rows = [add_handle("leetcode", "one"), add_handle("leetcode", "two"), add_handle("codeforces")]
    site.faults["leetcode"] = "429 with Retry-After"
    fetch()
    assert [stored(row).state for row in rows] == ["unknown", "unchecked", "verified"]
    rest = pace.resting("leetcode")
    assert "120 seconds" in rest.why
    waits = db.session.scalars(select(Job).where(Job.kind == "fetch_handles", Job.state == "queued")).one()
    assert abs((waits.due_at - rest.until).total_seconds()) < 5
    with transaction():
        assert fetching.enqueue_due() == []
    fetch()
    assert len(site.calls_of("leetcode")) == 1


def test_a_date_in_retry_after_counts_as_well(site, add_handle, fetch):
    add_handle("leetcode")
    site.faults["leetcode"] = "429 with a date"
    fetch()
    assert pace.resting("leetcode").until - clock.now() > timedelta(seconds=60)


def test_after_a_kill_only_what_was_not_stored_is_asked_again(site, add_handle, run_jobs, monkeypatch):
    class Killed(BaseException):
        pass

    rows = [add_handle("leetcode", f"person-{number}") for number in range(5)]

    real = platforms()["leetcode"].fetch
    asked = []

    def dying(handles, ask):
        asked.extend(handles)
        if len(asked) == 3:
            raise Killed
        return real(handles, ask)

    monkeypatch.setattr(platforms()["leetcode"], "fetch", dying)
    with transaction():
        job_id = fetching.begin("leetcode")
    with pytest.raises(Killed):
        run_job(job_id)
    assert [stored(row).state for row in rows] == ["verified", "verified", "unchecked", "unchecked", "unchecked"]
    end_abandoned(job_id, 1)
    run_jobs()
    assert {stored(row).state for row in rows} == {"verified"}
    assert asked == ["person-0", "person-1", "person-2", "person-2", "person-3", "person-4"]


def test_a_handle_that_was_changed_while_it_was_asked_for_is_left_alone(site, add_handle, run_jobs, monkeypatch):
    row = add_handle("leetcode", "before")

    def fetch(handles, ask):
        if handles == ["after"]:
            raise pace.NotNow(60)
        service.set_handle(row.participant_id, "leetcode", "after")
        yield handles[0], Verified(rating=9.0)

    monkeypatch.setattr(platforms()["leetcode"], "fetch", fetch)
    with transaction():
        job_id = fetching.begin("leetcode")
    run_job(job_id)
    db.session.rollback()
    after = db.session.scalars(select(Handle)).one()
    assert (after.handle, after.rating, after.state) == ("after", None, "unchecked")


def test_an_account_that_two_people_name_is_asked_once(site, add_handle, fetch):
    rows = [add_handle("codeforces", "Foo.Bar"), add_handle("codeforces", "foo.bar")]
    fetch()
    assert ([stored(row).rating for row in rows], len(site.calls)) == ([1742, 1742], 1)
    assert site.calls[0].path.count("oo.") == 1


def test_each_cohort_counts_its_own_contests(site, add_handle, cohort, fetch):
    other = create_cohort(CohortDetails("Another College", "2027"))
    with transaction():
        db.session.merge(cohort).hackerrank_contests = ["one"]
        db.session.merge(other).hackerrank_contests = ["one", "two"]
    rows = [add_handle("hackerrank"), add_handle("hackerrank", cohort_id=other.id)]
    fetch()
    assert [(stored(row).rating, stored(row).contests) for row in rows] == [(150.5, 1), (301.0, 2)]


def test_a_platform_that_is_not_set_up_is_not_asked_and_says_what_it_needs(site, app, add_handle, fetch, monkeypatch):
    monkeypatch.setitem(app.config, "CODECHEF_CLIENT_ID", "")
    row = add_handle("codechef", "foo_bar")
    fetch()
    fetching.request_check(participant_id=row.participant_id)
    fetch()
    reason = db.session.scalars(select(Job.reason).where(Job.kind == "fetch_handles")).one()
    assert (stored(row).state, len(site.calls), "CODECHEF_CLIENT_ID" in reason) == ("unchecked", 0, True)


def test_every_minute_the_club_looks_who_is_due(site, add_handle, run_jobs):
    row = add_handle("codeforces")
    with transaction():
        enqueue("fetch_due_handles", subject="")
    run_jobs()
    assert stored(row).state == "verified"


def test_pages_of_the_person_and_of_the_cohort_are_told(site, add_handle, cohort, fetch, told):
    row, own = add_handle("codeforces", "one"), add_handle("codeforces", "two", cohort_id=None)
    told()
    fetch()
    topics = set(told())
    people = {f"tracker:person:{handle.participant_id}" for handle in (row, own)}
    assert topics >= people | {f"tracker:cohort:{cohort.id}", "tracker:platforms"}
    assert "tracker:cohort:None" not in topics


def test_a_board_hears_of_the_last_handles_too_though_it_rests_meanwhile(site, add_handle, cohort, fetch, told):
    fetch()
    for handle in ("one", "two"):
        add_handle("codeforces", handle)
        told()
        fetch()
        assert f"tracker:cohort:{cohort.id}" in told(), handle


def test_no_stretch_of_work_is_taken_for_dead_and_no_dead_one_for_at_work_for_long():
    longest_seconds = fetching.SLICE_SECONDS + asking.CALL_SECONDS
    assert 1.5 * longest_seconds < kinds["fetch_handles"].deadline_seconds <= 60
