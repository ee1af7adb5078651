"""Profiles: what they show, to whom, and what members may put there."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, insert, update

from app.competitions.models import Competition, Entry
from app.core import clock
from app.core.db import transaction
from app.extensions import db
from app.members.models import Member
from app.members.service import delete_member
from app.profiles.models import Profile
from app.ratings.models import RatingEvent
from tests.conftest import PASSWORD

Make = Callable[..., Any]


def picture(size: tuple[int, int] = (640, 400)) -> tuple[io.BytesIO, str]:
    """A photograph of a red wall, as a browser sends it."""
    content = io.BytesIO()
    Image.new("RGB", size, "red").save(content, "JPEG")
    content.seek(0)
    return content, "me.jpg"


def text_of(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).get_data(as_text=True).split())


def play(member: Member, competitions: int) -> None:
    """Enter the member into many competitions that are over, each of which moved the rating."""
    now = clock.now()
    numbers = range(1, competitions + 1)
    with transaction():
        db.session.execute(
            insert(Competition),
            [
                {
                    "slug": f"c{n}", "title": f"C {n}", "starts_at": now - timedelta(days=n + 2),
                    "ends_at": now - timedelta(days=n), "created_at": now, "finalized_at": now,
                }
                for n in numbers
            ],
        )  # fmt: skip
        ids = db.session.scalars(db.select(Competition.id).order_by(Competition.id)).all()
        entries = [{"competition_id": i, "member_id": member.id, "entered_at": now, "place": 1} for i in ids]
        db.session.execute(insert(Entry), entries)
        common = {"member_id": member.id, "place": 1.0, "n": 2, "mean": 1500.0, "weight": 1.0}
        moves = [
            {"competition_id": i, "at": now - timedelta(days=n), "before": 1500.0 + n, "after": 1501.0 + n, **common}
            for n, i in zip(numbers, ids, strict=True)
        ]
        db.session.execute(insert(RatingEvent), moves)


def statements_for(client: FlaskClient, address: str) -> int:
    told: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    return len(told)


@pytest.mark.parametrize("competitions", [1, 300])
def test_a_profile_takes_few_statements_at_any_length(
    client: FlaskClient, make_member: Make, log_in: Make, competitions: int
) -> None:
    member = make_member("ann")
    log_in(client, member)
    play(member, competitions)
    assert statements_for(client, "/members/ann") <= 12


def test_a_long_history_has_pages(client: FlaskClient, make_member: Make) -> None:
    play(make_member("ann"), 45)
    first, last = text_of(client, "/members/ann"), text_of(client, "/members/ann?page=3")
    assert "1–20 of 45" in first
    assert "C 1<" in first
    assert "C 45<" in last
    assert "C 45<" not in first


def test_a_profile_shows_tier_rating_peak_and_place(client: FlaskClient, people: Make, make_rated: Make) -> None:
    make_rated("spring", "annk", "benk", "carak", days_ago=5)
    make_rated("summer", "benk", "annk", "carak", days_ago=2)
    page = text_of(client, "/members/ANN")
    assert '<span class="tier tier-intermediate">Intermediate</span>' in page
    assert "<dt>In the club</dt><dd>2nd</dd>" in page
    assert "<dt>Competitions</dt><dd>2</dd>" in page
    assert "<dt>Best place</dt><dd>1st</dd>" in page
    assert 'href="/competitions/spring/ratings/' in page


def test_members_with_one_rating_share_a_place(client: FlaskClient, people: Make, make_rated: Make) -> None:
    make_rated("spring", "annk", "benk+carak", "dank")
    pages = [text_of(client, f"/members/{name}") for name in ("ben", "cara", "dan")]
    places = [page.split("<dt>In the club</dt><dd>")[1].split("<")[0] for page in pages]
    assert places == ["2nd", "2nd", "4th"]


def test_an_unrated_member_has_no_place_and_no_chart(client: FlaskClient, make_member: Make) -> None:
    make_member("ann")
    page = text_of(client, "/members/ann")
    assert "not rated yet" in page
    assert "rating_chart.js" not in page
    assert "Ann has not entered a competition so far" in page


@pytest.mark.parametrize("username", ["nobody", "a", "%00", "ann%20"])
def test_whoever_is_not_a_member_has_no_profile(client: FlaskClient, username: str) -> None:
    assert [client.get(f"/members/{username}{part}").status_code for part in ("", "/avatar")] == [404, 404]


def test_whoever_left_has_no_profile_and_nothing_of_theirs_is_kept(
    client: FlaskClient, make_member: Make, log_in: Make, run_jobs: Make
) -> None:
    make_member("olga", role="admin")
    member = make_member("ann")
    log_in(client, member)
    client.post("/account/profile", data={"bio": "I was here", "picture": picture()})
    delete_member(member.id, PASSWORD)
    run_jobs()
    assert client.get("/members/ann").status_code == 404
    assert client.get(f"/members/former-{member.id}").status_code == 404
    assert db.session.get(Profile, member.id) is None


def test_words_and_picture_of_a_disabled_member_are_for_administrators(
    app: Flask, client: FlaskClient, make_member: Make, log_in: Make
) -> None:
    member = make_member("ann")
    log_in(client, member)
    client.post("/account/profile", data={"bio": "Unkind words", "picture": picture()})
    with transaction():
        db.session.execute(update(Member).where(Member.id == member.id).values(disabled_at=clock.now()))
    visitor, admin = app.test_client(), log_in(app.test_client(), make_member("adam", role="admin"))
    assert "Unkind words" not in text_of(visitor, "/members/ann")
    assert visitor.get("/members/ann/avatar").mimetype == "image/svg+xml"
    assert "Unkind words" in text_of(admin, "/members/ann")
    assert admin.get("/members/ann/avatar").mimetype == "image/webp"


def test_what_a_member_writes_does_no_harm(client: FlaskClient, make_member: Make, log_in: Make) -> None:
    log_in(client, make_member("ann"))
    bio = "**Trees** <script>alert(1)</script> [x](javascript:alert(1)) ![p](https://elsewhere.example/p.png)"
    assert client.post("/account/profile", data={"bio": bio}).headers["Location"] == "/members/ann"
    page = client.get("/members/ann").text
    assert "<strong>Trees</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_picture_is_kept_as_a_small_square(client: FlaskClient, make_member: Make, log_in: Make) -> None:
    log_in(client, make_member("ann"))
    client.post("/account/profile", data={"bio": "", "picture": picture()})
    answer = client.get("/members/ann/avatar")
    image = Image.open(io.BytesIO(answer.data))
    assert (answer.mimetype, image.format, image.size) == ("image/webp", "WEBP", (256, 256))
    assert client.get("/members/ann/avatar", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_saving_words_keeps_the_picture_until_it_is_removed(
    client: FlaskClient, make_member: Make, log_in: Make
) -> None:
    log_in(client, make_member("ann"))
    client.post("/account/profile", data={"bio": "", "picture": picture()})
    client.post("/account/profile", data={"bio": "Hello"})
    assert client.get("/members/ann/avatar").mimetype == "image/webp"
    client.post("/account/profile", data={"bio": "Hello", "is_picture_removed": "y"})
    assert client.get("/members/ann/avatar").mimetype == "image/svg+xml"


def test_what_is_no_picture_is_refused_beside_its_field(client: FlaskClient, make_member: Make, log_in: Make) -> None:
    log_in(client, make_member("ann"))
    answer = client.post("/account/profile", data={"bio": "Kept?", "picture": (io.BytesIO(b"%PDF"), "me.jpg")})
    assert answer.status_code == 422
    assert "not a picture that can be read" in answer.text
    assert "Kept?" in answer.text
    assert "Kept?" not in client.get("/members/ann").text


def test_initials_are_text_and_not_markup(client: FlaskClient, make_member: Make) -> None:
    make_member("eve", display_name="<b> & Eve")
    assert ">&lt;E</text>" in client.get("/members/eve/avatar").text


def test_the_history_of_a_score_has_a_page(
    client: FlaskClient, make_member: Make, make_competition: Make, apply_csv: Make
) -> None:
    make_member("ann", kaggle="annk")
    competition = make_competition()
    apply_csv(competition, "1,10,Ann,2026-01-01 00:00:00,0.8,3,annk")
    apply_csv(competition, "1,10,Ann,2026-01-01 00:00:00,0.9,4,annk")
    page = text_of(client, "/members/ann/competitions/titanic")
    assert page.index("0.9") < page.index("0.8")
    assert "0.1<" in page
    assert client.get("/members/ann/competitions/elsewhere").status_code == 404
