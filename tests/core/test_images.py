"""Uploaded pictures: whatever comes in, a small WebP or a sentence comes out."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from app.core import images
from app.core.images import ImageRefused, to_webp

ORIENTATION, MAKER = 0x0112, 0x010F


def picture(width: int = 400, height: int = 200, kind: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    target = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert(mode).save(target, kind, **options)
    return target.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def exif(orientation: int = 1) -> Image.Exif:
    facts = Image.Exif()
    facts[ORIENTATION], facts[MAKER] = orientation, "Camera of somebody"
    return facts


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_usual_kind_becomes_webp_in_its_own_shape(kind):
    image = opened(to_webp(picture(kind=kind), 200, 200, is_cropped=False))
    assert (image.format, image.size) == ("WEBP", (200, 100))


def test_a_cropped_picture_has_exactly_the_shape_asked_for():
    assert opened(to_webp(picture(), 64, 64, is_cropped=True)).size == (64, 64)


def test_a_small_picture_is_not_enlarged():
    assert opened(to_webp(picture(40, 20), 200, 200, is_cropped=False)).size == (40, 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_is_taken(mode):
    assert opened(to_webp(picture(mode=mode), 50, 50, is_cropped=True)).size == (50, 50)


def test_transparency_is_kept():
    target = io.BytesIO()
    Image.new("RGBA", (40, 40), (200, 0, 0, 0)).save(target, "PNG")
    assert opened(to_webp(target.getvalue(), 20, 20, is_cropped=True)).getpixel((5, 5))[3] == 0


def test_a_photograph_taken_on_its_side_stands_upright():
    assert opened(to_webp(picture(kind="JPEG", exif=exif(6)), 400, 400, is_cropped=False)).size == (200, 400)


def test_what_the_camera_wrote_is_gone():
    content = picture(kind="JPEG", exif=exif(), icc_profile=b"a profile", comment=b"a secret")
    image = opened(to_webp(content, 200, 200, is_cropped=False))
    assert (dict(image.getexif()), "icc_profile" in image.info, "xmp" in image.info) == ({}, False, False)


def test_of_a_moving_picture_the_first_frame_stays():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    image = opened(to_webp(target.getvalue(), 20, 20, is_cropped=True))
    assert getattr(image, "n_frames", 1) == 1
    red, _, blue = image.convert("RGB").getpixel((10, 10))
    assert red > 200 > 50 > blue


@pytest.mark.parametrize("side", [6000, 12_000, 60_000])
def test_a_small_file_that_would_unpack_to_gigabytes_is_refused_unread(side):
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    with pytest.raises(ImageRefused, match="million pixels"):
        to_webp(bomb, 64, 64, is_cropped=True)


def test_a_file_of_too_many_bytes_is_refused_unread():
    with pytest.raises(ImageRefused, match="At most 8 MB"):
        to_webp(b"x" * (images.MAX_BYTES + 1), 64, 64, is_cropped=True)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg xmlns='x'/>", b"\x89PNG\r\n\x1a\n\0\0", b"%PDF-1.4"])
def test_what_is_no_picture_is_refused_with_a_sentence(content):
    with pytest.raises(ImageRefused, match="not a picture"):
        to_webp(content, 64, 64, is_cropped=True)


@pytest.mark.filterwarnings("ignore")  # Pillow warns of what it mends
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_damaged_picture_is_taken_or_refused_and_never_breaks(kind):
    dice = random.Random(kind)
    whole = picture(60, 40, kind, **({} if kind == "GIF" else {"exif": exif(6)}))
    for _ in range(300):
        damaged = bytearray(whole[: dice.randint(1, len(whole))] if dice.random() < 0.3 else whole)
        for _ in range(dice.randint(1, 6)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            assert to_webp(bytes(damaged), 32, 32, is_cropped=True)[8:12] == b"WEBP"
        except ImageRefused as refusal:
            assert str(refusal).endswith(".")
