"""Files of archives and folders that people hand in, read one by one and within limits."""

import io
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

ENCRYPTED = 0x1
# What zipfile raises for damaged files; ValueError is also bytes that are no name, NotImplementedError a rare packing.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError, OverflowError)
LITTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".git"}
NO_ZIP = "This is no ZIP file that can be read: it is something else, or damaged."
MOST_STEPS = 40  # from link to link, as Linux counts them
LONGEST_LINK = 4096
T = TypeVar("T")


class ArchiveRefused(Exception):
    """The archive cannot be taken; the message is a sentence that names the file at fault."""


class Files(Protocol):
    """Files by their paths, which are of this form: folder/name."""

    def paths(self) -> list[str]:
        """All of them, in order, without folders and the litter of desktops."""

    def size(self, path: str) -> int:
        """The bytes of a file."""

    def read(self, path: str) -> bytes:
        """What a file holds; ArchiveRefused where it is damaged."""


class ZipFiles:
    """The files of a ZIP, not one of them unpacked before it is read; ArchiveRefused for a bad one.

    Links are refused, or followed where `follows_links`: inside the ZIP, and as files of their own towards
    `most_bytes` and `most_files`.
    """

    def __init__(
        self,
        content: bytes,
        *,
        most_bytes: int,
        most_files: int,
        follows_links: bool = False,
    ) -> None:
        self._most_bytes, self._most_files, self._follows_links = most_bytes, most_files, follows_links
        self._archive = _undamaged(lambda: zipfile.ZipFile(io.BytesIO(content)))
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._links: dict[str, str] = {}
        self.leads: dict[str, str] = {}  # from each link to the file or folder that it stands for
        _undamaged(self._list)

    def paths(self) -> list[str]:
        """See `Files`."""
        return sorted(self._members)

    def size(self, path: str) -> int:
        """See `Files`."""
        return self._members[path].file_size

    def read(self, path: str) -> bytes:
        """See `Files`."""
        # No more than the stated size is ever unpacked, and what differs from it is damaged.
        return _undamaged(
            lambda: self._archive.read(self._members[path]),
            f"{_shown(path)} is damaged, or packed in a rare way: pack it anew.",
        )

    def _list(self) -> None:
        members = [member for member in self._archive.infolist() if not member.is_dir()]
        members = [member for member in members if not is_litter(member.filename)]
        self._refuse_many(len(members))
        for member in members:
            if member.filename in self._members or member.filename in self._links:
                raise ArchiveRefused(f"{_shown(member.filename)} is in it twice.")
            if _is_link(member):
                self._take_link(member)
            else:
                self._members[member.filename] = member
        self._refuse_large(self._members)
        if self._links:
            self._follow()

    def _take_link(self, member: zipfile.ZipInfo) -> None:
        if not self._follows_links:
            raise ArchiveRefused(f"{_shown(member.filename)} is a link: pack the file itself.")
        if member.file_size > LONGEST_LINK:
            raise ArchiveRefused(f"{_shown(member.filename)} is a link to nowhere.")
        self._links[member.filename] = self._archive.read(member).decode()

    def _follow(self) -> None:
        found = dict(self._members)
        for link in self._links:
            target = self.leads[link] = resolved(link, self._links)
            if target in self._members:
                found[link] = self._members[target]
                continue
            below = [path for path in self._members if path.startswith(target + "/")]
            if not below:
                raise ArchiveRefused(f"{_shown(link)} is a link to {_shown(target)}, which is not in the archive.")
            self._refuse_many(len(found) + len(below))
            found |= {f"{link}{path.removeprefix(target)}": self._members[path] for path in below}
        self._refuse_large(found)
        self._members = found

    def _refuse_many(self, count: int) -> None:
        if count > self._most_files:
            raise ArchiveRefused(f"It holds {count:,} files; at most {self._most_files:,} are taken.")

    def _refuse_large(self, members: dict[str, zipfile.ZipInfo]) -> None:
        left = self._most_bytes
        for path, member in members.items():
            left -= member.file_size
            if left < 0:
                most = _megabytes(self._most_bytes)
                raise ArchiveRefused(
                    f"It is too large unpacked: more than {most}; the limit was passed in {_shown(path)}."
                )


class FolderFiles:
    """The files of a folder; links may lead anywhere inside it, and nowhere else."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, Path] = {}
        inside = folder.resolve()
        for path in _walk(folder):
            name = path.relative_to(folder).as_posix()
            if not path.resolve().is_relative_to(inside):
                raise ArchiveRefused(f"{_shown(name)} leads out of the package.")
            if not is_litter(name):
                self._files[name] = path

    def paths(self) -> list[str]:
        """See `Files`."""
        return sorted(self._files)

    def size(self, path: str) -> int:
        """See `Files`."""
        return self._files[path].stat().st_size

    def read(self, path: str) -> bytes:
        """See `Files`."""
        return self._files[path].read_bytes()


class FilesBelow:
    """The files in one folder of others, by their paths inside it."""

    def __init__(self, files: ZipFiles, folder: str) -> None:
        self._files, self._before = files, f"{folder}/" if folder else ""
        for link, target in files.leads.items():
            if link.startswith(self._before) and not target.startswith(self._before):
                raise ArchiveRefused(f"{_shown(link)} is a link that leads out of the package.")

    def paths(self) -> list[str]:
        """See `Files`."""
        return [path[len(self._before) :] for path in self._files.paths() if path.startswith(self._before)]

    def size(self, path: str) -> int:
        """See `Files`."""
        return self._files.size(self._before + path)

    def read(self, path: str) -> bytes:
        """See `Files`."""
        return self._files.read(self._before + path)


def read_zip(content: bytes, *, most_bytes: int, most_files: int) -> dict[str, bytes]:
    """Every file of the ZIP by its path; ArchiveRefused for a bad one."""
    files = ZipFiles(content, most_bytes=most_bytes, most_files=most_files)
    return {path: files.read(path) for path in files.paths()}


def is_litter(path: str) -> bool:
    """Whether a desktop or git left the file, not a person."""
    parts = PurePosixPath(path).parts
    return any(part in LITTER for part in parts) or (bool(parts) and parts[-1].startswith("._"))


def resolved(path: str, links: dict[str, str]) -> str:
    """Where `path` ends when every link on its way is followed; ArchiveRefused where that leads out or in circles."""
    ahead, done = list(reversed(PurePosixPath(path).parts)), list[str]()
    steps = 0
    while ahead:
        part = ahead.pop()
        if part == "..":
            if not done:
                raise ArchiveRefused(f"{_shown(path)} is a link that leads out of the archive.")
            done.pop()
            continue
        done.append(part)
        target = links.get("/".join(done))
        if target is None:
            continue
        steps += 1
        if steps > MOST_STEPS or not target or target.startswith("/"):
            raise ArchiveRefused(f"{_shown(path)} is a link that leads out of the archive, or in circles.")
        done.pop()
        ahead += reversed(PurePosixPath(target).parts)
    return "/".join(done)


def _walk(folder: Path) -> Iterator[Path]:
    # os.walk does not follow links to folders, so their files are listed where they are met, once.
    for here, folders, names in os.walk(folder):
        yield from (Path(here, name) for name in names)
        for link in (Path(here, name) for name in folders):
            if link.is_symlink():
                yield from (path for path in link.iterdir() if path.is_file()) if _is_inside(link, folder) else (link,)


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _undamaged(act: Callable[[], T], sentence: str = NO_ZIP) -> T:
    try:
        return act()
    except DAMAGED as error:
        raise ArchiveRefused(sentence) from error


def _is_link(member: zipfile.ZipInfo) -> bool:
    """Whether it is a link, not a file; ArchiveRefused for what could not be unpacked anywhere."""
    path = PurePosixPath(member.filename)
    is_rubbish = path.is_absolute() or ".." in path.parts or not member.filename.isprintable()
    if is_rubbish or "\\" in member.orig_filename or ":" in member.filename:
        raise ArchiveRefused(f"{_shown(member.filename)} is no path that could be unpacked anywhere.")
    if member.flag_bits & ENCRYPTED:
        raise ArchiveRefused(f"{_shown(member.filename)} is locked with a password.")
    return stat.S_ISLNK(member.external_attr >> 16)


def _megabytes(size: int) -> str:
    return f"{size // 1024 // 1024} MB" if size >= 1024 * 1024 else f"{size:,} bytes"


def _shown(path: str) -> str:
    printable = ascii(path)[1:-1].replace("\\\\", "\\")
    return f"“{printable[:120]}”"
