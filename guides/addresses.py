"""Addresses that Helpstand's own pages have in every site, and where a page of others goes that has one of them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from guides.targets import Kind, resolve

if TYPE_CHECKING:
    from collections.abc import Collection

    from guides.guide import Guide

_TAKEN = re.compile(r"(?:search|all(?:-[0-9]+)?|person|404)\.md")


def moved_pages(names: Collection[str]) -> dict[str, str]:
    """Return a free name for each page (`search.md`) whose address Helpstand or another page of the site has."""
    known = set(names)
    moved = {}
    for name in sorted(known):
        folder, file = posixpath.split(name)
        beaten = file == "README.md" and posixpath.join(folder, "index.md") in known
        if beaten or _TAKEN.fullmatch(name):
            moved[name] = free_name(name.removesuffix(".md").replace("README", "readme") + "-page", known)
            known.add(moved[name])
    return moved


def free_name(stem: str, known: Collection[str]) -> str:
    """Return a name that no page has: `search-page.md`, else `search-page-2.md` and so on."""
    name, number = f"{stem}.md", 1
    while name in known:
        number += 1
        name = f"{stem}-{number}.md"
    return name


def with_moved_links(guide: Guide, moved: dict[str, str]) -> str:
    """Return a guide's body in which links to moved pages lead to where they are now; lines keep their numbers."""
    if not moved:
        return guide.body
    lines = guide.body.split("\n")
    for link in guide.page.links:
        found = resolve(guide.id, link.target)
        new = moved.get(f"{found.id}.md") if found.kind is Kind.PAGE else None
        if not new:
            continue
        address = posixpath.relpath(new, posixpath.dirname(guide.id) or ".")
        tail = link.target[link.target.find("#") :] if "#" in link.target else ""
        written = re.compile(rf"(\]\(\s*<?|^\s*\[[^\]]+\]:\s*<?){re.escape(link.target)}(?=[\s>)]|$)")
        own = link.place.line - guide.body_line if link.place.source == guide.source else -1
        for number, line in enumerate(lines):
            if number == own or line.lstrip().startswith("["):
                lines[number] = written.sub(lambda match, to=address + tail: match[1] + to, line)  # type: ignore[misc]
    return "\n".join(lines)
