"""Leaves out of a picture file what no reader sees: where a photo was taken, texts, thumbnails. Its pixels stay."""

from __future__ import annotations

import re
import struct

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"cICP",
    b"sBIT",
    b"acTL",
    b"fcTL",
    b"fdAT",
}
_WEBP_DROPPED = {b"EXIF", b"XMP "}
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def without_metadata(data: bytes, kind: str) -> bytes:
    """Return the same picture without its metadata. Raises ValueError or struct.error for files that break their format."""
    return {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}[kind](data)


def _jpeg(data: bytes) -> bytes:
    """Keep the segments that change how a JPEG looks: JFIF, colour profile, Adobe's colour marker, tables, frames and scans."""
    kept, place = [b"\xff\xd8"], 2
    while place + 2 <= len(data):
        if data[place] != 0xFF:
            raise ValueError("a JPEG segment does not begin with FF")
        marker = data[place + 1]
        if marker == 0xD9:  # cameras put a second, whole picture behind the end
            return b"".join([*kept, b"\xff\xd9"])
        end = place + 2 + struct.unpack_from(">H", data, place + 2)[0]
        if marker == 0xDA:  # its pixels follow, up to the next marker that is not one of theirs
            found = _NEXT_MARKER.search(data, end)
            if found is None:
                raise ValueError("a JPEG without an end")
            end = found.start()
        profile = marker == 0xE2 and data[place + 4 : place + 15] == b"ICC_PROFILE"
        if profile or marker in {0xE0, 0xEE} or not (0xE1 <= marker <= 0xEF or marker == 0xFE):
            kept.append(data[place:end])
        place = end
    raise ValueError("a JPEG without an end")


def _png(data: bytes) -> bytes:
    if not data.startswith(_PNG):
        raise ValueError("no PNG")
    kept, place = [_PNG], len(_PNG)
    while place + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if name in _PNG_KEPT:
            kept.append(data[place:end])
        if name == b"IEND":
            return b"".join(kept)
        place = end
    raise ValueError("a PNG without an end")


def _webp(data: bytes) -> bytes:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("no WebP")
    kept, place = [], 12
    while place + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        if name not in _WEBP_DROPPED:
            kept.append(data[place:end])
        place = end
    body = bytearray(b"".join(kept))
    if body[:4] == b"VP8X":
        body[8] &= ~(_EXIF_FLAG | _XMP_FLAG)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + bytes(body)
