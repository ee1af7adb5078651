"""Pictures that people upload: decoded within limits and encoded anew, so that nothing else of the file is kept."""

import io
import struct
from math import ceil

from PIL import Image, ImageOps

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 32_000_000  # of the picture as uploaded; decoding takes up to four bytes for each
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 82
ENOUGH = 0.9  # of a side, where halving a JPEG comes so near: the next larger step takes four times as long
METHOD = 2  # of 0 to 6: 4, which is usual, takes twice the time and saves a twentieth of the size
MIMETYPE = "image/webp"

NO_PICTURE = "This is not a picture that can be read. JPEG, PNG, WebP and GIF can."
# What Pillow raises for files that are broken in the middle; it has no common error for them.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error)


class ImageRefused(Exception):
    """The file cannot be taken as a picture; the message is a sentence for the person."""


def to_webp(content: bytes, width: int, height: int, *, is_cropped: bool) -> bytes:
    """The picture in `content` as WebP of at most `width` x `height` pixels; ImageRefused where it is none.

    Cropped, it has exactly that shape, its middle kept; otherwise its own shape, and is never enlarged. It stands
    upright; what a camera wrote into the file (place, time, owner), profiles and further frames are gone.
    """
    if len(content) > MAX_BYTES:
        raise ImageRefused(f"At most {MAX_BYTES // 1024 // 1024} MB; this picture is larger.")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _refuse_giant(image)
            return _encoded(_fitted(image, (width, height), is_cropped))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageRefused(_too_many_pixels()) from error
    except BROKEN as error:
        raise ImageRefused(NO_PICTURE) from error


def _refuse_giant(image: Image.Image) -> None:
    # The size stands in the header: a small file that unpacks to gigabytes is refused before it does.
    if image.width * image.height > MAX_PIXELS:
        raise ImageRefused(_too_many_pixels())


def _too_many_pixels() -> str:
    return f"At most {MAX_PIXELS // 1_000_000} million pixels; this picture has more."


def _fitted(image: Image.Image, size: tuple[int, int], is_cropped: bool) -> Image.Image:
    scale = max(size) / min(image.size) if is_cropped else ENOUGH * max(size) / max(image.size)
    image.draft("RGB", (ceil(image.width * scale), ceil(image.height * scale)))  # a large JPEG is not decoded in full
    ImageOps.exif_transpose(image, in_place=True)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    if is_cropped:
        return ImageOps.fit(plain, size)
    plain.thumbnail(size, Image.Resampling.HAMMING)  # as sharp as what is usual, in half the time
    return plain


def _encoded(image: Image.Image) -> bytes:
    image.info.clear()
    target = io.BytesIO()
    image.save(target, "WEBP", quality=QUALITY, method=METHOD, exif=b"", icc_profile=b"", xmp=b"")
    return target.getvalue()
