"""Pictures that a reader sees first are asked for in the page's head: a browser comes to its body only after the scripts."""

from __future__ import annotations

import re

_FIRST = re.compile(r"<img\b[^>]*\sfetchpriority=\"high\"[^>]*>")
_ATTRIBUTE = re.compile(r"\s(src|srcset|sizes)=\"([^\"]*)\"")
_NAMES = {"src": "href", "srcset": "imagesrcset", "sizes": "imagesizes"}
_BEFORE = '<link rel="stylesheet"'


def with_preloads(page: str) -> str:
    """Return a finished page that asks at once for the pictures that its template marks `fetchpriority="high"`."""
    links = [
        "".join(f' {_NAMES[name]}="{value}"' for name, value in _ATTRIBUTE.findall(tag))
        for tag in dict.fromkeys(_FIRST.findall(page))
    ]
    tags = "".join(f'<link rel="preload" as="image"{link} fetchpriority="high">\n' for link in links)
    return page.replace(_BEFORE, tags + _BEFORE, 1) if tags else page
