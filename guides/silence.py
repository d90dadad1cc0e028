"""What readers never hear: fenced code and HTML comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guides.snippets import Line

_FENCE = re.compile(r"\s*(?:>\s*)*(`{3,}|~{3,})([^`]*)$")


def without_fences(lines: list[Line]) -> list[Line | None]:
    """Put None for each line of fenced code; a fence that is never closed is none."""
    kept: list[Line | None] = list(lines)
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number].text) if "```" in lines[number].text or "~~~" in lines[number].text else None
        end = _closing(lines, number, opening[1]) if opening else None
        if end is None:
            number += 1
            continue
        kept[number : end + 1] = [None] * (end + 1 - number)
        number = end + 1
    return kept


def _closing(lines: list[Line], start: int, fence: str) -> int | None:
    for number in range(start + 1, len(lines)):
        text = lines[number].text.strip().lstrip("> ")
        if text.startswith(fence) and not text.strip(fence[0]):
            return number
    return None


def without_comments(lines: list[Line | None]) -> list[Line | None]:
    """Empty what stands in HTML comments, over as many lines as they take."""
    inside = False
    kept: list[Line | None] = []
    for line in lines:
        if line is None or (not inside and "<!--" not in line.text):
            kept.append(line)
            continue
        text, rest = "", line.text
        while rest:
            before, mark, rest = rest.partition("-->" if inside else "<!--")
            if inside:
                inside = not mark
            elif (text + before).count("`") % 2:
                text += before + mark  # inside a code span
            else:
                text += before
                inside = bool(mark)
        kept.append(line._replace(text=text))
    return kept
