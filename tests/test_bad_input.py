"""Rubbish into every route, from the URL map and the fields that its page shows: never a 500, nothing stored."""

import io
from itertools import count, product

import pytest
from flask.testing import FlaskClient

from tests.forms import Form, forms_of
from tests.routes import addresses, distinct_requests, rows_stored

RUBBISH = {
    "nothing": "",
    "a NUL": "a\0b",
    "ten thousand letters": "x" * 10_000,
    "emoji and right-to-left": "🚀\u202eabc\ufeff",
    "a huge number": "9" * 400,
    "a negative number": "-1",
    "not a number": "nan",
    "markup and SQL": "<script>alert(1)</script>'; DROP TABLE members; --",
    "a path": "../../etc/passwd",
    "an early date": "0001-01-01T00:00",
    "a late date": "9999-12-31T23:59+23:59",
    "a lone surrogate": "\udfff",
}
QUERY_NAMES = (
    "q",
    "page",
    "status",
    "sort",
    "order",
    "state",
    "next",
    "ticket",
    "event",
    "slug",
    "tier",
    "difficulty",
    "category",
    "tag",
    "fate",
    "platform",
    "activity",
    "move",
)
FILES = {
    "no file": b"",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0",
    "half a ZIP": b"PK\x03\x04",
    "a page": b"<html></html>",
    "UTF-16": "TeamId,TeamName,Score\n".encode("utf-16"),
}


# What a form that is empty at first needs to be taken; a number is added where it has to be new each time.
GOOD = {
    "username": "newcomer{}",
    "display_name": "New Comer",
    "email": "new{}@example.org",
    "password": "a long enough password",
    "title": "A Title",
    "slug": "a-slug-{}",
    "starts_at": "2026-01-01T00:00",
    "ends_at": "2026-02-01T00:00",
}


def is_trouble(status: int, before: dict[str, int]) -> bool:
    """Whether an answer is an error of ours, or a refusal that stored something."""
    return status >= 500 or (400 <= status < 500 and rows_stored() != before)


@pytest.fixture
def admin(client, club, log_in):
    return log_in(client, club.admin)


@pytest.fixture(scope="module")
def seen():
    """Forms by what tells them apart, with who sees them; the same in each test, for all have the same club."""
    return {}


@pytest.fixture
def forms(app, club, admin, seen) -> list[tuple[FlaskClient, Form]]:
    """Each form with fields that stores something, on any page, once, and who sees it: the administrator if he does."""
    clients = {"visitor": app.test_client(), "admin": admin}
    if not seen:
        for who, page in product(clients, addresses(app, club)):
            answer = clients[who].get(page)
            for form in forms_of(answer.text, page) if answer.mimetype == "text/html" else ():
                if form.method == "post" and form.fields:
                    seen[form.action, *form.fields] = who, form
    return [(clients[who], form) for who, form in seen.values()]


@pytest.mark.parametrize("value", RUBBISH.values(), ids=RUBBISH)
def test_no_query_breaks_a_page(app, club, admin, value):
    wrong = []
    for _, method, address in distinct_requests(app, club):
        if method == "GET":
            status = admin.get(address, query_string=dict.fromkeys(QUERY_NAMES, _sendable(value))).status_code
            if status == 500:
                wrong.append(f"{address}: {status}")
    assert wrong == []


@pytest.mark.parametrize("value", RUBBISH.values(), ids=RUBBISH)
def test_a_form_full_of_rubbish_breaks_nothing(forms, value):
    wrong = []
    for client, form in forms:
        before = rows_stored()
        status = client.post(form.action, data=dict.fromkeys(form.fields, _sendable(value))).status_code
        if is_trouble(status, before):
            wrong.append(f"{form.action}: {status}")
    assert wrong == []


@pytest.mark.parametrize("rubbish", [*RUBBISH, "missing", "a file"])
def test_one_wrong_field_among_right_ones_breaks_nothing(app, club, admin, forms, rubbish):
    wrong, number = [], count()
    for client, form in forms:
        for name in form.fields:
            before = rows_stored()
            status = client.post(form.action, data=with_one_wrong(form, name, rubbish, next(number))).status_code
            if is_trouble(status, before):
                wrong.append(f"{form.action} {name}: {status}")
    # Whatever of it was taken can be shown.
    pages = addresses(app, club)
    wrong += [f"{page}: {status}" for page in pages if (status := admin.get(page).status_code) == 500]
    assert wrong == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"[1, [2]]", "application/json"),
        (b'{"title": {}, "file": 5}', "application/json"),
        (b'{"title":', "application/json"),
        (b'--x\r\nContent-Disposition: form-data; name="file"; filename="', "multipart/form-data; boundary=x"),
        (b"title", "multipart/form-data"),
        (b"%ff%00=%&=;", "application/x-www-form-urlencoded; charset=utf-7"),
    ],
)
def test_no_body_that_is_no_form_breaks_a_route(app, club, admin, content, kind):
    wrong = []
    for rule, method, address in distinct_requests(app, club):
        if method == "POST" and rule.endpoint != "members.logout":
            before = rows_stored()
            status = admin.post(address, data=content, content_type=kind).status_code
            if is_trouble(status, before):
                wrong.append(f"{address}: {status}")
    assert wrong == []


def with_one_wrong(form: Form, wrong: str, rubbish: str, number: int) -> dict[str, object]:
    """The form as somebody sends it who did everything right but for one field."""
    fields: dict[str, object] = {name: text or GOOD.get(name, "").format(number) for name, text in form.fields.items()}
    del fields[wrong]
    if rubbish == "a file":
        fields[wrong] = (io.BytesIO(b"not for this field"), "x.txt")
    elif rubbish != "missing":
        fields[wrong] = _sendable(RUBBISH[rubbish])
    return fields


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_what_is_no_leaderboard_is_not_kept(admin, content):
    before = rows_stored()
    answer = admin.post("/competitions/titanic/boards", data={"file": (io.BytesIO(content), "x\0../y.csv")})
    assert (answer.status_code, rows_stored()) == (422, before)


def test_a_file_over_the_limit_is_refused_with_a_page(app, admin, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    answer = admin.post("/competitions/titanic/boards", data={"file": (io.BytesIO(b"x" * 5000), "x.csv")})
    assert (answer.status_code, "too large" in answer.text, "at most 50 MB" in answer.text) == (413, True, True)


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "1e3", "x"])
@pytest.mark.parametrize(
    "address", ["/competitions/titanic/boards/{}", "/admin/jobs/{}/again", "/admin/members/{}/role"]
)
def test_a_number_that_is_none_of_ours_is_not_found(admin, address, number):
    assert admin.get(address.format(number)).status_code in (404, 405)
    assert admin.post(address.format(number)).status_code in (302, 404, 405, 422)


def test_an_address_that_does_not_exist_has_a_page(client):
    answer = client.get("/nothing/here")
    assert (answer.status_code, "There is nothing here" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "\n//evil"]
)
def test_logging_in_leads_nowhere_else(client, make_member, target):
    make_member("ann", password="a long enough password")
    answer = client.post(
        "/login", query_string={"next": target}, data={"login": "ann", "password": "a long enough password"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def _sendable(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")
