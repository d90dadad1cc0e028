"""Shared pieces of text: a line `--8<-- "unplug.md"` stands for the lines of that file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

MAX_DEPTH = 5
_INCLUDE = re.compile(r"""^(\s*)--8<--\s+["']([^"']+)["']\s*$""")


class Line(NamedTuple):
    """One line of a page as readers get it, and where a writer finds it."""

    text: str
    number: int
    source: str
    included: int
    """Line of the page that brings it in; its own line when it is typed there."""


@dataclass(frozen=True)
class MissingSnippet:
    """An include that leads nowhere."""

    name: str
    line: int
    source: str


def expand(
    body: str, first_line: int, source: str, folders: tuple[Path, ...], root: Path
) -> tuple[list[Line], list[MissingSnippet]]:
    """Return the lines of a page with its snippets in place, each line with its own origin relative to the root."""
    reader = _Expansion(folders, root)
    reader.add(body, first_line, source, _Include("", 0, 0))
    return reader.lines, reader.missing


class _Include(NamedTuple):
    """How deep we are, and the line of the page that brought us here; 0 on the page itself."""

    indent: str
    depth: int
    line: int


class _Expansion:
    def __init__(self, folders: tuple[Path, ...], root: Path) -> None:
        self._folders = folders
        self._root = f"{root.as_posix().rstrip('/')}/"
        self.lines: list[Line] = []
        self.missing: list[MissingSnippet] = []

    def add(self, body: str, start: int, source: str, include: _Include) -> None:
        texts = body.split("\n")
        if not include.depth and "--8<--" not in body:
            self.lines += [Line(text, number, source, number) for number, text in enumerate(texts, start)]
            return
        for number, text in enumerate(texts, start):
            included = include.line or number
            found = _INCLUDE.match(text) if "--8<--" in text else None
            path = find_snippet(found[2], self._folders) if found and include.depth < MAX_DEPTH else None
            if path and found:
                whole = path.as_posix()
                shown = whole.removeprefix(self._root) if whole.startswith(self._root) else path.name
                inner = _Include(include.indent + found[1], include.depth + 1, included)
                self.add(_text(path).rstrip("\n"), 1, shown, inner)
            elif found:
                self.missing.append(MissingSnippet(found[2], number, source))
            else:
                self.lines.append(Line(include.indent + text if text else text, number, source, included))


def find_snippet(name: str, folders: tuple[Path, ...]) -> Path | None:
    """Return the file of a snippet, never one outside of the snippet folders."""
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or "\0" in name:
        return None
    return next((folder / name for folder in folders if os.path.isfile(f"{folder}/{name}")), None)  # noqa: PTH113 - never raises


def _text(path: Path) -> str:
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> str:
    # A safety text is included by hundreds of pages.
    return path.read_text(encoding="utf-8-sig", errors="replace").replace("\r\n", "\n")
