"""What the rules look at: the parts of a page, each with the place where a writer finds it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from guides.snippets import Line, MissingSnippet
    from guides.weight import Heavy

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Place(NamedTuple):
    """Where a writer finds it."""

    source: str
    line: int
    included: int
    """Line of the page itself: that of the include where a snippet brings it in."""


class Heading(NamedTuple):
    """A heading with its ID, given or made."""

    level: int
    text: str
    id: str
    given: bool
    place: Place


class Link(NamedTuple):
    """A link or a picture."""

    text: str
    target: str
    place: Place


class Tag(NamedTuple):
    """An opening tag of raw HTML."""

    name: str
    attributes: str
    place: Place


class Box(NamedTuple):
    """An admonition such as `!!! warning`."""

    kind: str
    place: Place
    section: int
    order: int
    whole: bool = True
    """Whether its title and its text stand where Markdown looks for them."""


@dataclass
class Step:
    """An entry of a numbered list; its text ends where its first paragraph ends."""

    text: str
    place: Place
    section: int
    order: int
    pictures: int = 0


@dataclass(frozen=True)
class Sentences:
    """A paragraph, list entry or heading as a reader hears it."""

    text: str
    place: Place
    heading: bool = False

    @cached_property
    def words(self) -> list[str]:
        """Its words, as typed."""
        return WORD.findall(self.text)


@dataclass
class Page:
    """Everything that the rules look at; section is the number of the h2 it stands under, -1 above the first."""

    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Link] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    prose: list[Sentences] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    """Every line outside of code, as typed."""
    missing: list[MissingSnippet] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    heavy: Heavy | None = None
    """What makes the page too heavy to build; nothing else is read of such a page."""
