"""The pages on which organisers give a problem its tests. Nothing of hidden tests is shown anywhere else."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.members.access import organiser_required
from app.problems import case_service, queries
from app.problems.forms import TestForm, ZipForm
from app.problems.models import Problem, TestCase
from app.problems.service import ProblemOutdated, ProblemRefused

bp = Blueprint("problem_tests", __name__, url_prefix="/problems/<problem_slug>/tests")
SHOWN_BYTES = 2_000


@bp.route("", methods=["GET", "POST"])
@organiser_required
def index(problem_slug: str) -> ResponseReturnValue:
    """The table of tests, and the forms that add one or many."""
    problem, form = _find(problem_slug), TestForm()
    if form.validate_on_submit():
        pair = form.pair()
        try:
            case_service.add_test(problem.id, pair)
        except ProblemRefused as refusal:
            form.refuse(refusal)
        else:
            flash("Added." if pair.answer else "Added. Its answer is empty: open it, if that was not meant.", "ok")
            return _to_table(problem_slug)
    return _table(problem_slug, form, ZipForm(formdata=None)), 422 if form.is_submitted() else 200


@bp.route("/<int:test_id>", methods=["GET", "POST"])
@organiser_required
def show(problem_slug: str, test_id: int) -> ResponseReturnValue:
    """The first lines of a test, and the form that changes it."""
    test = _find_test(problem_slug, test_id)
    form = TestForm() if request.method == "POST" else TestForm.of(test)
    if form.validate_on_submit():
        try:
            case_service.change_test(
                test_id,
                form.pair(),
                keeps_input=not form.has_input,
                keeps_answer=not form.has_answer,
                seen=form.seen.data or "",
            )
        except ProblemOutdated as outdated:
            test = _find_test(problem_slug, test_id)
            form.seen.data = case_service.case_version_of(test)  # so that a save from there is one that knows
            return _test_page(test, form, outdated), 409
        except ProblemRefused as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "ok")
            return _to_table(problem_slug)
    return _test_page(_find_test(problem_slug, test_id), form), 422 if form.is_submitted() else 200


@bp.post("/<int:test_id>/move")
@organiser_required
def move(problem_slug: str, test_id: int) -> ResponseReturnValue:
    """One place up or down."""
    test = _find_test(problem_slug, test_id)
    case_service.move_test(test.id, is_up=request.form.get("direction") == "up")
    return redirect(url_for(".index", problem_slug=problem_slug, _anchor=f"test-{test_id}"))


@bp.route("/<int:test_id>/delete", methods=["GET", "POST"])
@organiser_required
def delete(problem_slug: str, test_id: int) -> ResponseReturnValue:
    """Ask whether a test is to go, and let it go."""
    test = _find_test(problem_slug, test_id)
    if request.method == "GET":
        return render_template("problems/delete_test.html", problem=test.problem, test=test)
    try:
        case_service.delete_test(test.id)
    except ProblemRefused as refusal:
        flash(str(refusal), "error")
    else:
        flash("The test is gone.", "ok")
    return _to_table(problem_slug)


@bp.route("/zip", methods=["GET", "POST"])
@organiser_required
def upload(problem_slug: str) -> ResponseReturnValue:
    """Take a ZIP of tests, and show what it would do before it does."""
    problem, form = _find(problem_slug), ZipForm()
    if not form.is_submitted():
        return _plan_page(problem)
    if form.validate():
        try:
            case_service.receive_zip(problem.id, form.file.data.filename or "", form.file.data.read())
        except ProblemRefused as refusal:
            form.file.errors = [str(refusal)]
        else:
            return redirect(url_for(".upload", problem_slug=problem_slug))
    return _table(problem_slug, TestForm(formdata=None), form), 422


@bp.post("/zip/apply")
@organiser_required
def apply(problem_slug: str) -> ResponseReturnValue:
    """Store the tests of the ZIP that was shown."""
    try:
        stored = case_service.apply_zip(_find(problem_slug).id, request.form.get("seen", ""))
    except ProblemRefused as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".upload", problem_slug=problem_slug))
    flash("One test is stored." if stored == 1 else f"{stored} tests are stored.", "ok")
    return _to_table(problem_slug)


@bp.post("/zip/drop")
@organiser_required
def drop(problem_slug: str) -> ResponseReturnValue:
    """Forget the ZIP that was shown."""
    case_service.drop_zip(_find(problem_slug).id)
    flash("The ZIP is forgotten; nothing has changed.", "ok")
    return _to_table(problem_slug)


def _test_page(test: TestCase, form: TestForm, outdated: ProblemOutdated | None = None) -> str:
    return render_template(
        "problems/test.html",
        problem=test.problem,
        test=test,
        form=form,
        outdated=outdated,
        input=queries.shown(test.input, SHOWN_BYTES),
        answer=queries.shown(test.answer, SHOWN_BYTES),
    )


def _plan_page(problem: Problem) -> ResponseReturnValue:
    plan = case_service.plan_zip(problem)
    if plan is None:
        flash("No ZIP waits here. Choose one first.", "error")
        return _to_table(problem.slug)
    return render_template("problems/zip.html", problem=problem, plan=plan)


def _table(problem_slug: str, form: TestForm, zip_form: ZipForm) -> str:
    problem = _find(problem_slug)
    tests = queries.tests_of(problem.id)
    return render_template("problems/tests.html", problem=problem, tests=tests, form=form, zip_form=zip_form)


def _to_table(problem_slug: str) -> ResponseReturnValue:
    return redirect(url_for(".index", problem_slug=problem_slug))


def _find(problem_slug: str) -> Problem:
    return queries.find_problem(problem_slug) or abort(404)


def _find_test(problem_slug: str, test_id: int) -> TestCase:
    return queries.find_test(_find(problem_slug).id, test_id) or abort(404)
