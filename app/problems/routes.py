"""The pages of problems: the list, each problem, and the forms that make them."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.markup import to_html
from app.core.paging import page_asked
from app.core.security import wants_fragment
from app.members.access import organiser_required
from app.problems import queries, service
from app.problems.forms import PreviewForm, ProblemForm
from app.problems.languages import LANGUAGES
from app.problems.models import DIFFICULTIES, Problem
from app.problems.service import ProblemOutdated, ProblemRefused, version_of
from app.problems.wanted import is_organiser, wanted

bp = Blueprint("problems", __name__, url_prefix="/problems")


@bp.get("")
def index() -> str:
    """Problems, with a search and filters."""
    asked = wanted()
    problems, paging = queries.problem_page(asked, page_asked())
    return render_template(
        "problems/list.html",
        problems=problems,
        paging=paging,
        wanted=asked,
        difficulties=DIFFICULTIES,
        categories=queries.categories(),
        tags=queries.tags(),
        statuses=queries.STATUSES if is_organiser() else queries.STATUSES[:2],
    )


@bp.get("/<problem_slug>")
def show(problem_slug: str) -> str:
    """One problem, for reading."""
    problem = visible_problem(problem_slug)
    return render_template(
        "problems/page.html",
        problem=problem,
        statement=queries.statement_in(problem, request.args.get("language", "")),
        samples=queries.samples(problem.id),
        languages=LANGUAGES.values(),
    )


@bp.get("/<problem_slug>/images/<path:picture_name>")
def image(problem_slug: str, picture_name: str) -> ResponseReturnValue:
    """A picture of a statement."""
    found = queries.find_image(visible_problem(problem_slug).id, picture_name) or abort(404)
    response = make_response(found.shown)
    response.mimetype = found.mimetype
    # A drawing (SVG) could otherwise run scripts where it is opened by itself.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.add_etag()
    return response.make_conditional(request)


@bp.route("/new", methods=["GET", "POST"])
@organiser_required
def create() -> ResponseReturnValue:
    """The form for a new problem."""
    form = ProblemForm()
    if form.validate_on_submit():
        try:
            problem = service.create_problem(form.details())
        except ProblemRefused as refusal:
            form.refuse(refusal)
        else:
            flash("It is there, as a draft. Now give it tests.", "ok")
            return redirect(url_for("problem_tests.index", problem_slug=problem.slug))
    return _form_page(form, None)


@bp.route("/<problem_slug>/edit", methods=["GET", "POST"])
@organiser_required
def edit(problem_slug: str) -> ResponseReturnValue:
    """The form for what a problem says."""
    problem = visible_problem(problem_slug)
    form = ProblemForm() if request.method == "POST" else ProblemForm.of(problem)
    if form.validate_on_submit():
        try:
            changed = service.edit_problem(problem.id, form.details(), seen=form.seen.data or "")
        except ProblemOutdated as outdated:
            return _outdated_page(form, visible_problem(problem_slug), outdated)
        except ProblemRefused as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "ok")
            return redirect(url_for(".show", problem_slug=changed.slug))
    return _form_page(form, visible_problem(problem_slug))


@bp.post("/preview")
@organiser_required
def preview() -> ResponseReturnValue:
    """What is being written, as its readers will see it; for htmx only that."""
    form = PreviewForm()
    if not form.validate():
        return render_template("problems/_preview.html", fault="Too long to be shown; shorten it first."), 422
    statement = to_html(form.statement.data or "")
    constraints = to_html(form.constraints.data or "", top_heading=3)
    template = "problems/_preview.html" if wants_fragment() else "problems/preview.html"
    editorial = to_html(form.editorial.data or "")
    return render_template(template, statement=statement, constraints=constraints, editorial=editorial)


@bp.post("/<problem_slug>/publish")
@organiser_required
def publish(problem_slug: str) -> ResponseReturnValue:
    """Show it to everybody."""
    return _try(problem_slug, service.publish_problem, "It is published: everybody can see it and hand in solutions.")


@bp.post("/<problem_slug>/retire")
@organiser_required
def retire(problem_slug: str) -> ResponseReturnValue:
    """Take no more solutions."""
    return _try(problem_slug, service.retire_problem, "It is retired: it can be read, and takes no more solutions.")


@bp.route("/<problem_slug>/delete", methods=["GET", "POST"])
@organiser_required
def delete(problem_slug: str) -> ResponseReturnValue:
    """Ask whether a draft is to go, and let it go."""
    problem = visible_problem(problem_slug)
    if request.method == "GET":
        return render_template("problems/delete.html", problem=problem)
    title = problem.title
    try:
        service.delete_draft(problem.id)
    except ProblemRefused as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".show", problem_slug=problem_slug))
    flash(f"“{title}” is gone.", "ok")
    return redirect(url_for(".index"))


def visible_problem(slug: str) -> Problem:
    """The problem at this address; drafts are there for organisers only."""
    problem = queries.find_problem(slug)
    if problem is None or (problem.status == "draft" and not is_organiser()):
        abort(404)
    return problem


def _form_page(form: ProblemForm, problem: Problem | None) -> ResponseReturnValue:
    return _form(form, problem), 422 if form.is_submitted() else 200


def _outdated_page(form: ProblemForm, problem: Problem, outdated: ProblemOutdated) -> ResponseReturnValue:
    form.seen.data = version_of(problem)  # so that a save from there is one that knows
    return _form(form, problem, outdated), 409


def _form(form: ProblemForm, problem: Problem | None, outdated: ProblemOutdated | None = None) -> str:
    return render_template(
        "problems/edit.html",
        form=form,
        problem=problem,
        outdated=outdated,
        languages=LANGUAGES.values(),
        categories=queries.categories(),
    )


def _try(problem_slug: str, verb: Callable[[int], None], done: str) -> ResponseReturnValue:
    try:
        verb(visible_problem(problem_slug).id)
    except ProblemRefused as refusal:
        flash(str(refusal), "error")
    else:
        flash(done, "ok")
    return redirect(url_for(".show", problem_slug=problem_slug))
