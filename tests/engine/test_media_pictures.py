"""Raster pictures become small, upright, anonymous and predictable; broken ones never raise anything but their own error."""

from __future__ import annotations

import contextlib
import struct
import zlib

import pytest
from PIL import Image, ImageStat

from guides.engine.metadata import without_metadata
from guides.engine.pictures import KINDS, MAX_WIDTH, BrokenPictureError, prepare_picture
from tests.engine.picture_files import drawing, moving, opened, photo, saved


def camera(orientation: int, width: int = 640, height: int = 480) -> bytes:
    """Return a photo with the place where it was taken, held in some way."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[1] = "N"
    return photo(width, height, exif=exif, comment=b"private words")


def test_a_large_photo_is_scaled_to_1600() -> None:
    """It is 1600 wide, keeps its proportions, and has copies of 480, 960 and 1600 in WebP."""
    prepared = prepare_picture(photo(2400, 900, quality=95), "JPEG")
    assert (prepared.width, prepared.height) == (MAX_WIDTH, 600)
    assert opened(prepared.files[""]).size == (MAX_WIDTH, 600)
    assert opened(prepared.files[""]).format == "JPEG"
    assert prepared.widths == [480, 960, MAX_WIDTH]
    for width in prepared.widths:
        copy = opened(prepared.files[str(width)])
        assert (copy.format, copy.width) == ("WEBP", width)


def test_a_copy_is_never_larger_than_the_picture() -> None:
    """A photo of 700 has a copy of 480 and one of its own width."""
    assert prepare_picture(photo(700, 500, quality=95), "JPEG").widths == [480, 700]


def test_small_pictures_have_no_copies() -> None:
    """A sign of a few hundred bytes stays alone."""
    assert prepare_picture(drawing(40, 40), "PNG").widths == []


def test_the_whole_set_saves_bytes() -> None:
    """Every WebP copy is smaller than what a page would have loaded."""
    data = photo(2400, 900, quality=95)
    prepared = prepare_picture(data, "JPEG")
    assert len(prepared.files[""]) < len(data) * 0.6
    assert len(prepared.files["1600"]) < len(prepared.files[""])
    assert len(prepared.files["480"]) < len(prepared.files["960"]) < len(prepared.files["1600"])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_metadata_goes_and_the_picture_stands_upright(orientation: int) -> None:
    """Camera, place and comment are gone; a photo that was taken sideways is turned."""
    prepared = prepare_picture(camera(orientation), "JPEG")
    sideways = orientation >= 5
    assert (prepared.width, prepared.height) == ((480, 640) if sideways else (640, 480))
    for data in prepared.files.values():
        assert b"Secret Camera" not in data
        assert b"private words" not in data
        assert not opened(data).getexif()


def test_what_is_turned_shows_the_same_side_up() -> None:
    """A photo with a dark top, stored on its side, has a dark top again."""
    upright = Image.new("RGB", (300, 200), "white")
    upright.paste("black", (0, 0, 300, 60))
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = saved(upright.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95)
    shown = opened(prepare_picture(stored, "JPEG").files[""]).convert("L")
    assert shown.size == (300, 200)
    assert ImageStat.Stat(shown.crop((0, 0, 300, 50))).mean[0] < 20
    assert ImageStat.Stat(shown.crop((0, 80, 300, 200))).mean[0] > 230


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_stripping_does_not_touch_a_pixel(kind: str) -> None:
    """What is left of a file shows exactly what it showed before."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    data = photo(300, 200, kind, exif=exif)
    stripped = without_metadata(data, kind)
    assert b"Secret Camera" in data
    assert b"Secret Camera" not in stripped
    assert opened(stripped).convert("RGB").tobytes() == opened(data).convert("RGB").tobytes()
    assert without_metadata(stripped, kind) == stripped


def test_a_progressive_jpeg_with_a_second_picture_behind_it() -> None:
    """All its scans stay, what a camera appended goes."""
    data = photo(300, 200, progressive=True) + photo(100, 100)
    stripped = without_metadata(data, "JPEG")
    assert opened(stripped).tobytes() == opened(data).tobytes()
    assert len(stripped) < len(data) - 1000


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animations_are_left_alone(kind: str) -> None:
    """They keep every frame and get no copies."""
    data = moving(kind)
    prepared = prepare_picture(data, kind)
    assert prepared.widths == []
    assert (prepared.width, prepared.height) == (60, 40)
    assert opened(prepared.files.get("", data)).n_frames == 3  # type: ignore[attr-defined]


def test_transparency_stays() -> None:
    """Copies and file of a see-through drawing are see-through."""
    picture = Image.effect_noise((1700, 200), 90).convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize((1700, 200)))
    prepared = prepare_picture(saved(picture, "PNG"), "PNG")
    assert prepared.width == MAX_WIDTH
    assert prepared.widths
    for data in prepared.files.values():
        alpha = opened(data).getchannel("A").histogram()
        assert sum(alpha[:10]) > 0
        assert sum(alpha[-10:]) > 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png(mode: str) -> None:
    """Bitmaps, greys, palettes and 16 bits are all scaled."""
    prepared = prepare_picture(saved(Image.new(mode, (2000, 500)), "PNG"), "PNG")
    assert (prepared.width, prepared.height) == (1600, 400)


def test_cmyk_becomes_rgb() -> None:
    """Photos of printers have the colours of screens."""
    prepared = prepare_picture(saved(Image.new("CMYK", (1700, 100), (0, 255, 255, 0)), "JPEG"), "JPEG")
    assert opened(prepared.files[""]).mode == "RGB"
    assert ImageStat.Stat(opened(prepared.files[""])).mean[0] > 200


def test_a_jpeg_called_png_becomes_one() -> None:
    """A file is what its name says."""
    prepared = prepare_picture(photo(200, 100), "PNG")
    assert opened(prepared.files[""]).format == "PNG"


@pytest.mark.parametrize("kind", sorted(set(KINDS.values())))
def test_same_bytes_each_time(kind: str) -> None:
    """Preparing is a function of the file alone."""
    data = photo(700, 300, kind)
    assert prepare_picture(data, kind) == prepare_picture(data, kind)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that unfolds to many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", "PNG", "it is not a PNG picture. Save it anew as PNG"),
        (b"<html>", "JPEG", "it is not a JPEG picture"),
        (bomb(50_000, 50_000), "PNG", "it has 50000 x 50000 pixels, the limit is 80 million. Save it smaller"),
        (photo(400, 300)[:2000], "JPEG", "it is damaged"),
        (drawing(400, 300)[:300], "PNG", "it is damaged"),
        (moving("GIF")[:60], "GIF", "it is"),
        (bytes(60_000_001), "PNG", "the file has 60 MB, the limit is 60 MB"),
    ],
)
def test_broken_pictures_say_so(data: bytes, kind: str, words: str) -> None:
    """Cut-off files, bombs and files of another kind give one sentence with a cure."""
    with pytest.raises(BrokenPictureError, match=words):
        prepare_picture(data, kind)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_flipped_bytes_never_raise_anything_else(kind: str) -> None:
    """A damaged file is shown or refused, nothing else."""
    data = photo(120, 90, kind)
    for place in range(0, len(data), max(1, len(data) // 60)):
        wrong = bytearray(data)
        wrong[place] ^= 0xFF
        with contextlib.suppress(BrokenPictureError):
            assert prepare_picture(bytes(wrong), kind).width > 0


def test_small_copies_even_where_the_widest_saves_nothing() -> None:
    """A noisy photo compresses badly: phones still get a small one."""
    data = saved(Image.effect_noise((1500, 300), 90), "WEBP", quality=60)
    assert prepare_picture(data, "WEBP").widths == [480, 960]
