"""One raster picture, made fit for pages: turned upright, stripped, at most 1600 pixels wide, with smaller WebP copies."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from guides.engine.metadata import without_metadata

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_WIDTH = 1600
WIDTHS = (480, 960)
MAX_PIXELS = 80_000_000
"""More than a phone's camera makes; a few kB of file can unfold to more than a machine has."""
MAX_BYTES = 60_000_000
MAX_WEBP_SIDE = 16_383
KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}
SMALL = 10_000
"""A picture of fewer bytes needs no smaller copies."""
ORIENTATION = 0x0112
_FEW_COLOURS = 4096
_WORTH = 0.9
"""Anew compressed pictures look a little worse: they must at least save a tenth."""

Image.MAX_IMAGE_PIXELS = None  # we look ourselves, before a pixel is read, and say so in our own words


class BrokenPictureError(Exception):
    """The picture cannot be shown; the text says why, and what to do."""


@dataclass(frozen=True)
class Prepared:
    """What became of a picture file."""

    width: int = 0
    height: int = 0
    files: Mapping[str, bytes] = field(default_factory=dict)
    """New bytes: `""` those of the file itself, `"480"` of a WebP copy of that width. A file not named stays as it is."""
    error: str = ""
    refused: tuple[tuple[int, str], ...] = ()
    """What was taken out of a drawing: line and message."""

    @property
    def widths(self) -> list[int]:
        """Widths of its WebP copies."""
        return sorted(int(name) for name in self.files if name)


def prepare_picture(data: bytes, kind: str) -> Prepared:
    """Return what pages show of a picture of a kind (as its file's name says). Same bytes in, same bytes out.

    Raises BrokenPictureError.
    """
    if len(data) > MAX_BYTES:
        raise BrokenPictureError(f"the file has {len(data) / 1e6:.0f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB. Save it smaller")
    try:
        with Image.open(io.BytesIO(data), formats=tuple(set(KINDS.values()))) as picture:
            _demand_size(picture)
            return _prepared(picture, data, kind)
    except BrokenPictureError:
        raise
    except UnidentifiedImageError:
        raise BrokenPictureError(f"it is not a {kind} picture. Save it anew as {kind}") from None
    except MemoryError:
        raise BrokenPictureError("it needs more memory than there is. Save it smaller") from None
    except Exception as error:  # Pillow raises nearly everything for broken files
        raise BrokenPictureError(f"it is damaged ({_plain(error)}). Save it anew") from error


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


def _demand_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise BrokenPictureError(
            f"it has {width} x {height} pixels, the limit is {MAX_PIXELS // 1_000_000} million. Save it smaller"
        )
    if not width or not height:
        raise BrokenPictureError("it has no pixels. Save it anew")


def _prepared(picture: Image.Image, data: bytes, kind: str) -> Prepared:
    if getattr(picture, "is_animated", False):
        picture.load()  # a file cut off within its first frame shows nothing
        stripped = data if picture.format == "GIF" else _stripped(data, str(picture.format))
        return Prepared(*picture.size, files=_changed(data, stripped))
    same_kind = picture.format == kind
    if kind == "JPEG":
        picture.draft("RGB", (2 * MAX_WIDTH, 2 * MAX_WIDTH))  # the decoder itself halves a huge photo
    whole_width = picture.size[0]
    upright = _upright(picture)
    turned = upright.size != picture.size or picture.getexif().get(ORIENTATION, 1) != 1
    upright = _in_srgb(upright, picture.info.get("icc_profile"))
    plain = _scaled(upright, MAX_WIDTH)
    shrunk = plain.size != upright.size or whole_width > MAX_WIDTH
    as_it_is = same_kind and not turned and not shrunk
    best = _smaller(data, kind, plain) if as_it_is else _encoded(plain, kind)
    files = _changed(data, best)
    if kind == "GIF" and same_kind:
        files = {}
    copies = _copies(plain, min(len(best), len(files.get("", data))), lossless=kind in {"PNG", "GIF"} and _is_drawn(plain))
    return Prepared(*plain.size, files=files | copies)


def _changed(data: bytes, new: bytes) -> dict[str, bytes]:
    return {} if new == data else {"": new}


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture as the camera was held."""
    return ImageOps.exif_transpose(picture) if picture.getexif().get(ORIENTATION, 1) != 1 else picture


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """Return the picture in the colours of screens, one byte each."""
    if picture.mode in {"I;16", "I;16B", "I;16L", "I", "F"}:
        picture = picture.point(lambda value: value / 256).convert("L")
    if isinstance(profile, bytes) and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            given, screen = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(picture, given, ImageCms.ImageCmsProfile(screen), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):  # a profile that fits no picture: colours as they are
            converted = None
        picture = converted or picture
    see_through = "A" in picture.getbands() or "transparency" in picture.info
    picture = picture.convert("RGBA" if see_through else "RGB")
    picture.info = {}  # Pillow would write comments and profiles into every copy
    return picture


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    return picture.resize(
        (width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS, reducing_gap=3
    )


def _smaller(data: bytes, kind: str, plain: Image.Image) -> bytes:
    """Return the file without its metadata, or compressed anew where that is worth it."""
    stripped = data if kind == "GIF" else _stripped(data, kind)
    if kind != "JPEG":
        return stripped
    anew = _encoded(plain, kind)
    return anew if len(anew) < _WORTH * len(stripped) else stripped


def _stripped(data: bytes, kind: str) -> bytes:
    try:
        return without_metadata(data, kind)
    except (ValueError, struct.error, IndexError):
        with Image.open(io.BytesIO(data), formats=(kind,)) as picture:  # it bends its format, though it can be read
            return _encoded(_in_srgb(picture, picture.info.get("icc_profile")), kind)


def _encoded(picture: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    if kind == "JPEG":
        _on_white(picture).save(target, "JPEG", quality=82, optimize=True, progressive=True)
    elif kind == "WEBP":
        picture.save(target, "WEBP", quality=82, method=2)
    elif kind == "PNG":
        picture.save(target, "PNG", compress_level=9)
    else:
        picture.save(target, kind)
    return target.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _is_drawn(picture: Image.Image) -> bool:
    """Tell drawings and screenshots, whose edges must stay sharp, from photos."""
    return picture.getcolors(_FEW_COLOURS) is not None


def _copies(picture: Image.Image, size: int, *, lossless: bool) -> dict[str, bytes]:
    """Return WebP copies by width, the widest as wide as the picture; only those that save bytes."""
    if size < SMALL or max(picture.size) > MAX_WEBP_SIDE:
        return {}
    copies: dict[str, bytes] = {}
    for width in [*(width for width in WIDTHS if width <= 0.8 * picture.width), picture.width]:
        target = io.BytesIO()
        _scaled(picture, width).save(target, "WEBP", lossless=lossless, quality=60 if lossless else 80, method=2)
        if target.tell() < _WORTH * size:
            copies[str(width)] = target.getvalue()
    return copies
