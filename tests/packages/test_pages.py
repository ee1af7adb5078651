"""The pages of packages: handed in, examined by a job, shown, imported."""

import io

from sqlalchemy import select

from app.core.jobs import Job
from app.extensions import db
from app.packages import uploads
from app.packages.reports import UNJUDGED
from app.problems.models import PackageUpload, Problem
from tests.packages.make import GOOD, changed, damaged, zipped
from tests.routes import rows_stored


def hand_in(client, content, name="twice.zip"):
    return client.post("/problem-packages", data={"file": (io.BytesIO(content), name)})


def test_a_package_is_examined_shown_and_imported(organiser, run_jobs):
    answer = hand_in(organiser, zipped(GOOD))
    page = organiser.get(answer.location).text
    assert "<strong>Queued</strong>" in page
    run_jobs()
    page = organiser.get(answer.location).text
    assert "accepted/right.py" in page
    assert "1.5 s" in page
    answer = organiser.post(f"{answer.location}/import", data={"publish": "on"})
    assert answer.location == "/problems/twice"
    assert db.session.scalars(select(Problem)).one().status == "published"
    assert db.session.scalars(select(PackageUpload)).all() == []


def test_of_several_one_is_chosen_and_the_others_wait_on(without_judge, organiser, run_jobs):
    files = {f"{name}/{path}": content for name in ("one", "two") for path, content in GOOD.items()}
    place = hand_in(organiser, zipped(files, folder="")).location
    assert "2 packages are in it" in organiser.get(place).text
    organiser.post(f"{place}/examine", data={"folder": "two"})
    run_jobs()
    page = organiser.get(place).text
    assert (UNJUDGED in page, 'name="publish"' in page) == (True, False)
    organiser.post(f"{place}/import", data={"publish": "on"})
    assert [(problem.slug, problem.status) for problem in db.session.scalars(select(Problem))] == [("two", "draft")]
    page = organiser.get(place).text
    assert 'two, as <a href="/problems/two">two</a>' in page
    assert ('<option value="one">' in page, '<option value="two"' in page, "Import it" in page) == (True, False, False)
    assert "1 more in it" in organiser.get("/problem-packages").text
    page = organiser.post(f"{place}/examine", data={"folder": "two"}, follow_redirects=True).text
    assert "That package is imported already." in page
    organiser.post(f"{place}/examine", data={"folder": "one"})
    run_jobs()
    organiser.post(f"{place}/import")
    assert organiser.get(place).status_code == 404


def test_what_is_no_package_is_refused_beside_its_field(organiser):
    before = rows_stored()
    answer = hand_in(organiser, b"1 2 3")
    assert (answer.status_code, "no ZIP file that can be read" in answer.text) == (422, True)
    assert rows_stored() == before


def test_what_cannot_be_taken_says_so_where_the_job_stands(without_judge, organiser, run_jobs):
    place = hand_in(organiser, zipped(changed({"problem.yaml": "name: a\ntype: scoring\n"}))).location
    run_jobs()
    assert "problem.yaml, line 2: scoring problems are not taken yet" in organiser.get(place).text
    answer = organiser.post(f"{place}/import", follow_redirects=True)
    assert "scoring problems are not taken yet" in answer.text
    assert db.session.scalars(select(Problem)).all() == []


def test_a_damaged_test_is_named_by_form_and_command_though_it_is_read_last(organiser, run_jobs, app, tmp_path):
    content, sentence = damaged(zipped(GOOD), "twice/data/secret/9.in"), "“twice/data/secret/9.in” is damaged"
    place = hand_in(organiser, content).location
    assert "being examined" in organiser.get("/problem-packages").text
    run_jobs()
    assert sentence in organiser.get(place).text
    assert "could not be examined" in organiser.get("/problem-packages").text
    (tmp_path / "a.zip").write_bytes(content)
    result = app.test_cli_runner().invoke(args=["problems", "import", "--yes", str(tmp_path / "a.zip")])
    assert (result.exit_code, f"a.zip: {sentence}" in result.output) == (1, True)


def test_an_update_shows_what_it_would_change(without_judge, organiser, run_jobs, imported):
    imported()
    more = {".timelimit": "3", "submissions/accepted/right.py": "# <b>\n"}
    place = hand_in(organiser, zipped(changed(more))).location
    run_jobs()
    page = organiser.get(place).text
    assert "<ins># &lt;b&gt;</ins>" in page
    assert "What changes: solution accepted/right.py" in page
    assert "time limit in seconds" in page
    assert "Update the problem" in page


def test_forgotten_it_is_gone_and_nothing_has_changed(without_judge, organiser, run_jobs):
    place = hand_in(organiser, zipped(GOOD)).location
    organiser.post(f"{place}/drop")
    run_jobs()
    assert organiser.get(place).status_code == 404
    assert db.session.scalars(select(Job.reason).where(Job.kind == uploads.JOB)).one() == uploads.GONE
