"""One guide: its place, its front matter, its Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from guides.markdown import OWN_SLUG, Slug, scan
from guides.page import Page, Place, Sentences
from guides.trees.parser import read_tree
from guides.vocabulary import Audience, GuideType, Status
from guides.yamltext import YamlText

if TYPE_CHECKING:
    from guides.frontmatter import FrontMatter
    from guides.trees.tree import Tree


@dataclass(frozen=True)
class Guide:
    """One guide in one language."""

    id: str
    """Its path below the language folder without `.md`; the same in all languages."""
    language: str
    path: Path
    source: str
    """Path relative to the project, POSIX, as messages show it."""
    front: FrontMatter
    body: str
    body_line: int
    """Line of the file on which the body begins, counted from 1."""
    yaml: YamlText = field(default_factory=lambda: YamlText("", 1), compare=False, repr=False)
    """The front matter as typed, with the line of each key."""
    snippets: tuple[Path, ...] = field(default=(), compare=False, repr=False)
    """Folders of snippets, nearest first."""
    slug: Slug = field(default=OWN_SLUG, compare=False, repr=False)
    """How headings get their IDs."""

    @property
    def public(self) -> bool:
        """Tell whether readers may see it: live, and not for staff."""
        return self.front.status is Status.LIVE and self.front.audience is not Audience.STAFF

    @property
    def for_staff(self) -> bool:
        """Tell whether it is live and for staff only: shown on kiosks, behind the PIN."""
        return self.front.status is Status.LIVE and self.front.audience is Audience.STAFF

    @cached_property
    def page(self) -> Page:
        """Its headings, steps, links and pictures, each with its line."""
        root = Path(self.path.as_posix().removesuffix(self.source))
        start = Place(self.source, self.body_line, self.body_line)
        return scan(self.body, start, self.snippets, root, self.slug)

    @cached_property
    def tree(self) -> Tree | None:
        """Its questions and endings; None for pages that are no troubleshooter and no menu."""
        kind = self.front.type
        if kind not in {GuideType.TROUBLESHOOTER, GuideType.MENU}:
            return None
        return read_tree(self.id, self.language, self.front.title, self.page.lines, menu=kind is GuideType.MENU)

    @cached_property
    def heard(self) -> list[Sentences]:
        """Everything that a reader hears: title and summary, which stand on cards and in results, and the page."""
        keys = (("title", self.front.title), ("summary", self.front.summary))
        lines = [(text, self.line_of(key)) for key, text in keys]
        return [*(Sentences(text, Place(self.source, line, line), heading=True) for text, line in lines), *self.page.prose]

    @cached_property
    def heard_lower(self) -> str:
        """All of it as one text in small letters, to look for words in."""
        return "\n".join([piece.text for piece in self.heard]).lower()

    def line_of(self, *place: str | int) -> int:
        """Return the line of a key of the front matter, or of one entry of its list."""
        return self.yaml.line(place)
