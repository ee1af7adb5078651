"""What stands beside a problem for whoever solves it: the languages, their own programs, and what became of them."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, render_template, request
from flask_login import current_user
from markupsafe import Markup

from app.core.editor import editor_url
from app.core.highlighting import highlighted
from app.core.security import allow_inline_style
from app.core.urls import asked_id
from app.members.access import me
from app.members.models import Member
from app.problems.languages import LANGUAGES, language_name
from app.problems.models import Problem
from app.submissions import checks, live, queries
from app.submissions.beside import Comparison, compared
from app.submissions.checks import Standing
from app.submissions.grading import rule_of
from app.submissions.judges.base import Verdict
from app.submissions.models import Draft, Trial
from app.submissions.queries import ShownSubmission, SubmissionRow, Wanted
from app.submissions.service import languages

HISTORY_ROWS = 10


@dataclass(frozen=True)
class Typed:
    """What was handed in and refused, to be mended: nothing of it is lost."""

    language: str
    source: str
    own_input: str | None
    fault: str


@dataclass(frozen=True)
class Choice:
    """One language: `fault` says why it cannot be judged here, `starter` is what the editor holds at first."""

    key: str
    name: str
    monaco: str
    fault: str | None
    starter: str
    draft: Draft | None

    @property
    def source(self) -> str:
        return self.draft.source if self.draft else self.starter

    def as_json(self) -> dict[str, object]:
        """What the page's script needs of it."""
        draft = self.draft and {"source": self.draft.source, "savedAt": self.draft.saved_at.isoformat()}
        return {"monaco": self.monaco, "starter": self.starter, "draft": draft}


@dataclass(frozen=True)
class Result:
    """What the member looks at: a submission or a trial of theirs, or none."""

    shown: ShownSubmission | None = None
    trial: Trial | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """What an address says to show it again."""
        if self.shown:
            return {"submission": self.shown.submission.id}
        return {"trial": self.trial.id} if self.trial else {}

    @property
    def topics(self) -> tuple[str, ...]:
        """What its page listens to."""
        if self.trial:
            return (live.trial_topic(self.trial.id),)
        if self.shown is None:
            return ()
        topics = live.submission_topics(self.shown.submission.id)
        return topics[:1] if self.shown.submission.verdict else topics


def init_app(app: Flask) -> None:
    """Let the page of a problem show the workspace, which is not its own."""
    app.add_template_global(workspace)
    app.add_template_global(editor_url)
    app.add_template_global(_compared, "compared")
    app.add_template_global(highlighted)
    app.add_template_filter(language_name)


def _compared(expected: str, got: str, problem: Problem, verdict: str | None) -> Comparison:
    is_judged_alike = verdict == Verdict.AC.value or problem.comparison == "validator"
    return compared(expected, got, None if is_judged_alike else rule_of(problem))


def workspace(problem: Problem, typed: Typed | None = None) -> Markup:
    """The workspace of whoever looks at the problem, ready for its page."""
    if not current_user.is_authenticated or problem.status != "published":
        history = history_of(me(), problem) if current_user.is_authenticated else []
        return _rendered("submissions/_closed.html", problem=problem, history=history)
    member = me()
    judge = checks.standing()
    choices = choices_of(member, problem, judge)
    history = history_of(member, problem)
    if request.endpoint == "problems.show" and editor_url("editor.js"):
        allow_inline_style()
    return _rendered(
        "submissions/_workspace.html",
        problem=problem,
        choices=choices,
        chosen=_chosen(choices, history, typed),
        typed=typed,
        result=asked_result(member, problem, history, judge),
        history=history,
        off=judge.off,
        versions=judge.offer.versions,
    )


def choices_of(member: Member, problem: Problem, judge: Standing) -> list[Choice]:
    """The languages as this member finds them at this problem."""
    faults, drafts = languages(judge.check), queries.drafts_of(member.id, problem.id)
    return [
        Choice(
            language.key,
            language.name,
            language.monaco,
            faults.get(language.key),
            problem.starter_for(language),
            drafts.get(language.key),
        )
        for language in LANGUAGES.values()
    ]


def history_of(member: Member, problem: Problem) -> list[SubmissionRow]:
    """The member's newest submissions to the problem."""
    return queries.newest_submissions(Wanted(member_id=member.id, problem_id=problem.id), HISTORY_ROWS)


def asked_result(
    member: Member, problem: Problem, history: list[SubmissionRow], judge: Standing | None = None
) -> Result:
    """The member's submission or trial that the address names, else the newest one if it still waits."""
    trial_id, submission_id = asked_id("trial"), asked_id("submission")
    if trial_id is not None:
        trial = queries.find_trial(trial_id)
        is_theirs = trial and (trial.member_id, trial.problem_id) == (member.id, problem.id)
        return Result(trial=trial if is_theirs else None)
    if submission_id is None:
        submission_id = history[0].id if history and history[0].verdict is None else None
    submission = queries.find_submission(submission_id) if submission_id is not None else None
    if submission is None or (submission.member_id, submission.problem_id) != (member.id, problem.id):
        return Result()
    return Result(shown=queries.shown_submission(submission, judge))


def _chosen(choices: list[Choice], history: list[SubmissionRow], typed: Typed | None) -> Choice:
    """The language of what was typed, of the newest draft, of the last submission, or the first that can be judged."""
    by_key = {choice.key: choice for choice in choices}
    drafted = sorted((choice.draft.saved_at, choice.key) for choice in choices if choice.draft)
    wanted = [
        typed.language if typed else "",
        drafted[-1][1] if drafted else "",
        history[0].language if history else "",
    ]
    open_choices = [choice for choice in choices if not choice.fault] or choices
    return next((by_key[key] for key in wanted if key in by_key and not by_key[key].fault), open_choices[0])


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - our own template, which escapes
