from uuid import uuid4

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader

from app.core import live


@pytest.fixture
def topic(stage: Flask) -> str:
    return f"board:{uuid4().hex}"


def test_what_is_new_goes_out(topic: str) -> None:
    assert live.publish(topic, "<p>1</p>")
    assert live.publish(topic, "<p>2</p>")


def test_the_same_bytes_do_not_go_out_twice(topic: str) -> None:
    live.publish(topic, "<p>1</p>")
    assert not live.publish(topic, "<p>1</p>")


def test_an_older_version_does_not_go_out_after_a_newer_one(topic: str) -> None:
    assert live.publish(topic, "<p>10</p>", version=10)
    assert not live.publish(topic, "<p>9</p>", version=9)
    assert not live.publish(topic, "<p>ten</p>", version=10)
    assert live.publish(topic, "<p>11</p>", version=11)


def test_the_same_bytes_still_count_as_the_newer_version(topic: str) -> None:
    live.publish(topic, "<p>1</p>", version=1)
    live.publish(topic, "<p>1</p>", version=3)
    assert not live.publish(topic, "<p>2</p>", version=2)


def test_without_redis_nothing_is_raised_and_the_log_says_what_follows(
    stage: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    stage.config["REDIS_URL"] = "unix:///nowhere/redis.sock"
    assert not live.publish("board:7", "<p>1</p>")
    assert "open pages show it at their next refresh" in caplog.text


def test_each_hint_goes_out(topic: str) -> None:
    assert live.hint(topic)
    assert live.hint(topic)


def test_a_fragment_rendered_by_a_worker_is_byte_for_byte_the_one_of_a_page(stage: Flask) -> None:
    stage.jinja_loader = DictLoader({"_board.html": '<p><a href="{{ url_for("page") }}">{{ name }}</a></p>'})
    with stage.test_request_context("/somewhere/else", base_url="https://club.example.org"):
        on_page = render_template("_board.html", name="A & B")
    assert live.render("_board.html", name="A & B") == on_page == '<p><a href="/">A &amp; B</a></p>'


def test_a_page_gets_a_ticket_for_its_topics(stage: Flask) -> None:
    with stage.test_request_context():
        elements = live.live_socket("board:7", "competition:7")
    address = elements.split('ws-connect="')[1].split('"')[0]
    assert address.startswith("/live?ticket=")
    assert live.read_ticket(address.removeprefix("/live?ticket=")).topics == ("board:7", "competition:7")
