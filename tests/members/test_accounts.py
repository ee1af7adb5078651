"""What people do with their own accounts."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.members.models import FORMER_NAME, KaggleUsernameChange, Member
from tests.conftest import PASSWORD

NEW = {
    "username": "zoe",
    "display_name": "Zoe",
    "email": "zoe@example.org",
    "password": PASSWORD,
    "kaggle_username": "zoek",
}


def stored(username):
    db.session.rollback()
    query = select(Member).where(Member.username == username).execution_options(populate_existing=True)
    return db.session.scalar(query)


def log_in_by_form(client, login, password=PASSWORD):
    return client.post("/login", data={"login": login, "password": password})


def is_logged_in(client):
    return client.get("/account").status_code == 200


def test_registering_logs_in_and_leads_home(client):
    answer = client.post("/register", data=NEW)
    assert (answer.status_code, answer.headers["Location"], is_logged_in(client)) == (302, "/", True)
    assert stored("zoe").kaggle_username == "zoek"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"username": "ANN"}, "taken"),
        ({"username": "a b"}, ""),
        ({"username": "x"}, ""),
        ({"email": "ANN@example.org"}, "another account"),
        ({"email": "nonsense"}, ""),
        ({"password": "short"}, ""),
        ({"password": "zoe@example.org"}, ""),
        ({"display_name": "  "}, ""),
        ({"kaggle_username": "ANNK"}, "Another member"),
        ({"kaggle_username": "not a name"}, ""),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(client, make_member, changed, sentence):
    make_member("ann", kaggle="annk")
    answer = client.post("/register", data=NEW | changed)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert sentence in answer.text
    assert stored("zoe") is None


def test_the_password_is_kept_as_argon2id(client):
    client.post("/register", data=NEW)
    assert stored("zoe").password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("login", ["ann", "ANN", "ann@example.org", "Ann@Example.org"])
def test_one_logs_in_by_username_or_address(client, make_member, login):
    make_member("ann")
    assert log_in_by_form(client, login).status_code == 302
    assert is_logged_in(client)


def test_a_wrong_password_says_no_more_than_an_unknown_name(client, make_member):
    make_member("ann")
    wrong, unknown = log_in_by_form(client, "ann", "wrong password"), log_in_by_form(client, "nobody", "wrong password")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("ann", "nobody") == unknown.text.replace("ann", "nobody")


def test_logging_out_ends_the_session(client, make_member):
    make_member("ann")
    log_in_by_form(client, "ann")
    client.post("/logout")
    assert not is_logged_in(client)


def test_too_many_wrong_passwords_close_the_account_for_a_while_but_no_other(app, client, make_member):
    make_member("ann")
    make_member("bob")
    statuses = [log_in_by_form(client, "ann", "wrong password").status_code for _ in range(12)]
    assert (statuses[0], statuses[-1]) == (422, 429)
    assert log_in_by_form(app.test_client(), "bob").status_code == 302


def test_a_class_behind_one_address_registers_and_logs_in(app):
    for number in range(60):
        client = app.test_client()
        name = f"pupil{number}"
        data = NEW | {"username": name, "email": f"{name}@example.org", "kaggle_username": ""}
        assert client.post("/register", data=data).status_code == 302
        client.post("/logout")
        log_in_by_form(client, name, "mistyped at first")
        assert log_in_by_form(client, name).status_code == 302


def test_a_new_password_ends_other_sessions_but_not_this(app, client, make_member):
    make_member("ann")
    other = app.test_client()
    for browser in (client, other):
        log_in_by_form(browser, "ann")
    page = client.get("/account/login").text
    prefix = page.split('name="')[1:]
    names = [part.split('"')[0] for part in prefix]
    password, current = [name for name in names if "password" in name][-2:]
    client.post("/account/login", data={password: "another long password", current: PASSWORD})
    assert (is_logged_in(client), is_logged_in(other)) == (True, False)
    assert log_in_by_form(app.test_client(), "ann", "another long password").status_code == 302


def test_a_changed_kaggle_username_is_recorded_and_unique(client, make_member, log_in):
    make_member("bob", kaggle="bobk")
    log_in(client, make_member("ann", kaggle="annk"))
    taken = client.post("/account", data={"display_name": "Ann", "kaggle_username": "BobK"})
    assert (taken.status_code, "It is mine: ask an organiser" in taken.text) == (422, True)
    address = "https://www.kaggle.com/annie"
    assert client.post("/account", data={"display_name": "Ann", "kaggle_username": address}).status_code == 302
    changes = db.session.execute(select(KaggleUsernameChange.old, KaggleUsernameChange.new)).all()
    assert ("annk", "annie") in [tuple(change) for change in changes]


def test_deleting_leaves_a_former_member_without_a_name(client, make_member, log_in):
    ann = make_member("ann", kaggle="annk")
    log_in(client, ann)
    assert client.post("/account/delete", data={"password": "wrong"}).status_code == 422
    assert client.post("/account/delete", data={"password": PASSWORD}).status_code == 302
    gone = db.session.get(Member, ann.id)
    assert (gone.display_name, gone.email, gone.kaggle_username, gone.password_hash) == (FORMER_NAME, None, None, None)
    assert "ann" not in gone.username
    assert not is_logged_in(client)
    assert [row for row in db.session.scalars(select(KaggleUsernameChange)) if "annk" in (row.old, row.new)] == []


def test_the_last_administrator_stays(client, make_member, log_in):
    log_in(client, make_member("adam", role="admin"))
    assert client.post("/account/delete", data={"password": PASSWORD}).status_code == 422
    assert client.post("/admin/members/1/role", data={"role": "member"}).status_code == 422
    assert client.post("/admin/members/1/disable").status_code == 422
    assert stored("adam").role == "admin"
