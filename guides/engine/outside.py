"""Pictures, frames and videos of other sites: never loaded, shown as a labelled box with the address as text and QR code."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import urlsplit

import segno

_ATTRIBUTE = r"[^\s=>]+(?:=\"[^\"]*\")?"
_IMAGE = re.compile(rf"<img((?:\s+{_ATTRIBUTE})*)\s*/?>")
_FRAME = re.compile(rf"<iframe((?:\s+{_ATTRIBUTE})*)\s*>.*?</iframe>", re.DOTALL)
_PLAYER = re.compile(rf"<(video|audio)((?:\s+{_ATTRIBUTE})*)\s*>(.*?)</\1>", re.DOTALL)
_PAIR = re.compile(r"([a-z-]+)=\"([^\"]*)\"")
_MAX_QR = 300


def is_outside(address: str) -> bool:
    """Tell whether a browser would ask another host for an address."""
    return address.startswith("//") or urlsplit(address).scheme in {"http", "https"}


def box_outside(content: str, texts: dict[str, str]) -> str:
    """Replace everything in sanitised HTML that would load from another host."""
    content = _FRAME.sub(lambda found: _box("frame", _pairs(found[1]).get("src", ""), "", texts), content)
    content = _PLAYER.sub(lambda found: _player(found, texts), content)
    return _IMAGE.sub(lambda found: _picture(found, texts), content)


def _picture(found: re.Match[str], texts: dict[str, str]) -> str:
    attributes = _pairs(found[1])
    source = attributes.get("src", "")
    return _box("picture", source, attributes.get("alt", ""), texts) if is_outside(source) else found[0]


def _player(found: re.Match[str], texts: dict[str, str]) -> str:
    sources = [
        pairs.get(name, "")
        for tag in (found[2], *re.findall(r"<(?:source|track)\s([^>]*)>", found[3]))
        for pairs in [_pairs(tag)]
        for name in ("src", "poster")
    ]
    outside = [source for source in sources if source and is_outside(source)]
    return _box("video", outside[0], "", texts) if outside else found[0]


def _pairs(attributes: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _PAIR.findall(attributes)}


def _box(kind: str, address: str, label: str, texts: dict[str, str]) -> str:
    """Return the box: what it is, its label, the address as text, and its QR code where one can hold it."""
    if not address:
        return ""
    title = texts[f"outside_{kind}"] + (f": {label}" if label else "")
    return (
        f'<span class="outside" role="note">{_qr(address)}<span class="outside-title">{html.escape(title)}</span>'
        f'<span class="outside-address" dir="ltr">{html.escape(address)}</span></span>'
    )


@lru_cache(maxsize=1024)
def _qr(address: str) -> str:
    full = "https:" + address if address.startswith("//") else address
    if len(full) > _MAX_QR:
        return ""
    svg: str = segno.make(full, error="m", micro=False).svg_inline(border=2, svgclass="qr", lineclass=None, omitsize=True)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)
