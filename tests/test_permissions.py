"""Who may open what: every route x everybody, from the URL map, so that a new route cannot be forgotten."""

import pytest
from werkzeug.routing import Rule

from tests.routes import addresses, all_requests, rows_stored

OPEN, MEMBER, ORGANISER, ADMIN = "open", "member", "organiser", "admin"
LADDER = (OPEN, MEMBER, ORGANISER, ADMIN)

# The least that each endpoint asks for. A route that is not here fails the test, by name.
NEEDED = {
    "admin.index": ADMIN,
    "admin.jobs": ADMIN,
    "admin.replay_ratings": ADMIN,
    "admin.run_again": ADMIN,
    "boards.apply": ORGANISER,
    "boards.drop": ORGANISER,
    "boards.index": ORGANISER,
    "boards.rematch": ORGANISER,
    "boards.show": ORGANISER,
    "calendars.everything": OPEN,
    "calendars.of_event": OPEN,
    "cohort_boards.find_me": MEMBER,
    "cohort_boards.person": MEMBER,
    "cohort_boards.show": MEMBER,
    "cohort_exports.leaderboard_csv": MEMBER,
    "cohort_exports.leaderboard_xlsx": MEMBER,
    "cohort_exports.show": MEMBER,
    "cohorts.create": ORGANISER,
    "cohorts.edit": ORGANISER,
    "cohorts.index": MEMBER,
    "cohorts.remove": ORGANISER,
    "competitions.create": ORGANISER,
    "competitions.edit": ORGANISER,
    "competitions.enter": MEMBER,
    "competitions.find_me": MEMBER,
    "competitions.index": OPEN,
    "competitions.leaderboard": OPEN,
    "competitions.leaderboard_csv": OPEN,
    "competitions.overview": OPEN,
    "competitions.scale": ORGANISER,
    "competitions.withdraw": MEMBER,
    "editorials.ask": MEMBER,
    "editorials.give_up": MEMBER,
    "editorials.measure": ORGANISER,
    "editorials.show": OPEN,
    "editor.show": OPEN,  # static files too; see tests/core/test_editor.py
    "events.banner": OPEN,
    "events.create": ORGANISER,
    "events.edit": ORGANISER,
    "events.find_me": MEMBER,
    "events.index": OPEN,
    "events.leaderboard_csv": OPEN,
    "events.remove_banner": ORGANISER,
    "events.set_banner": ORGANISER,
    "events.show": OPEN,
    "handles.accept": MEMBER,
    "handles.check": MEMBER,
    "handles.invitation": OPEN,  # asks for a signed link instead; see tests/tracker/test_linking.py
    "handles.own": MEMBER,
    "handles.save": MEMBER,
    "handles.save_own": MEMBER,
    "health.healthz": OPEN,
    "home.show": OPEN,
    "imports.preview": ORGANISER,
    "imports.search": ORGANISER,
    "judge.check_again": ADMIN,
    "judge.forget": ADMIN,
    "judge.judge0": ADMIN,
    "judge.show": ADMIN,
    "judge.use": ADMIN,
    "judge0_callback.ring": OPEN,  # asks for a signed address instead; see tests/submissions/test_judge0.py
    "kaggle.check": ADMIN,
    "kaggle.forget": ADMIN,
    "kaggle.show": ADMIN,
    "live.listen": OPEN,  # asks for a signed ticket instead; see tests/core/live
    "members.account": MEMBER,
    "members.account_login": MEMBER,
    "members.change_role": ADMIN,
    "members.claim_kaggle_username": MEMBER,
    "members.delete_account": MEMBER,
    "members.disable": ADMIN,
    "members.enable": ADMIN,
    "members.kaggle_usernames": ORGANISER,
    "members.login": OPEN,
    "members.logout": OPEN,
    "members.make_reset_link": ADMIN,
    "members.manage": ADMIN,
    "members.register": OPEN,
    "members.reset": OPEN,
    "members.settle_kaggle_username": ORGANISER,
    "packages.apply": ORGANISER,
    "packages.drop": ORGANISER,
    "packages.examine": ORGANISER,
    "packages.export": ORGANISER,
    "packages.index": ORGANISER,
    "packages.show": ORGANISER,
    "people.check": ORGANISER,
    "people.check_person": ORGANISER,
    "people.create": ORGANISER,
    "people.edit": ORGANISER,
    "people.index": ORGANISER,
    "people.invite": ORGANISER,
    "people.link": ORGANISER,
    "people.remove": ORGANISER,
    "people.unlink": ORGANISER,
    "platforms.fetch": ADMIN,
    "platforms.forget": ADMIN,
    "platforms.index": ADMIN,
    "platforms.show": ADMIN,
    "problem_tests.apply": ORGANISER,
    "problem_tests.delete": ORGANISER,
    "problem_tests.drop": ORGANISER,
    "problem_tests.index": ORGANISER,
    "problem_tests.move": ORGANISER,
    "problem_tests.show": ORGANISER,
    "problem_tests.upload": ORGANISER,
    "problems.create": ORGANISER,
    "problems.delete": ORGANISER,
    "problems.edit": ORGANISER,
    "problems.index": OPEN,
    "problems.preview": ORGANISER,
    "problems.publish": ORGANISER,
    "problems.retire": ORGANISER,
    "problems.show": OPEN,
    "problems.image": OPEN,
    "profiles.avatar": OPEN,
    "profiles.edit": MEMBER,
    "profiles.scores": OPEN,
    "profiles.show": OPEN,
    "rating_leaderboard.find_me": MEMBER,
    "rating_leaderboard.index": OPEN,
    "ratings.correct": ORGANISER,
    "ratings.finalize": ORGANISER,
    "ratings.index": OPEN,
    "ratings.why": OPEN,
    "projectors.competition": OPEN,
    "projectors.event": OPEN,
    "problem_leaderboard.find_me": MEMBER,
    "problem_leaderboard.index": OPEN,
    "rejudges.apply": ORGANISER,
    "rejudges.drop": ORGANISER,
    "rejudges.index": ORGANISER,
    "rejudges.of_problem": ORGANISER,
    "rejudges.of_submission": ORGANISER,
    "rejudges.show": ORGANISER,
    "rejudges.since": ADMIN,
    "submissions.index": MEMBER,
    "submissions.judge_again": ADMIN,
    "submissions.manage": ORGANISER,
    "submissions.show": MEMBER,
    "roster_imports.apply": ORGANISER,
    "roster_imports.columns": ORGANISER,
    "roster_imports.drop": ORGANISER,
    "roster_imports.index": ORGANISER,
    "roster_imports.undo": ORGANISER,
    "solving.random": OPEN,
    "tables.index": ADMIN,
    "static": OPEN,
    "syncing.pause": ORGANISER,
    "syncing.resume": ORGANISER,
    "syncing.show": ORGANISER,
    "syncing.start": ORGANISER,
    "workspace.compare": MEMBER,
    "workspace.draft": MEMBER,
    "workspace.result": MEMBER,
    "workspace.send": MEMBER,
}


def needed(endpoint: str) -> str:
    """The least that it asks for; what shows tables as they are stored is for administrators, table by table."""
    return ADMIN if endpoint.startswith("table_") else NEEDED[endpoint]


@pytest.fixture
def visitors(app, club, log_in):
    """A client for each step of the ladder."""
    members = {MEMBER: club.member, ORGANISER: club.organiser, ADMIN: club.admin}
    return {OPEN: app.test_client()} | {name: log_in(app.test_client(), who) for name, who in members.items()}


def test_every_route_says_who_may_open_it(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {endpoint for endpoint in endpoints if not endpoint.startswith("table_")} == set(NEEDED)


def test_whoever_may_not_is_turned_away(app, club, visitors):
    wrong, before = [], rows_stored()
    for rule, method, address in all_requests(app, club):
        for visitor in LADDER[: LADDER.index(needed(rule.endpoint))]:
            answer = visitors[visitor].open(address, method=method)
            is_away = "/login" in answer.headers.get("Location", "") if visitor == OPEN else answer.status_code == 403
            if not is_away:
                wrong.append(f"{visitor} {method} {address}: {answer.status_code}")
    assert (wrong, rows_stored()) == ([], before)


def test_whoever_may_is_let_in(app, club, visitors):
    wrong = []
    for rule, method, address in all_requests(app, club):
        if is_plain_page(rule, method):
            for visitor in LADDER[LADDER.index(needed(rule.endpoint)) :]:
                answer = visitors[visitor].get(address)
                if answer.status_code in (401, 403) or "/login" in answer.headers.get("Location", ""):
                    wrong.append(f"{visitor} {method} {address}: {answer.status_code}")
    assert wrong == []


def is_plain_page(rule: Rule, method: str) -> bool:
    return method == "GET" and not rule.websocket


def test_every_form_needs_its_token(app, club, visitors):
    app.config["WTF_CSRF_ENABLED"], before = True, rows_stored()
    try:
        wrong = [
            f"{address}: {status}"
            for _, method, address in all_requests(app, club)
            if method == "POST" and (status := visitors[ADMIN].post(address).status_code) != 400
        ]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert (wrong, rows_stored()) == ([], before)


def test_a_form_that_outlived_its_login_says_what_to_do(app, client, visitors):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        told = [visitor.post("/problems/new").text for visitor in (client, visitors[ADMIN])]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert ["Log in again in a new tab" in text for text in told] == [True, False]
    assert all("Go back: what you typed is still there." in text for text in told)


def test_every_page_carries_the_strict_policy(app, club, visitors):
    for address in addresses(app, club):
        policy = visitors[ADMIN].get(address).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        is_problem = address == f"/problems/{club.arguments['problem_slug']}"  # the code editor writes styles
        assert policy.count("unsafe") == ("style-src 'self' 'unsafe-inline'" in policy) == is_problem
