"""`flask problems load`, `import` and `export`: by command what the forms do."""

from pathlib import Path

import click

from app.core.jobs import NotNow
from app.packages import service
from app.packages.exporting import write_package
from app.packages.judging import Tell
from app.packages.reading import MOST_BYTES, folders_in, opened, read_archive
from app.packages.reports import Report
from app.packages.sheets import PackageRefused
from app.problems.cli import problems
from app.problems.queries import find_problem
from app.problems.service import ProblemRefused
from app.submissions.rejudge_queries import has_old_verdicts

FAULTS = (PackageRefused, ProblemRefused, NotNow)


@problems.command("load")
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--publish", is_flag=True, help="Show them to everybody at once.")
def load(folders: tuple[Path, ...], publish: bool) -> None:
    """Load problem packages of your own from folders, each as a new problem, without judging their solutions."""
    refused = 0
    for folder in folders:
        try:
            problem = service.load_folder(folder, is_published=publish)
        except FAULTS as refusal:
            refused += 1
            click.echo(f"{folder.name}: {refusal}", err=True)
        else:
            click.echo(f"{problem.slug}: {problem.title}, {problem.status}")
    if refused:
        raise click.ClickException(f"{refused} of {len(folders)} were not loaded.")


@problems.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--problem", "wanted", multiple=True, help="The folder of a package, where a file holds several.")
@click.option("--yes", is_flag=True, help="Import without asking.")
@click.option("--publish", is_flag=True, help="Show them to everybody, unless they contradict themselves.")
def import_(files: tuple[Path, ...], wanted: tuple[str, ...], yes: bool, publish: bool) -> None:
    """Examine Kattis and ICPC packages in ZIP files, judge their solutions, show what was found, and import them."""
    refused = 0
    for file in files:
        try:
            _import(file, wanted, is_asking=not yes, is_published=publish)
        except FAULTS as refusal:
            refused += 1
            click.echo(f"{file.name}: {refusal}", err=True)
    if refused:
        raise click.ClickException(f"{refused} of {len(files)} were not imported.")


@problems.command("export")
@click.argument("slugs", nargs=-1, required=True)
@click.option("--to", "folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
def export(slugs: tuple[str, ...], folder: Path) -> None:
    """Write problems as packages: SLUG.zip each."""
    for slug in slugs:
        problem = find_problem(slug)
        if problem is None:
            raise click.ClickException(f"There is no problem “{slug}”.")
        with (folder / f"{slug}.zip").open("wb") as target:
            write_package(problem, target)
        click.echo(f"{slug}.zip: {problem.title}")


def _import(file: Path, wanted: tuple[str, ...], *, is_asking: bool, is_published: bool) -> None:
    if file.stat().st_size > MOST_BYTES:
        raise PackageRefused(f"It is larger than {MOST_BYTES // 1024 // 1024} MB.")
    archive = opened(file.read_bytes())
    found = folders_in(archive)
    chosen = [folder for folder in found if len(found) == 1 or folder in wanted or Path(folder).name in wanted]
    if not chosen:
        names = "".join(f"\n  {folder}" for folder in found)
        raise PackageRefused(f"{len(found)} packages are in it; choose by --problem:{names}")
    for folder in chosen:
        package = read_archive(archive, folder, file.name)
        report = service.examine(package, telling())
        click.echo(text_of(report))
        if is_asking and not click.confirm("Import it?"):
            click.echo("Nothing has changed.")
            continue
        problem = service.import_package(package, report, is_published=is_published)
        click.echo(f"{problem.slug}: {problem.title}, {problem.status}")
        if is_published and problem.status == "draft":
            click.echo(report.why_draft)
        if has_old_verdicts(problem):
            click.echo(service.OLD_VERDICTS)


def telling() -> Tell:
    """Says each sentence once, however often the judge says that it is still at it."""
    last = ""

    def tell(sentence: str, _seconds: float) -> None:
        nonlocal last
        if sentence != last:
            click.echo(f"  {sentence}", err=True)
        last = sentence

    return tell


def text_of(report: Report) -> str:
    """The report for a terminal."""
    lines = [f"{what:<14}{value}{f'  ({origin})' if origin else ''}" for what, value, origin in report.rows]
    for one in report.references:
        used = "" if one.cpu_ms is None else f"{one.cpu_ms} ms"
        lines.append(f"  {one.wanted or '?':<9}{one.found or '-':<5}{used:>9}  {one.name}")
    if report.changes is not None:
        lines.append("It changes:" if report.changes else "It changes nothing.")
        lines += [f"  {what}: {before or 'nothing'} -> {after or 'nothing'}" for what, before, after in report.changes]
        for text in report.texts:
            lines += [f"  {text.what}:", *(f"    {line}" for line in text.lines())]
    lines += [f"CONTRADICTION: {sentence}" for sentence in report.contradictions]
    lines += [f"Doubtful: {sentence}" for sentence in report.doubts]
    if report.contradictions:
        lines.append("So it would stay a draft.")
    return "\n".join(lines)
