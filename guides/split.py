"""Where the front matter of a page ends and its body begins."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Split:
    """A page cut into front matter and body; front_line 0 means that there is none."""

    front: str
    front_line: int
    body: str
    body_line: int
    open: bool = False
    """Nothing closes the front matter: it is cut where the lines no longer look like it."""


_FENCE = re.compile(r"^---[ \t]*\n", re.ASCII)
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE | re.ASCII)
_KEY = r"[A-Za-z_-]+:(?:[ \t][^\n]*)?(?:\n|\Z)"
_ENTRY = r"(?:[ \t]+[^\s][^\n]*|- [^\n]*)(?:\n|\Z)"
# After an empty line a sentence such as "Note: …" looks like a key; our keys are small letters.
_OPEN_HEAD = re.compile(rf"(?:{_KEY}(?:{_ENTRY})*)*(?:(?:[ \t]*\n)+(?=[a-z_]+:)(?:{_KEY}(?:{_ENTRY})*)+)*")


def split_page(text: str) -> Split:
    """Cut a page behind its second line of three hyphens."""
    opening = _FENCE.match(text)
    if not opening:
        return Split("", 0, text, 1)
    closing = _CLOSE.search(text, opening.end())
    if closing:
        front, end = text[opening.end() : closing.start()], closing.end()
    else:
        end = found.end() if (found := _OPEN_HEAD.match(text, opening.end())) else opening.end()
        front = text[opening.end() : end]
    return Split(front, 2, text[end:], text.count("\n", 0, end) + 1, open=not closing)
