"""`flask problems ...`: by command what the forms do."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.problems.packages import PackageRefused, load_package
from app.problems.service import ProblemRefused

problems = AppGroup("problems", help="Problems and their packages.")


@problems.command("load")
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--publish", is_flag=True, help="Show them to everybody at once.")
def load(folders: tuple[Path, ...], publish: bool) -> None:
    """Load problem packages from folders, each as a problem of its folder's name."""
    refused = 0
    for folder in folders:
        try:
            problem = load_package(folder, is_published=publish)
        except (PackageRefused, ProblemRefused) as refusal:
            refused += 1
            click.echo(f"{folder.name}: {refusal}", err=True)
        else:
            click.echo(f"{problem.slug}: {problem.title}, {problem.status}")
    if refused:
        raise click.ClickException(f"{refused} of {len(folders)} were not loaded.")
