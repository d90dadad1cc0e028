"""Every rule that needs no build, over everything that was read."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from guides.problems import Problem, Severity, problem
from guides.reading import guide_id, markdown_files
from guides.rules import (
    catalogue,
    codes,
    files,
    films,
    head,
    links,
    phones,
    pictures,
    raw_html,
    safety,
    steps,
    synonyms,
    translations,
    trees,
    words,
)
from guides.rules.configuration import configuration
from guides.rules.site import Site, no_stop_words
from guides.snippets import Wrong
from guides.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from guides.guide import Guide
    from guides.library import Library
    from guides.rules.site import StopWords
    from guides.settings import Settings
    from guides.snippets import MissingSnippet

OWN_RULES = (
    *files.RULES,
    *head.RULES,
    *safety.RULES,
    *phones.RULES,
    *steps.RULES,
    *pictures.RULES,
    *films.RULES,
    *links.RULES,
    *raw_html.RULES,
    *words.RULES,
    *translations.RULES,
    *trees.RULES,
    *codes.RULES,
)
"""What our own guides keep."""
EVERY_RULES = (links.links, pictures.exist, raw_html.dangerous)
"""What a page written by others keeps too."""


MAX_OF_A_KIND = 20


def check(
    settings: Settings,
    library: Library,
    problems_from_loading: Iterable[Problem],
    today: date,
    *,
    stop_words: StopWords = no_stop_words,
    late_is_error: bool = False,
) -> list[Problem]:
    """Return every problem of the content, sorted by file and line; with late_is_error a past date forbids publishing.

    `stop_words` gives the words of a language that search passes over.
    """
    found = {settings.folder(language): _files(settings, language) for language in settings.languages}
    by_language = {language: found[settings.folder(language)] for language in settings.languages}
    site = Site(settings, library, today, {language: dict(entries) for language, entries in by_language.items()}, stop_words)
    problems = set(problems_from_loading)
    problems.update(files.clashes(settings, by_language))
    problems.update(configuration(settings, library))
    if settings.foreign:
        problems.update(_as_warnings(_guides(site, EVERY_RULES)))
        problems.update(_as_warnings(found for found in _snippets(site) if found.rule == "file-outside"))
    else:
        problems.update(files.folders(settings))
        problems.update(_guides(site, EVERY_RULES + OWN_RULES))
        problems.update(_snippets(site))
        problems.update(_catalogue(site))
        problems.update(found for rule in synonyms.RULES for found in rule(site))
    if late_is_error:
        problems = {replace(one, severity=Severity.ERROR) if one.rule == "review-past" else one for one in problems}
    return _capped(sorted(problems))


def _capped(problems: list[Problem]) -> list[Problem]:
    """Keep the first problems of a kind in a file, and count the others: nobody reads ten thousand lines."""
    kept: list[Problem] = []
    more: Counter[tuple[str, str]] = Counter()
    firsts: dict[tuple[str, str], Problem] = {}
    for one in problems:
        kind = (one.path, one.rule)
        more[kind] += 1
        if more[kind] <= MAX_OF_A_KIND:
            kept.append(one)
        else:
            firsts.setdefault(kind, one)
    for kind, first in firsts.items():
        kept.append(replace(first, message=f"… and {more[kind] - MAX_OF_A_KIND:,} more of this kind in this file"))
    return sorted(kept)


def _files(settings: Settings, language: str) -> list[tuple[str, Path]]:
    folder = settings.folder(language)
    return [(guide_id(folder, path), path) for path in markdown_files(settings, language)]


def _guides(site: Site, rules: Iterable) -> Iterator[Problem]:  # type: ignore[type-arg]
    for guide in site.every_guide:
        for rule in rules:
            for found in rule(guide, site):
                yield _named(found, guide)


def _named(found: Problem, guide: Guide) -> Problem:
    """Name the question in which a problem of a troubleshooter stands: there writers look for it."""
    node = guide.tree.node_at(found.path, found.line) if guide.tree else None
    if node is None or node.id.startswith("?"):
        return found
    return replace(found, message=f"#{node.id}: {found.message}")


def _as_warnings(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Lower the severity: what is dangerous in a site written by others the build takes out, what is broken its owner knows."""
    return (replace(one, severity=Severity.WARNING) for one in problems)


def _snippets(site: Site) -> Iterator[Problem]:
    for guide in site.every_guide:
        for missing in guide.page.missing:
            yield _snippet(guide, missing, foreign=site.settings.foreign)


def _snippet(guide: Guide, missing: MissingSnippet, *, foreign: bool) -> Problem:
    name = f"the snippet '{missing.name}' {missing.wrong}"
    if missing.wrong is Wrong.MISSING:
        cure = did_you_mean(missing.name, _snippet_names(guide)) or " Add it to content/snippets"
        return problem(missing.source, missing.line, "snippet-missing", f"{name}.{cure}")
    if missing.wrong in {Wrong.CIRCLE, Wrong.DEPTH}:
        return problem(missing.source, missing.line, "snippet-missing", f"{name}. Take this line out")
    if missing.wrong is Wrong.OUTSIDE:
        cure = "It is left out" if foreign else "Put a copy of the text into content/snippets"
        return problem(missing.source, missing.line, "file-outside", f"{name}. {cure}")
    cures = {Wrong.ENCODING: "Save the file as UTF-8", Wrong.SIZE: "Include less"}
    cure = cures.get(missing.wrong, "Put a file in its place that you may read")
    return problem(missing.source, missing.line, "file-unreadable", f"{name}. {cure}")


def _snippet_names(guide: Guide) -> list[str]:
    return [path.name for folder in guide.snippets if folder.is_dir() for path in sorted(folder.glob("*.md"))]


def _catalogue(site: Site) -> Iterator[Problem]:
    texts = site.library.texts
    for product in site.library.products.values():
        for rule in catalogue.PRODUCT_RULES:
            yield from rule(product, texts[f"products/{product.id}"], site)
    for store in site.library.stores.values():
        for store_rule in catalogue.STORE_RULES:
            yield from store_rule(store, texts[f"stores/{store.id}"], site)
