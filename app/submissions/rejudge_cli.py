"""`flask submissions ...`"""

import sys
from datetime import datetime

import click
from flask.cli import AppGroup

from app.core.moments import MomentParam
from app.core.refusal import Refused
from app.problems.queries import find_problem
from app.submissions import queries, rejudging

submissions = AppGroup("submissions", help="What members have handed in.")


@submissions.command("rejudge")
@click.option("--submission", "submission_id", type=int, help="One submission, by its number.")
@click.option("--problem", "slug", help="All of a problem, by the last part of its address.")
@click.option("--since", type=MomentParam(), help="All handed in since then, such as 2026-11-21T18:00 (UTC).")
def rejudge(submission_id: int | None, slug: str | None, since: datetime | None) -> None:
    """Have submissions judged once more beside what counts; its page shows what would change, to be applied there."""
    if [submission_id, slug, since].count(None) != 2:
        sys.exit("Say one of --submission, --problem and --since.")
    try:
        number = _begin(submission_id, slug, since)
    except Refused as refusal:
        sys.exit(str(refusal))
    click.echo(f"Rejudge {number} has begun: see /organise/rejudges/{number}")


def _begin(submission_id: int | None, slug: str | None, since: datetime | None) -> int:
    if submission_id is not None:
        submission = queries.find_submission(submission_id)
        if submission is None:
            raise Refused("", "There is no such submission.")
        return rejudging.rejudge_submission(submission)
    if slug is None:
        return rejudging.rejudge_since(since)
    problem = find_problem(slug)
    if problem is None:
        raise Refused("", "There is no such problem.")
    return rejudging.rejudge_problem(problem)
