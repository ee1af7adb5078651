"""Private folders for the files of boxes, gone even after a process that was killed."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.submissions.judges.base import JudgeFault

PREFIX = "mlbattle-box-"
YOUNG_SECONDS = 60


@contextmanager
def private_folder(owner: int) -> Iterator[Path]:
    """A folder that `owner` alone can read, for as long as the block lasts."""
    base = folder_of_folders()
    sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # The kernel lets go of the lock when this process ends, however it does.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        give(folder, owner)
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(descriptor)


def give(path: Path, owner: int) -> None:
    """Make `owner` the owner, which only root can and only root needs to."""
    if os.geteuid() != 0:
        return
    try:
        os.chown(path, owner, owner)
    except OSError as error:
        # A container that gives root no other users, or takes its right to them.
        raise JudgeFault(
            f"Root has no other users here ({error}).", "Run the site as an ordinary user.", False
        ) from error


def folder_of_folders() -> Path:
    """Where private folders lie: in memory where programs may be run from there."""
    for name in ("/dev/shm", tempfile.gettempdir()):  # noqa: S108 (the folders made in it are private)
        if os.access(name, os.W_OK) and not os.statvfs(name).f_flag & os.ST_NOEXEC:
            return Path(name)
    raise JudgeFault(
        "No folder for temporary files lets programs be run from it.",
        "Set TMPDIR to a folder on a file system that is not mounted with noexec.",
        is_temporary=False,
    )


def sweep(base: Path) -> None:
    """Remove the folders whose processes have ended without doing so."""
    for folder in base.glob(PREFIX + "*"):
        with suppress(FileNotFoundError, PermissionError, BlockingIOError):
            # A young one may have been made this moment and be about to be locked.
            if time.time() - folder.stat().st_mtime > YOUNG_SECONDS:
                _remove_if_unlocked(folder)


def _remove_if_unlocked(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(descriptor)
