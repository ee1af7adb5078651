"""The picture over an event's page."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.competitions.event_service import EventDetails, create_event
from app.competitions.models import EventBanner
from app.core.audit import AuditRecord
from app.extensions import db


def picture(colour):
    target = io.BytesIO()
    Image.new("RGB", (800, 800), colour).save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def organiser(client, make_member, log_in):
    create_event(EventDetails(title="Night"))
    return log_in(client, make_member("olga", role="organiser"))


@pytest.fixture
def hand_in(organiser):
    """hand_in(content): the answer to this file as the banner of the event."""
    return lambda content: organiser.post("/events/night/banner", data={"file": (io.BytesIO(content), "b.png")})


def test_a_picture_is_cut_to_shape_and_shown_to_everybody(app, hand_in):
    assert hand_in(picture("red")).headers["Location"] == "/events/night"
    visitor = app.test_client()
    assert 'src="/events/night/banner.webp"' in visitor.get("/events/night").text
    answer = visitor.get("/events/night/banner.webp")
    with Image.open(io.BytesIO(answer.data)) as image:
        assert (answer.mimetype, image.format, image.size) == ("image/webp", "WEBP", (1200, 300))


def test_an_unchanged_banner_is_not_sent_again_and_a_new_one_is(client, hand_in):
    hand_in(picture("red"))
    seen = client.get("/events/night/banner.webp").headers["ETag"]
    assert not seen.startswith("W/")
    asking = {"If-None-Match": seen}
    assert client.get("/events/night/banner.webp", headers=asking).status_code == 304
    hand_in(picture("blue"))
    assert client.get("/events/night/banner.webp", headers=asking).status_code == 200
    assert db.session.scalar(select(func.count()).select_from(EventBanner)) == 1


def test_what_is_no_picture_is_refused_beside_the_field_and_the_rest_of_the_form_stays(client, hand_in):
    answer = hand_in(b"no picture")
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert 'value="Night"' in answer.text
    assert client.get("/events/night/banner.webp").status_code == 404


def test_no_file_is_refused(organiser):
    answer = organiser.post("/events/night/banner")
    assert (answer.status_code, "Choose a picture." in answer.text) == (422, True)


def test_a_banner_is_taken_down(organiser, hand_in):
    hand_in(picture("red"))
    for _ in "twice":
        assert organiser.post("/events/night/banner/remove").status_code == 302
    assert organiser.get("/events/night/banner.webp").status_code == 404
    assert "banner.webp" not in organiser.get("/events/night").text
    assert db.session.scalar(select(func.count()).select_from(EventBanner)) == 0


def test_who_changed_it_is_recorded(organiser, hand_in):
    hand_in(picture("red"))
    organiser.post("/events/night/banner/remove")
    acts = db.session.scalars(select(AuditRecord.act).order_by(AuditRecord.id.desc()).limit(2)).all()
    assert acts == ["remove banner", "set banner"]


def test_editing_the_rest_keeps_the_banner(organiser, hand_in):
    hand_in(picture("red"))
    organiser.post("/events/night/edit", data={"title": "Long Night", "slug": "night"})
    assert organiser.get("/events/night/banner.webp").status_code == 200
