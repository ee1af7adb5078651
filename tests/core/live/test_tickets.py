import pytest
from flask import Flask
from itsdangerous import TimestampSigner

from app.core.live import TicketRefused, read_ticket, ticket


def old_ticket(monkeypatch: pytest.MonkeyPatch, hours: float, *topics: str) -> str:
    """A ticket made `hours` ago."""
    now = TimestampSigner("any").get_timestamp()
    with monkeypatch.context() as patch:
        patch.setattr(TimestampSigner, "get_timestamp", lambda _: int(now - hours * 3600))
        return ticket(*topics)


def test_a_ticket_carries_its_topics(stage: Flask) -> None:
    assert read_ticket(ticket("board:7", "competition:7")).topics == ("board:7", "competition:7")


@pytest.mark.parametrize("text", ["", "none", "Ilx1MDAwMCI.ZZZ.ZZZ"])
def test_a_forged_ticket_is_refused(stage: Flask, text: str) -> None:
    with pytest.raises(TicketRefused):
        read_ticket(text)


def test_a_ticket_signed_by_another_site_is_refused(stage: Flask) -> None:
    foreign = ticket("board:7")
    stage.config["SECRET_KEY"] = "another"
    with pytest.raises(TicketRefused):
        read_ticket(foreign)


def test_a_ticket_is_good_for_half_a_day_and_no_longer(stage: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_ticket(old_ticket(monkeypatch, 11.9, "board:7")).topics == ("board:7",)
    with pytest.raises(TicketRefused, match="load it again"):
        read_ticket(old_ticket(monkeypatch, 12.1, "board:7"))
