"""Shared pieces of text: a line `--8<-- "unplug.md"` stands for the lines of that file."""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from guides.files import is_regular, leads_outside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_DEPTH = 5
MAX_SNIPPET_BYTES = 1_000_000
MAX_EXPANDED = 2_000_000
MAX_INCLUDES = 2_000
"""Characters and snippets of a page with all its snippets: a snippet that includes others many times grows without end."""
_MARK = re.compile(r"^(\s*)-+8<-+(?:[ \t]+([\"'])(.+?)\2)?\s*$")
_PART = re.compile(r"(?:(?::-?[0-9]*){1,2}(?:,(?=[-0-9:])-?[0-9]*(?::-?[0-9]*)?)*|:[a-z][-_0-9a-z]*)$", re.IGNORECASE)


class Line(NamedTuple):
    """One line of a page as readers get it, and where a writer finds it."""

    text: str
    number: int
    source: str
    included: int
    """Line of the page that brings it in; its own line when it is typed there."""


class Wrong(StrEnum):
    """Why a snippet is not put in; the value is what messages say of it."""

    MISSING = "is not found"
    OUTSIDE = "leads outside of the folder of snippets"
    UNREADABLE = "cannot be read"
    ENCODING = "is not UTF-8"
    SIZE = "is larger than 1 MB"
    CIRCLE = "includes itself"
    DEPTH = "is included too deeply"


@dataclass(frozen=True)
class MissingSnippet:
    """An include that leads nowhere."""

    name: str
    line: int
    source: str
    wrong: Wrong = Wrong.MISSING


def expand(
    body: str, first_line: int, source: str, folders: tuple[Path, ...], root: Path
) -> tuple[list[Line], list[MissingSnippet], bool]:
    """Return the lines of a page with its snippets in place, each with its own origin, and whether there was an end to them."""
    reader = _Expansion(folders, root)
    reader.add(body, first_line, source, _Include("", 0, ()))
    return reader.lines, reader.missing, reader.whole


def included_files(body: str, folders: tuple[Path, ...]) -> set[Path]:
    """Return the snippets that a page is made of, however deep."""
    reader = _Expansion(folders, folders[-1] if folders else None)
    reader.add(body, 1, "", _Include("", 0, ()))
    return reader.read


class _Include(NamedTuple):
    """How deep we are indented, the line of the page that brought us here (0 on the page itself), and by way of which files."""

    indent: str
    line: int
    way: tuple[Path, ...]


class _Expansion:
    def __init__(self, folders: tuple[Path, ...], root: Path | None) -> None:
        self._folders = folders
        self._root = f"{root.as_posix().rstrip('/')}/" if root else ""
        self._size = self._includes = 0
        self.lines: list[Line] = []
        self.missing: list[MissingSnippet] = []
        self.read: set[Path] = set()

    def add(self, body: str, start: int, source: str, include: _Include) -> None:
        texts = body.split("\n")
        if not include.way and "8<" not in body:
            self.lines += [Line(text, number, source, number) for number, text in enumerate(texts, start)]
            return
        for number, text, found in _with_includes(texts, start):
            if not self.whole:
                return
            if found:
                self._include(found, number, source, include)
            else:
                self._size += len(text)
                self.lines.append(Line(include.indent + text if text else text, number, source, include.line or number))

    @property
    def whole(self) -> bool:
        """Tell whether there was an end to it."""
        return self._size <= MAX_EXPANDED and self._includes <= MAX_INCLUDES

    def _include(self, found: _Found, number: int, source: str, include: _Include) -> None:
        self._includes += 1
        path = find_snippet(found.name, self._folders)
        if path in include.way:
            path = Wrong.CIRCLE
        elif len(include.way) == MAX_DEPTH:
            path = Wrong.DEPTH
        if isinstance(path, Wrong):
            self.missing.append(MissingSnippet(found.name, number, source, path))
            return
        self.read.add(path)
        whole = path.as_posix()
        shown = whole.removeprefix(self._root) if self._root and whole.startswith(self._root) else path.name
        inner = _Include(include.indent + found.indent, include.line or number, (*include.way, path))
        self.add(_text(path).rstrip("\n"), 1, shown, inner)


class _Found(NamedTuple):
    indent: str
    name: str


def _with_includes(texts: list[str], start: int) -> Iterator[tuple[int, str, _Found | None]]:
    """Yield each line with the snippet that it stands for: `--8<-- "name"`, or one line of a block between two `--8<--`."""
    block = False
    for number, text in enumerate(texts, start):
        mark = _MARK.match(text) if "8<" in text else None
        if mark and not mark[3]:
            block = not block
        elif block:
            name = text.strip()
            if not mark and name and not name.startswith(";"):
                yield number, text, _Found(text[: len(text) - len(text.lstrip())], _whole(name))
        elif mark and not mark[3].strip().startswith(";"):
            yield number, text, _Found(mark[1], _whole(mark[3].strip()))
        else:
            yield number, text, None


def _whole(name: str) -> str:
    """Leave out which lines or which section of a file is meant."""
    return _PART.sub("", name).strip()


def find_snippet(name: str, folders: tuple[Path, ...]) -> Path | Wrong:
    """Return the file of a snippet, never one outside of the last of the snippet folders, which holds the others."""
    plain = posixpath.normpath(name.replace("\\", "/"))
    parts = plain.split("/")
    if plain.startswith("/") or ".." in parts or "\0" in name:
        return Wrong.OUTSIDE if ".." in parts or plain.startswith("/") else Wrong.MISSING
    path = next((folder / plain for folder in folders if os.path.lexists(f"{folder}/{plain}")), None)
    # Settings and hidden files may hold what nobody is to read on a page.
    if path is None or any(part.startswith(".") for part in parts) or _is_settings(path, folders[-1]):
        return Wrong.MISSING
    return _wrong(path, folders[-1]) or path


def _is_settings(path: Path, last: Path) -> bool:
    return path.suffix in {".yml", ".yaml"} and (path.stem == "mkdocs" or os.path.realpath(path.parent) == os.path.realpath(last))


def _wrong(path: Path, home: Path) -> Wrong | None:
    """Say why a file cannot be put in."""
    if leads_outside(path, home):
        return Wrong.OUTSIDE
    try:
        if not is_regular(path):
            return Wrong.UNREADABLE
        state = path.stat()
        return Wrong.SIZE if state.st_size > MAX_SNIPPET_BYTES else None if _read(path, state.st_mtime_ns)[1] else Wrong.ENCODING
    except FileNotFoundError:
        return Wrong.MISSING
    except OSError:
        return Wrong.UNREADABLE


def _text(path: Path) -> str:
    try:
        return _read(path, path.stat().st_mtime_ns)[0]
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> tuple[str, bool]:
    """Return a file's text, and whether all of it is text. A safety text is included by hundreds of pages."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n"), True
    except UnicodeDecodeError:
        return "", False
