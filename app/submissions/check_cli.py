"""`flask judge ...`"""

import json
import sys

import click
from flask.cli import AppGroup

from app.core.db import transaction
from app.core.refusal import Refused
from app.submissions import checks
from app.submissions.check import Finding, Report, run_check
from app.submissions.judge import TITLES, current_judge, use_judge
from app.submissions.judges.base import JudgeFault

judge = AppGroup("judge", help="The program that executes what members hand in.")


@judge.command("check")
@click.option("--json", "is_json", is_flag=True, help="Print the report as JSON.")
def check(is_json: bool) -> None:
    """Try every language, every verdict and every known attack; the exit status is 1 unless all is well."""
    try:
        report = run_check(current_judge(), checks.secrets(), lambda _done, _total: None)
    except JudgeFault as fault:
        told = {"reason": fault.reason, "fix": fault.fix}
        click.echo(json.dumps(told, indent=2) if is_json else f"{fault.reason}\n{fault.fix}")
        sys.exit(1)
    with transaction():
        checks.keep(report)
    click.echo(json.dumps(report.as_json(), indent=2) if is_json else text_of(report))
    sys.exit(not report.is_good)


@judge.command("use")
@click.argument("name", type=click.Choice(["sandbox", "judge0"]))
def use(name: str) -> None:
    """Have programs judged by the sandbox, or by Judge0, from now on, in all processes."""
    try:
        use_judge(name)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"From now on programs are judged by {TITLES[name]}.")


def text_of(report: Report) -> str:
    """The report for a terminal."""
    missing = [f"none  {language}: {why}" for language, why in report.missing.items()]
    end = f"{report.reason}\n{report.fix}" if report.reason else "The judge can be relied on."
    return "\n".join([*(line_of(finding) for finding in report.findings), *missing, end])


def line_of(finding: Finding) -> str:
    """One line on one program."""
    sign = "ok   " if finding.is_good else "WRONG"
    used = f"{finding.cpu_ms:>5} ms {finding.memory_kb / 1024:>5.0f} MB"
    told = "" if finding.is_good else f" (not {' or '.join(finding.expected)}: {finding.note})"
    return f"{sign} {finding.verdict:<3} {used}  {finding.language:<10}  {finding.title}{told}"
