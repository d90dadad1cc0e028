"""Links, pictures and raw HTML inside a piece of Markdown, each with its offset."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\[\\`*_{}\[\]()<>#+.!|~-]")
_TEXT = r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]"
_TARGET = r"\(((?:[^()\n]|\n(?!\n)|\([^()\n]*\))*)\)"
_PICTURE = re.compile("!" + _TEXT + _TARGET)
_LINK = re.compile("(?<!!)" + _TEXT + _TARGET)
_REFERENCE = re.compile(r"^ {0,3}\[(?!\^)([^\[\]\n]+)\]:[ \t]*<?([^\s>]+)", re.MULTILINE)
_AUTOLINK = re.compile(r"<((?:https?|ftp|mailto|javascript|data|vbscript):[^\s<>]*)>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(?![\w:@.-])([^<>]*)(>?)")
_TITLE = re.compile(r"""\s+(?:"[^\n]*"|'[^\n]*')\s*$""")
_ATTRIBUTES = re.compile(r"\{:?[ ]*[#.\w][^{}\n]*\}")
_MARKUP = re.compile(r"[*~=^]{1,3}(?=\S)|(?<=\S)[*~=^]{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)")
_MARKS = re.compile("[*~=^_]")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


class Found(NamedTuple):
    """A link, a picture or a tag: its text, its target, where it begins."""

    text: str
    target: str
    offset: int


class Inline(NamedTuple):
    """What stands in a piece of Markdown; plain is the text as a reader hears it."""

    links: tuple[Found, ...]
    pictures: tuple[Found, ...]
    tags: tuple[Found, ...]
    plain: str

    @property
    def has_parts(self) -> bool:
        """Tell whether there is more than words."""
        return bool(self.links or self.pictures or self.tags)


def read_inline(text: str) -> Inline:
    """Return what stands in a piece of Markdown. Code is nobody's link, tag or sentence."""
    if not _WORTH.search(text):
        return Inline((), (), (), plain_text(text))
    masked = mask(text)
    pictures = tuple(
        Found(heard(text[m.start(1) : m.end(1)]), _target(text[m.start(2) : m.end(2)]), m.start())
        for m in _PICTURE.finditer(masked)
    )
    links = [
        Found(heard(text[m.start(1) : m.end(1)]), _target(text[m.start(2) : m.end(2)]), m.start()) for m in _LINK.finditer(masked)
    ]
    links += [Found("", m[2], m.start()) for m in _REFERENCE.finditer(masked)]
    links += [Found(m[1], m[1], m.start()) for m in _AUTOLINK.finditer(masked)]
    tags = tuple(
        Found(m[2].lower(), m[3].strip(), m.start())
        for m in _TAG.finditer(masked)
        if (m[4] or m[2].lower() in NEVER_CLOSED) and not m[1]
    )
    return Inline(tuple(links), pictures, tags, plain_text(text, masked))


_WORTH = re.compile(r"[\[<`]")
_MARKED = re.compile(r"[\[<`{&\\*~=^_]")
NEVER_CLOSED = {"script", "style", "iframe", "img", "svg", "object", "embed", "form"}
"""Tags that a browser runs even when their closing > is missing."""


def mask(text: str) -> str:
    """Blank out code spans, comments and escaped signs; every offset stays."""
    if "\\" in text:
        text = _ESCAPED.sub("  ", text)
    if "`" in text:
        text = _CODE.sub(lambda found: _blank(found[0]), text)
    return _COMMENT.sub(lambda found: _blank(found[0]), text) if "<!--" in text else text


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def plain_text(text: str, masked: str | None = None) -> str:
    """Return the words of a piece of Markdown, without targets, attributes and marks; lines stay lines."""
    if masked is not None:
        text = masked
        if "[" in text:
            text = _PICTURE.sub(" ", text)
            text = _LINK.sub(lambda found: found[1], text)
            text = _REFERENCE.sub("", text)
        if "<" in text:
            text = _AUTOLINK.sub(" ", text)
            text = _TAG.sub(" ", text)
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    if _MARKS.search(text):
        text = _MARKUP.sub("", text)
    return html.unescape(text) if "&" in text else text


def heard(text: str) -> str:
    """Return a heading or the text of a link as it is heard: code is words here, a picture is its alternative text."""
    if _MARKED.search(text):
        text = _PICTURE.sub(lambda found: found[1], text).replace("`", "")
        text = plain_text(text, mask(text))
    return " ".join(text.split())


def _target(inner: str) -> str:
    inner = inner.strip()
    if inner.startswith("<"):
        return inner[1:].partition(">")[0]
    return _TITLE.sub("", inner).strip()
