"""Archives of packages that were handed in: they wait, examined, for their organiser's yes."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from app.core import clock, live
from app.core.db import on_commit, transaction
from app.core.jobs import Job, enqueue
from app.core.jobs.queries import IS_UNSOLVED
from app.core.text import one_line
from app.extensions import db
from app.packages.reading import Package, folders_in, opened, read_archive
from app.packages.reports import Report
from app.packages.service import import_package
from app.problems.models import PackageUpload, Problem
from app.problems.service import ProblemRefused

KEPT = timedelta(days=7)
JOB = "examine_package"
GONE = "This package does not wait here any more."


def subject(upload_id: int) -> str:
    """What the job of an upload is about; also the topic of its page."""
    return f"package:{upload_id}"


def waiting() -> list[PackageUpload]:
    """All that wait, newest first, without their content."""
    return list(db.session.scalars(select(PackageUpload).order_by(PackageUpload.id.desc())))


def failed(waiting: Iterable[PackageUpload]) -> set[int]:
    """The numbers of those that could not be examined."""
    subjects = set(db.session.scalars(select(Job.subject).where(Job.kind == JOB, IS_UNSOLVED)))
    return {upload.id for upload in waiting if subject(upload.id) in subjects}


def receive_archive(name: str, content: bytes) -> int:
    """Keep an archive, and have its package examined if it is the only one; PackageRefused for a bad one."""
    folders = folders_in(opened(content))
    with transaction():
        upload = PackageUpload(
            name=one_line(name)[-200:], content=content, received_at=clock.now(), folders=folders, folder=None
        )
        db.session.add(upload)
        db.session.flush()
        if len(folders) == 1:
            _examine(upload, folders[0])
        return upload.id


def choose_folder(upload_id: int, folder: str) -> None:
    """Have this package of the archive examined, for the first time or again."""
    with transaction():
        upload = _locked(upload_id)
        if folder in upload.imported:
            raise ProblemRefused("folder", "That package is imported already.")
        if folder not in upload.folders:
            raise ProblemRefused("folder", "There is no such package in it.")
        _examine(upload, folder)


def package_of(upload_id: int) -> Package | None:
    """The package that was chosen, read anew; None where the upload is gone. PackageRefused where it is no good."""
    query = select(PackageUpload).where(PackageUpload.id == upload_id).options(undefer(PackageUpload.content))
    upload = db.session.scalar(query.execution_options(populate_existing=True))
    if upload is None or upload.folder is None:
        return None
    return read_archive(opened(upload.content), upload.folder, upload.name)


def keep_report(upload_id: int, folder: str | None, report: Report) -> None:
    """Store what was found, within the caller's transaction, unless another package was chosen meanwhile."""
    upload = db.session.get(PackageUpload, upload_id, populate_existing=True)
    if upload is not None and upload.folder == folder:
        upload.report = report.as_json()
        tell_page(upload_id)


def tell_page(upload_id: int) -> None:
    """Have the open pages of an upload fetch what has changed, after the transaction."""

    def tell() -> None:
        live.hint(subject(upload_id))

    on_commit(tell)


def import_upload(upload_id: int, *, is_published: bool) -> Problem:
    """Import the package that waits, as its report showed it; ProblemRefused otherwise.

    The archive is forgotten with the last of its packages.
    """
    package = package_of(upload_id)
    upload = db.session.get(PackageUpload, upload_id)
    if package is None or upload is None:
        raise ProblemRefused("", GONE)
    if upload.report is None:
        raise ProblemRefused("", "It has not been examined yet.")
    folder = str(upload.folder)
    with transaction():
        problem = import_package(package, Report.from_json(upload.report), is_published=is_published)
        _let_go(_locked(upload_id), folder, problem.slug)
    return problem


def drop_upload(upload_id: int) -> None:
    """Forget an archive."""
    with transaction():
        db.session.execute(delete(PackageUpload).where(PackageUpload.id == upload_id))


def forget_old() -> int:
    """Let go of archives that nobody came back for; how many, within the caller's transaction."""
    old = delete(PackageUpload).where(PackageUpload.received_at < clock.now() - KEPT)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined]


def _let_go(upload: PackageUpload, folder: str, slug: str) -> None:
    upload.imported = {**upload.imported, folder: slug}
    if upload.folder == folder:  # else another one was chosen meanwhile
        upload.folder, upload.report = None, None
    if not upload.left:
        drop_upload(upload.id)


def _examine(upload: PackageUpload, folder: str) -> None:
    upload.folder, upload.report = folder, None
    enqueue(JOB, subject=subject(upload.id), upload_id=upload.id)


def _locked(upload_id: int) -> PackageUpload:
    upload = db.session.get(PackageUpload, upload_id, populate_existing=True, with_for_update=True)
    if upload is None:
        raise ProblemRefused("", GONE)
    return upload
