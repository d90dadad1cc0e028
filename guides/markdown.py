"""A light reading of Markdown that knows the line of everything: what the rules look at, not what browsers get."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from markdown.extensions.toc import slugify, slugify_unicode, unique

from guides.inline import Inline, heard, plain_text, read_inline
from guides.page import Box, Heading, Link, Page, Place, Sentences, Step, Tag
from guides.silence import without_comments, without_fences
from guides.snippets import Line, expand
from guides.weight import heavy

if TYPE_CHECKING:
    from pathlib import Path

Slug = Callable[[str, str], str]
OWN_SLUG: Slug = slugify_unicode
"""How our engine makes the ID of a heading that has none."""
MKDOCS_SLUG: Slug = slugify
"""How MkDocs does it by default: what links in sites written by others count on."""


_HEADING = re.compile(r"(#{1,6})\s*(.*?)\s*#*\s*$")
_SETEXT = re.compile(r"(=+|-+)[ ]*$")
_BOX = re.compile(r"(?:!!!|\?\?\?\+?)\s*([\w-]+)")
_BOX_TITLE = re.compile(r"[\w\- ]*(\"[^\"]*\")?\s*")
_TAB = re.compile(r"===\+?!?\s+[\"']")
_ITEM = re.compile(r"(\d+\.|[-*+])(\s+)(?=\S)")
_TRAILING = re.compile(r"\{:?[^{}]*\}\s*$")
_ID = re.compile(r"\{:?[^{}\n]*?#([^\s{}]+)[^{}\n]*\}")
_HTML_ID = re.compile(r"""\b(?:id|name)\s*=\s*["']?([^\s"'>]+)""")
_MAX_BLOCK = 20_000


def scan(body: str, start: Place, folders: tuple[Path, ...], root: Path, slug: Slug = OWN_SLUG) -> Page:
    """Read a page's body that begins at a place. Never raises."""
    lines, missing, whole = expand(body, start.line, start.source, folders, root)
    page = Page(missing=missing, heavy=heavy(lines, whole=whole))
    if page.heavy:
        return page
    _Scan(page, slug).read(without_comments(without_fences(lines)))
    return page


def _place(line: Line) -> Place:
    return Place(line.source, line.number, line.included)


class _Open(NamedTuple):
    """An open list or box: the indent that belongs to it, the indent of its own text, the step it stands in."""

    belongs: int
    own: int
    step: Step | None


class _Scan:
    """The one pass over the lines: knows the open lists and boxes, and gathers paragraphs."""

    def __init__(self, page: Page, slug: Slug) -> None:
        self._page = page
        self._slug = slug
        self._block: list[Line] = []
        self._block_size = 0
        self._step: Step | None = None
        self._open: list[_Open] = []
        self._fresh = True
        self._section = -1
        self._lines: list[Line | None] = []

    def read(self, lines: list[Line | None]) -> None:
        self._lines = lines
        for order, line in enumerate(lines):
            if line is None or not line.text.strip():
                self._close_block()
                self._fresh = True
                continue
            self._line(line._replace(text=line.text.expandtabs(4)) if "\t" in line.text else line, order)
        self._close_block()
        self._name_headings()

    def _name_headings(self) -> None:
        """Give the other headings their IDs; those that writers gave come first, as in Python-Markdown."""
        page = self._page
        page.anchors.update(heading.id for heading in page.headings if heading.given)
        for number, heading in enumerate(page.headings):
            if not heading.given:
                # unique() adds the name to the set that it is given.
                page.headings[number] = heading._replace(id=unique(self._slug(heading.text, "-"), page.anchors))

    def _line(self, line: Line, order: int) -> None:
        text = line.text.lstrip(" ")
        indent = len(line.text) - len(text)
        if self._fresh:
            self._leave(indent)
            if indent >= (self._open[-1].own if self._open else 0) + 4:
                return  # indented code; the lines after it are no fresher than it is
        self._page.lines.append(line)
        if self._starts_something(line, text, indent, order):
            return
        self._fresh = False
        self._add(line)

    def _starts_something(self, line: Line, text: str, indent: int, order: int) -> bool:
        first = text[0]
        if first == "#":
            self._heading(line, _HEADING.match(text))
            return True
        if first in "!?" and (found := _BOX.match(text)):
            self._close_block()
            whole = bool(_BOX_TITLE.fullmatch(text[found.end() :])) and self._holds_text(indent, order)
            self._page.boxes.append(Box(found[1].lower(), _place(line), self._section, order, whole))
            self._page.prose.append(Sentences(plain_text(text[found.end() :].strip().strip('"')), _place(line), heading=True))
            self._push(indent + 4, indent + 4, self._step)
            return True
        if first == "=" and _TAB.match(text):
            self._close_block()
            self._push(indent + 4, indent + 4, self._step)
            return True
        if first in "=-" and len(self._block) == 1 and _SETEXT.match(text):
            self._setext(text)
            return True
        if (first.isdigit() or first in "-*+") and (found := _ITEM.match(text)) and (self._fresh or self._open):
            self._item(line, text, found, indent, order)
            return True
        return False

    def _holds_text(self, indent: int, order: int) -> bool:
        """Whether what follows a box's first line belongs to it; code, which is not read, does."""
        for line in self._lines[order + 1 :]:
            if line is None:
                return True
            text = line.text.expandtabs(4)
            if text.strip():
                return len(text) - len(text.lstrip(" ")) >= indent + 4
        return False

    def _push(self, belongs: int, own: int, step: Step | None) -> None:
        self._open.append(_Open(belongs, own, step))
        self._fresh = True

    def _leave(self, indent: int) -> None:
        """Close the lists and boxes that a line so little indented no longer belongs to."""
        while self._open and indent < self._open[-1].belongs:
            self._open.pop()
        self._step = self._open[-1].step if self._open else None

    def _item(self, line: Line, text: str, found: re.Match[str], indent: int, order: int) -> None:
        self._close_block()
        self._leave(indent)
        step = self._step
        if found[1][0].isdigit():
            step = Step("", _place(line), self._section, order)
            self._page.steps.append(step)
        # Python-Markdown wants 4; two are what many writers and other tools use.
        self._push(indent + 2, indent + 4, step)
        self._step = step
        self._fresh = False
        self._add(line._replace(text=text[found.end() :]))

    def _add(self, line: Line) -> None:
        self._block.append(line)
        self._block_size += len(line.text)
        if self._block_size > _MAX_BLOCK:
            self._close_block()

    def _heading(self, line: Line, found: re.Match[str] | None) -> None:
        self._close_block()
        if found:
            self._add_heading(len(found[1]), found[2], line)
        self._fresh = True

    def _setext(self, text: str) -> None:
        line = self._block.pop()
        self._block_size = 0
        self._add_heading(1 if text[0] == "=" else 2, line.text.strip(), line)
        self._fresh = True

    def _add_heading(self, level: int, text: str, line: Line) -> None:
        given = _ID.search(text)
        plain = heard(_TRAILING.sub("", text))
        name = given[1] if given else ""
        place = _place(line)
        if level <= 2:
            self._section += 1
        self._page.headings.append(Heading(level, plain, name, bool(given), place))
        self._page.prose.append(Sentences(plain, place, heading=True))
        self._gather(text, [line])

    def _close_block(self) -> None:
        if not self._block:
            return
        lines, self._block, self._block_size = self._block, [], 0
        text = "\n".join([line.text.strip() for line in lines]) if len(lines) > 1 else lines[0].text.strip()
        inline = self._gather(text, lines)
        words = " ".join(inline.plain.split())
        if words and words[0] != "|":
            self._page.prose.append(Sentences(words, _place(lines[0])))
        if self._step:
            self._step.text = self._step.text or words
            self._step.pictures += len(inline.pictures)

    def _gather(self, text: str, lines: list[Line]) -> Inline:
        """Keep the links, pictures, tags and IDs of a piece of text."""
        page, inline = self._page, read_inline(text)
        if inline.has_parts:

            def place(offset: int) -> Place:
                return _place(lines[min(text.count("\n", 0, offset), len(lines) - 1)])

            page.links += [Link(found.text, found.target, place(found.offset)) for found in inline.links]
            page.pictures += [Link(found.text, found.target, place(found.offset)) for found in inline.pictures]
            page.tags += [Tag(found.text, found.target, place(found.offset)) for found in inline.tags]
            for tag in inline.tags:
                page.anchors.update(_HTML_ID.findall(tag.target))
        if "{" in text:
            page.anchors.update(_ID.findall(text))
        return inline
