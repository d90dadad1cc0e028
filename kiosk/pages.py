"""What a built page says of itself: its title, its address on the web, and how often its work is to be done."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

from kiosk.site import find

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')
_EVERY = re.compile(r'<article\b[^>]*\bdata-every="(\d{1,3}) (day|week|month|year|h)s?"')
_GUIDE = re.compile(r'<article\b[^>]*\bdata-guide="([^"]*)"')
_STATE = re.compile(r"(?:\?[A-Za-z0-9_.~%=&+!*'(),:@/-]{0,200})?(?:#[A-Za-z0-9_.~%=&?+!*'(),:@/-]{0,200})?")


@dataclass(frozen=True)
class PageFacts:
    """One page, as a visitor would take it along."""

    title: str
    address: str
    """On the web; empty where the site has none."""
    every: tuple[int, str] | None = None
    guide: str = ""
    """Its ID, the same in all languages."""


def read_page(site: Path, path: str) -> PageFacts | None:
    """Read the page at an address of the kiosk, or None where there is none."""
    file = find(site, path)
    if file is None or file.suffix != ".html":
        return None
    text = file.read_text(encoding="utf-8", errors="replace")
    title, canonical, every, guide = (pattern.search(text) for pattern in (_TITLE, _CANONICAL, _EVERY, _GUIDE))
    return PageFacts(
        html.unescape(title[1]).strip() if title else "",
        html.unescape(canonical[1]) if canonical else "",
        (int(every[1]), every[2]) if every else None,
        html.unescape(guide[1]) if guide else "",
    )


def with_state(address: str, state: str) -> str:
    """Give the address of exactly what the screen shows: with its query and fragment, where pages of ours use such."""
    return address + state if address and _STATE.fullmatch(state) else address
