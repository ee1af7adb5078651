"""What organisers and administrators do with the accounts of others."""

import json
import re

import pytest
from sqlalchemy import select

from app.competitions.service import enter
from app.core.audit import AuditRecord
from app.extensions import db
from app.members import queries
from app.members.administration import open_dispute
from app.members.models import Member
from app.members.service import change_profile
from tests.conftest import PASSWORD


@pytest.fixture
def admin(client, make_member, log_in):
    return log_in(client, make_member("adam", role="admin"))


def kaggle_names():
    db.session.rollback()
    return dict(db.session.execute(select(Member.username, Member.kaggle_username)).all())


def acts():
    db.session.rollback()
    return db.session.scalars(select(AuditRecord)).all()


def test_a_reset_link_works_once_and_ends_sessions(app, admin, make_member):
    ann = make_member("ann")
    link = re.search(r"/reset/[\w.-]+", admin.post(f"/admin/members/{ann.id}/reset-link").text)[0]
    visitor = app.test_client()
    assert visitor.get(link).headers["Cache-Control"] == "no-store"
    assert visitor.post(link, data={"password": "a brand new password"}).status_code == 302
    assert visitor.get("/account").status_code == 200
    assert app.test_client().get(link).status_code == 404
    assert link.rsplit("/", 1)[-1] not in json.dumps([[act.before, act.after] for act in acts()])


def test_a_forged_link_is_refused(client):
    assert client.get("/reset/1.2.3").status_code == 404


def test_a_disabled_member_is_out_at_once(app, admin, make_member, log_in):
    ann = make_member("ann")
    visitor = log_in(app.test_client(), ann)
    admin.post(f"/admin/members/{ann.id}/disable")
    assert visitor.get("/account").status_code == 302
    refused = app.test_client().post("/login", data={"login": "ann", "password": PASSWORD})
    assert refused.status_code == 422
    admin.post(f"/admin/members/{ann.id}/enable")
    assert [(act.before, act.after) for act in acts()] == [("enabled", "disabled"), ("disabled", "enabled")]


def test_a_role_is_set_and_recorded(admin, make_member):
    ann = make_member("ann")
    admin.post(f"/admin/members/{ann.id}/role", data={"role": "organiser"})
    assert db.session.get(Member, ann.id, populate_existing=True).role == "organiser"
    assert [(act.actor_name, act.before, act.after) for act in acts()] == [("adam", "member", "organiser")]


@pytest.mark.parametrize(("outcome", "owner"), [("given", "ann"), ("kept", "bob")])
def test_an_organiser_settles_a_dispute(client, make_member, log_in, outcome, owner):
    make_member("bob", kaggle="theirs")
    open_dispute(make_member("ann").id, "theirs")
    log_in(client, make_member("olga", role="organiser"))
    dispute = queries.open_disputes()[0].id
    client.post(f"/organise/kaggle-usernames/{dispute}", data={"outcome": outcome})
    assert [name for name, kaggle in kaggle_names().items() if kaggle == "theirs"] == [owner]
    assert queries.open_disputes() == []
    assert acts()[-1].actor_name == "olga"


def test_an_organiser_sees_changes_made_during_a_competition(client, make_member, make_competition, log_in):
    competition = make_competition()
    ann, bob = make_member("ann", kaggle="annk"), make_member("bob", kaggle="bobk")
    enter(competition.id, ann)
    for member, name in ((ann, "anna"), (bob, "robert")):
        change_profile(member.id, display_name=member.display_name, kaggle_username=name)
    log_in(client, make_member("olga", role="organiser"))
    page = " ".join(client.get("/competitions/titanic").text.split())
    assert ": Ann, “annk” became “anna”" in page
    assert "robert" not in page and "“none”" not in page


def test_the_list_is_searched(admin, make_member):
    make_member("ann")
    page = admin.get("/admin/members?q=ANN@ex").text
    assert "ann@example.org" in page
    assert "adam@example.org" not in page


def run(app, *arguments, text=PASSWORD):
    return app.test_cli_runner().invoke(args=["members", *arguments], input=text)


def test_by_command_an_account_is_made_and_its_password_set(app, client):
    options = ["--email", "ada@example.org", "--kaggle-username", "adak", "--role", "admin", "--password-stdin"]
    made = run(app, "create", "ada", *options)
    assert (made.exit_code, "username=ada role=admin" in made.output) == (0, True)
    assert run(app, "set-password", "ada", "--password-stdin", text="quite another one").exit_code == 0
    assert client.post("/login", data={"login": "ada", "password": "quite another one"}).status_code == 302


def test_by_command_too_a_name_is_taken_once(app, make_member):
    make_member("ann")
    refused = run(app, "create", "Ann", "--email", "x@example.org", "--password-stdin")
    assert (refused.exit_code, "taken" in refused.output) == (1, True)
