"""Pictures in statements: what pages are sent is made anew from what was handed in."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.core import pdf
from app.core.images import MAX_BYTES, MIMETYPE, ImageRefused, to_webp

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".svg")
SIDE = 1200  # pixels, at most: twice what a page shows, for screens that are finer
SVG_MIMETYPE = "image/svg+xml"
LARGEST_SVG = 512 * 1024
PDF_SECONDS = 20


class PictureFault(Exception):
    """The picture cannot be shown; the message is a sentence."""


@dataclass(frozen=True)
class Picture:
    """A picture by its name: as it was handed in, and as pages are sent it."""

    name: str
    original: bytes
    shown: bytes
    mimetype: str


def picture(name: str, size: int, read: Callable[[], bytes]) -> Picture:
    """The picture; PictureFault where it is none that can be shown."""
    ending = PurePosixPath(name).suffix.lower()
    if ending not in PICTURES:
        raise PictureFault(f"{ending or 'no ending'} is none of {', '.join(PICTURES)}.")
    if size > MAX_BYTES:
        raise PictureFault(f"it is larger than {MAX_BYTES // 1024 // 1024} MB.")
    content = read()
    if ending == ".svg":
        return Picture(name, content, _svg(content), SVG_MIMETYPE)
    try:
        shown = to_webp(_first_page(content) if ending == ".pdf" else content, SIDE, SIDE, is_cropped=False)
    except ImageRefused as refusal:
        raise PictureFault(str(refusal)) from refusal
    return Picture(name, content, shown, MIMETYPE)


def _svg(content: bytes) -> bytes:
    # Shown as a picture it can run and fetch nothing; by itself it is sent with a policy that forbids the same.
    if len(content) > LARGEST_SVG or b"<svg" not in content[:4096]:
        raise PictureFault(f"it is no SVG of at most {LARGEST_SVG // 1024} kB.")
    return content


def _first_page(content: bytes) -> bytes:
    # In a process of its own: the reader is a large program in C++, and the file comes from anywhere.
    command = [sys.executable, "-I", pdf.__file__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PDF_SECONDS, env={})
    except subprocess.TimeoutExpired as error:
        raise PictureFault("it takes too long to draw.") from error
    if done.returncode:
        raise PictureFault("it is no PDF that can be drawn.")
    return done.stdout
