"""A cohort's leaderboard: who stands where, what moved, who may see it, and the page of each person."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, update

from app.core import clock
from app.core.db import transaction
from app.extensions import db
from app.tracker import service
from app.tracker.changes import changes
from app.tracker.cohorts import CohortDetails, edit_cohort
from app.tracker.models import Cohort, Handle, Participant, Snapshot
from app.tracker.numbers import numbers
from app.tracker.ordering import Wish, order
from tests.conftest import detached


@pytest.fixture
def cohort(cohort):
    return detached(cohort)


@pytest.fixture
def enrol(cohort):
    """enrol("Ann", codeforces=1500, leetcode=None): a person, and what is known of their handles; None: no rating."""

    def add(name, member_id=None, **ratings):
        person = service.add_participant(cohort.id, name=name, roll_number=f"R-{name}", member_id=member_id)
        for key, rating in ratings.items():
            service.set_handle(person.id, key, f"{name.lower()}_1")
            with transaction():
                row = db.session.query(Handle).filter_by(participant_id=person.id, platform=key).one()
                row.state, row.rating, row.checked_at, row.known_at = "verified", rating, clock.now(), clock.now()
        return person.id

    return add


@pytest.fixture
def keep():
    """keep(person, "codeforces", days_ago, rating): what a handle showed on a day."""

    def add(person_id, key, days_ago, rating):
        with transaction():
            row = db.session.query(Handle).filter_by(participant_id=person_id, platform=key).one()
            day = (clock.now() - timedelta(days=days_ago)).date()
            db.session.execute(insert(Snapshot).values(handle_id=row.id, day=day, rating=rating))

    return add


def say(person_id, key, **values):
    with transaction():
        row = db.session.query(Handle).filter_by(participant_id=person_id, platform=key).one()
        for name, value in values.items():
            setattr(row, name, value)


def names(known, wish, moved=None):
    return [known.people[index].name for index in order(known, wish, moved or {})]


def test_what_counts_is_what_is_known(enrol, cohort):
    ann = enrol("Ann", codeforces=1500, leetcode=1800)
    ben = enrol("Ben", codeforces=1000, leetcode=None)
    say(ann, "codeforces", state="unknown", why="It answered 500.")
    say(ann, "leetcode", state="missing", why="There is none.")
    known = numbers(cohort.id)
    assert [platform.key for platform in known.platforms] == ["codeforces", "leetcode"]
    standing = known.standing(known.index_of(participant_id=ann))
    assert (standing.total, standing.ratings, standing.place, standing.below) == (1500, {"codeforces": 1500}, 1, 1)
    assert known.standing(known.index_of(participant_id=ben)).normalised == {"codeforces": pytest.approx(66.6666667)}


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(), ["Cleo", "Ann", "Ben", "Dan"]),
        (Wish("place", is_descending=True), ["Ben", "Ann", "Cleo", "Dan"]),
        (Wish("name", is_descending=True), ["Dan", "Cleo", "Ben", "Ann"]),
        (Wish("active", is_descending=True), ["Cleo", "Ann", "Ben", "Dan"]),
        (Wish("codeforces", is_descending=True), ["Ann", "Cleo", "Ben", "Dan"]),
        (Wish("week", is_descending=True), ["Ben", "Ann", "Cleo", "Dan"]),
        (Wish(search="  AN "), ["Ann", "Dan"]),
        (Wish(platform="leetcode"), ["Cleo"]),
        (Wish(platform="hackerrank"), []),
        (Wish(activity="none"), ["Dan"]),
        (Wish(move="up"), ["Ben"]),
        (Wish(move="down"), ["Ann"]),
    ],
    ids=str,
)
def test_sorts_and_filters(enrol, keep, cohort, wish, expected):
    ann = enrol("Ann", codeforces=1500)
    ben = enrol("Ben", codeforces=900)
    enrol("Cleo", codeforces=1200, leetcode=1700)
    enrol("Dan")
    keep(ann, "codeforces", 7, 1600)
    keep(ben, "codeforces", 9, 800)
    assert names(numbers(cohort.id), wish, changes(cohort.id)) == expected


def test_only_what_was_rated_then_and_is_now_moves(enrol, keep, cohort):
    ann = enrol("Ann", codeforces=1500, leetcode=1700, codechef=1900)
    keep(ann, "codeforces", 40, 1000)
    keep(ann, "codeforces", 8, 1400)
    keep(ann, "codeforces", 6, 1450)
    keep(ann, "leetcode", 8, None)
    keep(ann, "codechef", 8, 1000)
    say(ann, "codechef", state="missing")
    ben = enrol("Ben", codeforces=1500)
    assert changes(cohort.id) == {ann: (100, 500), ben: (None, None)}
    assert changes(cohort.id, [ben]) == {ben: (None, None)}


@pytest.mark.parametrize(
    ("days", "moved"),
    [(6, (None, None)), (7, (500, None)), (14, (500, None)), (15, (None, None)), (60, (None, 500)), (61, (None, None))],
)
def test_what_is_older_than_twice_the_span_is_no_move_of_it(enrol, keep, cohort, days, moved):
    ann = enrol("Ann", codeforces=1500)
    keep(ann, "codeforces", days, 1000)
    assert changes(cohort.id) == {ann: moved}


def test_what_other_contests_give_is_nobodys_move(enrol, keep, cohort):
    finn = enrol("Finn", hackerrank=203, codeforces=1500)
    keep(finn, "hackerrank", 10, 101)
    keep(finn, "codeforces", 10, 1490)
    assert changes(cohort.id) == {finn: (112, None)}
    edit_cohort(cohort.id, CohortDetails(cohort.college, cohort.batch, hackerrank_contests=("warm-up",)))
    assert changes(cohort.id) == {finn: (10, None)}
    keep(finn, "hackerrank", 0, 200)
    keep(finn, "hackerrank", -1, 201)
    with clock.standing_at(clock.now() + timedelta(days=8)):
        assert changes(cohort.id) == {finn: (2, None)}


def test_the_page_shows_numbers_states_and_formulas(client, log_in, make_member, enrol, keep, cohort):
    ann = make_member()
    me, other = enrol("Ann", ann.id, codeforces=1500), enrol("Ben", codeforces=2000, leetcode=1800)
    keep(me, "codeforces", 7, 1400)
    say(other, "leetcode", state="unknown", why="LeetCode’s shield refused.")
    open_to(cohort, "members")
    page = log_in(client, ann).get(f"/cohorts/{cohort.slug}").text
    for text in (
        "up 100",
        "not checked, from",
        "LeetCode’s shield refused.",
        "<strong>75</strong>",
        f'id="person-{me}"',
    ):
        assert text in page
    assert "with your own" in page
    assert "R-Ann" not in page


def open_to(cohort, visibility):
    with transaction():
        db.session.execute(update(Cohort).where(Cohort.id == cohort.id).values(visibility=visibility))


@pytest.mark.parametrize(
    ("visibility", "is_on_it", "role", "status"),
    [
        ("organisers", True, "member", 404),
        ("organisers", False, "organiser", 200),
        ("participants", False, "member", 404),
        ("participants", True, "member", 200),
        ("members", False, "member", 200),
    ],
)
def test_who_may_see_the_board(client, log_in, make_member, enrol, cohort, visibility, is_on_it, role, status):
    viewer = make_member(role=role)
    other = enrol("Ben", codeforces=1000)
    mine = enrol("Ann", viewer.id if is_on_it else None, codeforces=1200)
    open_to(cohort, visibility)
    log_in(client, viewer)
    paths = ("", f"/people/{other}")
    assert [client.get(f"/cohorts/{cohort.slug}{path}").status_code for path in paths] == [status] * 2
    # Their own page is theirs, whoever sees the board; where they stand on it is not told then.
    own = client.get(f"/cohorts/{cohort.slug}/people/{mine}")
    assert own.status_code == (200 if is_on_it or status == 200 else 404)
    assert ("Percentile" in own.text) == (status == 200)


def test_roll_numbers_and_addresses_are_for_organisers(client, log_in, make_member, enrol, cohort):
    person = enrol("Ann", codeforces=1200)
    with transaction():
        db.session.get(Participant, person).email = "ann@college.example"
    open_to(cohort, "members")
    paths = ("", f"/people/{person}")

    def shown(member):
        log_in(client, member)
        return [client.get(f"/cohorts/{cohort.slug}{path}").text for path in paths]

    assert not [page for page in shown(make_member()) if "R-Ann" in page or "ann@college" in page]
    organised = shown(make_member("olga", role="organiser"))
    assert ["R-Ann" in page for page in organised] == [True] * 2
    assert "ann@college.example" in organised[1]


def test_find_me_leads_to_the_page_and_row(client, log_in, make_member, enrol, cohort):
    ann = make_member()
    log_in(client, ann)
    open_to(cohort, "members")
    assert client.get(f"/cohorts/{cohort.slug}/me").headers["Location"] == f"/cohorts/{cohort.slug}"
    with transaction():
        people = [{"cohort_id": cohort.id, "name": f"P{n}", "created_at": clock.now()} for n in range(60)]
        db.session.execute(insert(Participant), people)
    mine = enrol("Zoe", ann.id)
    found = client.get(f"/cohorts/{cohort.slug}/me").headers["Location"]
    assert found == f"/cohorts/{cohort.slug}?page=2#person-{mine}"


def test_a_fragment_that_the_page_has_is_not_sent_again(client, log_in, make_member, enrol, cohort):
    log_in(client, make_member(role="organiser"))
    person = enrol("Ann", codeforces=1200)
    address, htmx = f"/cohorts/{cohort.slug}", {"HX-Request": "true"}
    first = client.get(address, headers=htmx)
    again = {**htmx, "If-None-Match": first.headers["ETag"]}
    assert client.get(address, headers=again).status_code == 304
    say(person, "codeforces", rating=1300)
    assert client.get(address, headers=again).status_code == 200


def test_a_page_of_a_large_cohort_takes_few_statements(client, log_in, make_member, enrol, cohort):
    log_in(client, make_member(role="organiser"))
    for number in range(3):
        enrol(f"P{number}", codeforces=1000 + number, leetcode=1500, hackerrank=10)
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    for query in ("", "?sort=week&move=up", "?q=p&platform=leetcode"):
        statements.clear()
        client.get(f"/cohorts/{cohort.slug}{query}")
        assert len([one for one in statements if one.startswith("SELECT")]) <= 8


def test_the_course_of_ratings_is_drawn_and_told_day_by_day(client, log_in, make_member, enrol, keep, cohort):
    log_in(client, make_member(role="organiser"))
    person = enrol("Ann", codeforces=1500, leetcode=1600)
    for days_ago, rating in ((300, 1400), (2, 1450), (1, 1500)):
        keep(person, "codeforces", days_ago, rating)
    page = client.get(f"/cohorts/{cohort.slug}/people/{person}").text
    first, last = (clock.now() - timedelta(days=ago) for ago in (300, 1))
    told = f"From 1,400 on {first.day} {first:%b %Y} to 1,500 on {last.day} {last:%b %Y}; lowest 1,400, highest 1,500."
    assert told in page
    assert page.count("data-course=") == 1
    assert '<p class="chart-readout muted">From ' in page  # for who has no JavaScript
    assert "1,450" in page.split('id="days"')[1]
    keep(person, "leetcode", 1, 1600)
    removal = client.get(f"/cohorts/{cohort.slug}/people/{person}/remove").text
    assert "2 handles and 3 days of history" in removal


def test_a_person_of_another_cohort_is_not_found_here(client, log_in, make_member, enrol, cohort):
    log_in(client, make_member(role="organiser"))
    person = enrol("Ann")
    assert client.get(f"/cohorts/elsewhere/people/{person}").status_code == 404
    assert client.get(f"/cohorts/{cohort.slug}/people/{2**40}").status_code == 404


def test_where_there_is_little_room_the_platform_that_is_chosen_stays_shown(client, log_in, make_member, enrol, cohort):
    log_in(client, make_member(role="organiser"))
    enrol("Ann", codeforces=1500, leetcode=1600)
    address = f"/cohorts/{cohort.slug}"
    shown = client.get(address).text
    assert (shown.count('num roomy-only"'), shown.count('class="tight-only')) == (4, 1)  # two headings, two cells
    assert f'href="{address}?sort=leetcode&amp;order=desc"' in shown.split('class="tight-only')[1].split("</p>")[0]
    for query in ("?sort=leetcode", "?platform=leetcode"):
        assert client.get(address + query).text.count('num roomy-only"') == 2, query


def test_the_nameless_are_told_apart_and_named_in_formulas(client, log_in, make_member, enrol, cohort):
    log_in(client, make_member(role="organiser"))
    people = [enrol(name, codeforces=1500) for name in ("a", "b")]
    with transaction():
        db.session.execute(update(Participant).values(name=""))
    board = client.get(f"/cohorts/{cohort.slug}").text
    assert [f">Nameless {person}</a>" in board for person in people] == [True, True]
    assert f"with Nameless {people[0]}’s own" in board
    page = client.get(f"/cohorts/{cohort.slug}/people/{people[1]}").text
    assert (f"<h1>Nameless {people[1]}</h1>" in page, f"<title>Nameless {people[1]}" in page) == (True, True)


def test_what_scrolls_can_be_reached_by_keyboard(client, log_in, make_member, enrol, keep, cohort):
    log_in(client, make_member(role="organiser"))
    person = enrol("Ann", codeforces=1500)
    keep(person, "codeforces", 1, 1400)
    page = client.get(f"/cohorts/{cohort.slug}/people/{person}").text
    assert '<div class="wide-table sheet" tabindex="0" role="region" aria-label="Ratings of each day">' in page
