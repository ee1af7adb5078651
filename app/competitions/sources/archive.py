"""Getting the one CSV out of what was handed over: a CSV, or a ZIP as Kaggle packs it."""

import io
import lzma
import zipfile
import zlib

from app.competitions.sources.base import NotALeaderboard

ZIP_MAGIC = b"PK"
ENCRYPTED = 0x1
# What zipfile raises for damaged files, found by damaging them at random; ValueError is also bytes that are no name.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError, OverflowError)


def unpack(content: bytes, name: str, max_bytes: int) -> tuple[bytes, str]:
    """The CSV's bytes and its name; NotALeaderboard for anything but a CSV or a ZIP with exactly one of them."""
    if not content:
        raise NotALeaderboard("The file is empty.")
    if not content.startswith(ZIP_MAGIC):
        return _within(content, max_bytes), name
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            member = _only_csv(archive)
            # The size that a ZIP states of itself may be a lie, so what is read is limited too.
            with archive.open(member) as file:
                return _within(file.read(max_bytes + 1), max_bytes), member.filename
    except DAMAGED as error:
        raise NotALeaderboard("The ZIP file is damaged or cut short: download it again.") from error


def _only_csv(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        member
        for member in archive.infolist()
        if member.filename.lower().endswith(".csv") and not member.filename.startswith("__MACOSX/")
    ]
    if len(members) != 1:
        found = "no CSV file" if not members else f"{len(members)} CSV files"
        raise NotALeaderboard(f"The ZIP file holds {found}; a leaderboard's holds exactly one.")
    if members[0].flag_bits & ENCRYPTED:
        raise NotALeaderboard("The ZIP file is locked with a password.")
    return members[0]


def _within(content: bytes, max_bytes: int) -> bytes:
    if len(content) > max_bytes:
        raise NotALeaderboard(f"The file is larger than {max_bytes // (1024 * 1024)} MB unpacked.")
    return content
