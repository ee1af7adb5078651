"""The background work of packages: examining them, and letting go of those that nobody wants."""

import time

from app.core.jobs import JobRefused, Run, job
from app.extensions import db
from app.packages import service, uploads
from app.packages.sheets import PackageRefused
from app.problems.models import PackageUpload
from app.problems.service import ProblemRefused

TOLD_EVERY_SECONDS = 0.25  # more often nobody can read it


def _after_failure(_reason: str, upload_id: int) -> None:
    uploads.tell_page(upload_id)


@job(uploads.JOB, deadline_seconds=120, longest_seconds=3600, queue="rejudging", after_failure=_after_failure)
def examine_package(run: Run, upload_id: int) -> None:
    """Look into the package of an upload, and judge its reference solutions."""
    told_at = 0.0

    def tell(sentence: str, seconds: float) -> None:
        nonlocal told_at
        run.still_at_work(seconds)
        if time.monotonic() - told_at > TOLD_EVERY_SECONDS:
            run.progress(sentence)
            told_at = time.monotonic()

    upload = db.session.get(PackageUpload, upload_id, populate_existing=True)
    folder = upload.folder if upload else None
    try:
        package = uploads.package_of(upload_id)
        if package is None:
            raise JobRefused(uploads.GONE)
        report = service.examine(package, tell)
    except (PackageRefused, ProblemRefused) as refusal:
        raise JobRefused(str(refusal)) from refusal
    with run.transaction():
        uploads.keep_report(upload_id, folder, report)
        run.done(f"“{report.title}” is examined.")


@job("forget_packages", deadline_seconds=60, every_seconds=3600)
def forget_packages(run: Run) -> None:
    """Let go of archives after a week."""
    with run.transaction():
        run.done(f"{uploads.forget_old()} old archives removed.")
