import gzip

import pytest
from flask import Flask

from app.core import security
from app.core.editor import TYPES, editor_url


@pytest.fixture
def urls(app):
    with app.test_request_context():
        return {name: editor_url(name) for name in TYPES}


@pytest.mark.parametrize("name", TYPES)
def test_the_editors_files_are_kept_for_good_and_sent_packed_to_whoever_can_unpack_them(client, urls, name):
    packing = {"Accept-Encoding": "gzip"}
    with client.get(urls[name]) as plain, client.get(urls[name], headers=packing) as packed:
        assert gzip.decompress(packed.data) == plain.data
        assert "Content-Encoding" not in plain.headers
        for answer in (plain, packed):
            assert answer.mimetype == TYPES[name]
            assert {"public", "immutable"} <= set(answer.headers["Cache-Control"].split(", "))
            assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("end", ["editor.map", "editor.js.gz", "..%2feditor.js", "../../htmx.min.js"])
def test_nothing_but_the_editors_files_is_there(client, urls, end):
    assert client.get(urls["editor.js"].removesuffix("editor.js") + end).status_code == 404


def test_files_of_another_build_are_not_there(client, urls):
    assert client.get("/editor/another/editor.js").status_code == 404
    assert client.get("/editor/../editor.js").status_code == 404


def test_there_is_no_address_before_the_editor_was_built(app, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    with app.test_request_context():
        assert editor_url("editor.js") is None


def test_the_relaxed_style_rule_is_the_only_difference_and_lasts_for_one_answer():
    app = Flask(__name__)
    security.init_app(app)
    app.add_url_rule("/plain", "plain", lambda: "")
    app.add_url_rule("/relaxed", "relaxed", lambda: security.allow_inline_style() or "")
    header = "Content-Security-Policy"
    plain, relaxed, after = (app.test_client().get(path).headers[header] for path in ("/plain", "/relaxed", "/plain"))
    assert "unsafe" not in plain
    assert after == plain
    assert set(relaxed.split("; ")) - set(plain.split("; ")) == {"style-src 'self' 'unsafe-inline'"}
