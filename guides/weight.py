"""Pages that no reader wants and that would keep the engine busy for minutes: found in one pass, before anything reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from guides.snippets import MAX_INCLUDES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.snippets import Line

MAX_LINE = 20_000
MAX_NESTED = 100
MAX_COLUMNS = 300
MAX_CELLS = 50_000
MAX_SEARCH = 2_000_000
"""Characters that the engine may look through for closing signs. It looks from each opening one: many times the page."""
MAX_ABBREVIATIONS = 10_000_000
"""Abbreviations times characters: the engine looks for each abbreviation in all of the text."""

_SIGN = re.compile(r"[\[\]()]")
_OPEN_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ANGLE = re.compile(r"<(?=[A-Za-z/!?])|>")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b")
_QUOTES = re.compile(r"[> \t]*")
_ABBREVIATION = re.compile(r"[ ]{0,3}\*\[[^\]]+\]:")
_NESTS = frozenset(
    ("a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "center", "cite", "code", "del",
     "details", "dfn", "div", "dl", "em", "fieldset", "figcaption", "figure", "font", "footer", "form", "header", "i", "ins",
     "kbd", "label", "main", "mark", "nav", "ol", "picture", "pre", "q", "ruby", "s", "samp", "section", "small", "span",
     "strike", "strong", "sub", "summary", "sup", "table", "tt", "u", "ul", "var")
)  # fmt: skip
"""Tags of which each stands in the one before it until it is closed; a `<p>` or `<li>` closes the one before it."""


class Heavy(NamedTuple):
    """What makes a page too heavy, and the line where a writer finds it."""

    line: Line
    message: str


def heavy(lines: list[Line], *, whole: bool = True) -> Heavy | None:
    """Return the first thing that makes a page too heavy to build; a page that is not whole has snippets without end."""
    if not lines:
        return None
    if not whole:
        return Heavy(lines[0], f"the page has more than {MAX_INCLUDES:,} snippets, or 2 MB with them. Include fewer of them")
    looks = (_lines, _nested_tags, _tables, _abbreviations, _searches)
    return next((found for look in looks for found in look(lines)), None)


def _lines(lines: list[Line]) -> Iterator[Heavy]:
    for line in lines:
        if len(line.text) > MAX_LINE:
            cure = "Break it, or make a list of it"
            yield Heavy(line, f"the line has {len(line.text):,} characters, the limit is {MAX_LINE:,}. {cure}")
        start = _QUOTES.match(line.text)
        width = len(start[0].expandtabs(4)) if start and start[0] else 0
        if width > 4 * MAX_NESTED or (start and start[0].count(">") > MAX_NESTED):
            yield Heavy(line, f"the line is nested more than {MAX_NESTED} levels deep. Indent it less")


def _nested_tags(lines: list[Line]) -> Iterator[Heavy]:
    depth = 0
    for line in lines:
        for closing, name in _TAG.findall(line.text) if "<" in line.text else ():
            if name.lower() in _NESTS:
                depth = max(0, depth - 1) if closing else depth + 1
        if depth > MAX_NESTED:
            yield Heavy(line, f"more than {MAX_NESTED} HTML tags stand in one another here. Close them, or write it in Markdown")


def _tables(lines: list[Line]) -> Iterator[Heavy]:
    rows = columns = 0
    for line in lines:
        count = line.text.count("|")
        rows, columns = (rows + 1, max(columns, count)) if line.text.strip() else (0, 0)
        if columns > MAX_COLUMNS:
            yield Heavy(line, f"the table has more than {MAX_COLUMNS} columns. Make several tables of it")
        if rows * columns > MAX_CELLS:
            yield Heavy(line, f"the table has more than {MAX_CELLS:,} cells. Make several tables of it")


def _abbreviations(lines: list[Line]) -> Iterator[Heavy]:
    found = [line for line in lines if line.text.lstrip().startswith("*[") and _ABBREVIATION.match(line.text)]
    if found and len(found) * sum(len(line.text) for line in lines) > MAX_ABBREVIATIONS:
        yield Heavy(found[0], f"the page has {len(found):,} abbreviations for this much text. Keep those that readers need")


def _searches(lines: list[Line]) -> Iterator[Heavy]:
    """Add up, for each opening sign, the way to its closing one; where there is none, to the end of its paragraph or page."""
    text = "\n".join([line.text for line in lines])
    if sum(text.count(sign) for sign in "[(<") * len(text) <= MAX_SEARCH:
        return  # so it is on nearly every page
    searched = 0
    for paragraph in _paragraphs(lines):
        way, worst = _way_of_brackets(paragraph)
        searched += way
        if searched > MAX_SEARCH:
            cure = "Close them, or put a \\ before each"
            yield Heavy(worst, f"too many [ or ( are not closed, or closed only far away. {cure}")
            return
    searched += _way_of_tags(text)
    if searched > MAX_SEARCH:
        line = next(line for line in lines if _OPEN_TAG.search(line.text))
        yield Heavy(line, "too many < on the page are not closed by >. Close the tags, or write &lt;")


def _paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if line.text.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _way_of_brackets(paragraph: list[Line]) -> tuple[int, Line]:
    offset = way = most = 0
    worst = paragraph[0]
    waiting: dict[str, list[int]] = {"[": [], "(": []}
    for line in paragraph:
        count = 0
        for sign in _SIGN.finditer(line.text):
            place = offset + sign.start()
            if sign[0] in waiting:
                waiting[sign[0]].append(place)
                count += 1
            elif opened := waiting["[" if sign[0] == "]" else "("]:
                way += place - opened.pop()
        if count > most:
            most, worst = count, line
        offset += len(line.text) + 1
    # Round brackets matter behind square ones only: those of plain words end the search at once.
    way += sum(offset - place for place in waiting["["])
    return way + (sum(offset - place for place in waiting["("]) if most else 0), worst


def _way_of_tags(text: str) -> int:
    way, close = 0, len(text)
    for found in reversed(list(_ANGLE.finditer(text))):
        if found[0] == ">":
            close = found.start()
        else:
            way += close - found.start()
    return way
