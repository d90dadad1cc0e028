"""QR codes as inline SVG: an address to take along on one's own phone."""

from __future__ import annotations

from functools import lru_cache

import segno

MAX_CHARACTERS = 300


@lru_cache(maxsize=1024)
def qr_svg(address: str) -> str:
    """Return the code of an address, or an empty text when it is too long to be scanned with ease."""
    if len(address) > MAX_CHARACTERS:
        return ""
    # Choosing the best of eight masks takes six times as long as all else, and any of them can be read (ISO/IEC 18004, 7.8).
    code = segno.make(address, error="m", micro=False, mask=0)
    svg: str = code.svg_inline(border=2, svgclass="qr", lineclass=None, omitsize=True)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)
