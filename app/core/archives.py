"""ZIP files that people hand in, unpacked within limits."""

import io
import lzma
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

ENCRYPTED = 0x1
# What zipfile raises for damaged files; ValueError is also bytes that are no name, NotImplementedError a rare packing.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError, OverflowError)
LITTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"}


class ArchiveRefused(Exception):
    """The archive cannot be taken; the message is a sentence that names the file at fault."""


def read_zip(content: bytes, *, most_bytes: int, most_files: int) -> dict[str, bytes]:
    """Every file of the ZIP by its path, without folders and the litter of desktops; ArchiveRefused for a bad one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read_all(archive, most_bytes, most_files)
    except DAMAGED as error:
        raise ArchiveRefused("This is no ZIP file that can be read: it is something else, or damaged.") from error


def _read_all(archive: zipfile.ZipFile, most_bytes: int, most_files: int) -> dict[str, bytes]:
    members = [member for member in archive.infolist() if not member.is_dir() and not is_litter(member.filename)]
    if len(members) > most_files:
        raise ArchiveRefused(f"It holds {len(members):,} files; at most {most_files:,} are taken.")
    files: dict[str, bytes] = {}
    for member in members:
        _refuse_odd(member, files)
        # The size that a ZIP states of itself may be a lie, so what is read is limited too.
        with archive.open(member) as file:
            files[member.filename] = file.read(most_bytes + 1)
        most_bytes -= len(files[member.filename])
        if most_bytes < 0:
            raise ArchiveRefused(f"It is too large unpacked: the limit was passed in {_shown(member)}.")
    return files


def is_litter(path: str) -> bool:
    """Whether a desktop or git left the file, not a person."""
    parts = PurePosixPath(path).parts
    return any(part in LITTER for part in parts) or (bool(parts) and parts[-1].startswith("._"))


def _refuse_odd(member: zipfile.ZipInfo, files: dict[str, bytes]) -> None:
    path = PurePosixPath(member.filename)
    is_rubbish = path.is_absolute() or ".." in path.parts or not member.filename.isprintable()
    if is_rubbish or "\\" in member.orig_filename or ":" in member.filename:
        raise ArchiveRefused(f"{_shown(member)} is no path that could be unpacked anywhere.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ArchiveRefused(f"{_shown(member)} is a link: pack the file itself.")
    if member.flag_bits & ENCRYPTED:
        raise ArchiveRefused(f"{_shown(member)} is locked with a password.")
    if member.filename in files:
        raise ArchiveRefused(f"{_shown(member)} is in it twice.")


def _shown(member: zipfile.ZipInfo) -> str:
    return f"“{ascii(member.filename)[1:-1][:120]}”"
