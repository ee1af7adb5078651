"""What is sent is packed for whoever can unpack it, and a page that did not change is not sent again."""

import gzip

import pytest

PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("address", ["/competitions/titanic", "/static/css/site.css"])
def test_pages_and_files_are_packed_for_whoever_asks(client, make_competition, address):
    make_competition()
    with client.get(address) as plain, client.get(address, headers=PACKED) as packed:
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert len(packed.data) < len(plain.data)
        assert len(gzip.decompress(packed.data)) == len(plain.data)


def test_a_packed_board_that_did_not_change_is_not_sent_again(client, make_competition, apply_csv):
    apply_csv(make_competition(), "1,10,Ann,2026-01-01 00:00:00,0.9,3,annk")
    asked = {**PACKED, "HX-Request": "true"}
    tag = client.get("/competitions/titanic/leaderboard", headers=asked).headers["ETag"]
    again = client.get("/competitions/titanic/leaderboard", headers={**asked, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
