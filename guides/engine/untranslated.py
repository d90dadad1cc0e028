"""What a language's readers get: its own guides, and the source language's where a translation is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guides.guide import Guide
    from guides.library import Library

WHOLE = 0.95
"""A language with less of the source language's live guides is labelled "partial"."""


def readable(library: Library, language: str) -> list[Guide]:
    """Return the public guides that readers of a language find, sorted by ID; `guide.language` tells untranslated ones."""
    source = {guide.id: guide for guide in library.by_language(library.languages[0]) if guide.public}
    own = {guide.id: guide for guide in library.by_language(language) if guide.public}
    return [guide for _, guide in sorted((source | own).items())]


def is_partial(library: Library, language: str) -> bool:
    """Tell whether a language lacks more than one in twenty of the source language's live guides."""
    source = [guide.id for guide in library.by_language(library.languages[0]) if guide.public]
    own = {guide.id for guide in library.by_language(language) if guide.public}
    return sum(name in own for name in source) < WHOLE * len(source)
