"""What the engine hands to MkDocs: pages with all their facts, decided before MkDocs runs."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

Facts = dict[str, Any]
"""What a template reads as `page.meta.hs`: text, numbers, lists and mappings only; any engine could carry it in front matter."""

Link = dict[str, Any]
"""What a list shows of a page: title and url, and as it fits summary, note, picture."""


@dataclass(frozen=True)
class Planned:
    """One page of one language."""

    src: str
    """Name that MkDocs knows it by, `kettle/descale.md`."""
    template: str
    title: str
    markdown: str = ""
    facts: Facts = field(default_factory=dict)
    source: str = ""
    """File to name in messages, relative to the project; empty for a generated page."""
    body_line: int = 1
    summary: str = ""

    @property
    def url(self) -> str:
        """Address relative to the language's folder, `kettle/descale.html`."""
        return url_of(self.src)


@dataclass(frozen=True)
class LanguagePlan:
    """All pages of one language, by name, and its interface texts."""

    language: str
    direction: str
    texts: dict[str, str]
    pages: dict[str, Planned]
    partial: bool = False
    """Too little of the source language is translated to call the language whole."""


def url_of(src: str) -> str:
    """Return the flat address of a page; MkDocs makes `README.md` an index."""
    folder, name = posixpath.split(src)
    stem = posixpath.splitext(name)[0]
    return posixpath.join(folder, ("index" if stem == "README" else stem) + ".html")


def href(url: str) -> str:
    """Return an address as links write it: a file name may hold `#`, `?` or `%`, which mean something else there."""
    return quote(url, safe="/")


def up(url: str) -> str:
    """Return the way from a page to its language's folder: `.`, `..`, `../..`."""
    depth = url.count("/")
    return "/".join([".."] * depth) or "."
