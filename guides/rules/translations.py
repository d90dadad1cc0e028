"""Rules between a guide and its translations."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from guides.rules.site import Site, at, language_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.problems import Problem


def version_of(body: str) -> str:
    """Return the version of a source body that translations are stamped with: line ends and trailing blanks do not count."""
    text = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def translation(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that a translation has its source, says the same number of steps, and is not older than the source."""
    source_language = site.library.languages[0]
    if guide.language == source_language:
        if guide.front.translated_from:
            message = (
                f"'translated_from' stands only in translations, and {language_name(source_language)} is the source "
                "language. Take it out"
            )
            yield from at(guide, "translation-source-missing", message, "translated_from")
        return
    source = site.get(source_language, guide.id)
    if source is None:
        if not site.exists(source_language, guide.id):
            message = (
                f"there is no '{guide.id}' in {language_name(source_language)}, the source language. Write it, or "
                "give both the same path"
            )
            yield from at(guide, "translation-source-missing", message)
        return
    own, theirs = len(guide.page.steps), len(source.page.steps)
    if own != theirs:
        message = f"this translation has {_steps(own)}, its source {source.source} has {theirs}. Compare them"
        yield from at(guide, "translation-steps", message)
    if guide.front.translated_from and guide.front.translated_from != version_of(source.body):
        message = f"{source.source} has changed since this translation was made. Compare them"
        yield from at(guide, "translation-outdated", message, "translated_from")


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


RULES = (translation,)
