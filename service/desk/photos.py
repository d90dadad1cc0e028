"""Photos of strangers: known by their content, bounded in size, and drawn anew, so that nothing but the picture is left."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from service.store.photos import Photo

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_BYTES = 15 * 1024 * 1024
"""Of a file: more than any phone makes."""
MOST_DOTS = 60_000_000
"""Of a picture: what is larger could fill the memory from a small file."""
LONGEST_SIDE = 2000
"""Of what is kept: enough to read a label."""
FORMATS = ("JPEG", "PNG", "WEBP")


class PhotoError(Exception):
    """This is no photo that could be taken in; the words say why."""


def drawn_anew(name: str, data: bytes) -> Photo:
    """Return the picture of a file, upright and at most so large, without where and when and by whose phone it was taken."""
    if len(data) > MOST_BYTES:
        raise PhotoError(f"{name}: larger than {MOST_BYTES // 1024 // 1024} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of EXIF that is broken: it is thrown away
            with Image.open(io.BytesIO(data), formats=FORMATS) as found:
                if found.width * found.height > MOST_DOTS:
                    raise PhotoError(f"{name}: more than {MOST_DOTS // 1_000_000} million dots")
                found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(found)
                picture = _on_white(upright)
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise PhotoError(f"{name}: no photo (JPEG, PNG or WebP)") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, TypeError, KeyError, IndexError, OverflowError) as error:
        # Whatever a broken or hostile file makes the decoder say.
        raise PhotoError(f"{name}: the picture is broken") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True)
    return Photo(name[:100], picture.width, picture.height, out.getvalue())


def taken_from(files: Iterable[tuple[str, bytes]]) -> tuple[list[Photo], list[str]]:
    """Return the photos among files, and for each other one why it is left out."""
    photos: list[Photo] = []
    left_out: list[str] = []
    for name, data in files:
        try:
            photos.append(drawn_anew(name, data))
        except PhotoError as error:
            left_out.append(str(error))
    return photos, left_out


def _on_white(picture: Image.Image) -> Image.Image:
    """Return a picture with nothing but colours; what could be seen through becomes white."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        flat = Image.new("RGB", seen.size, "white")
        flat.paste(seen, mask=seen.getchannel("A"))
        return flat
    flat = Image.new("RGB", picture.size)
    flat.paste(picture.convert("RGB"))
    return flat
