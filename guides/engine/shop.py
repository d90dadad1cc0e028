"""The plan of our own site: every page of every language, with the facts that tie them together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from guides.engine.guide_page import guide_page
from guides.engine.hubs import Hubs
from guides.engine.lists import with_neighbours
from guides.engine.page import Facts, LanguagePlan, Planned, href
from guides.engine.texts import direction, endonym, load_texts

if TYPE_CHECKING:
    from guides.library import Library


def plan_shop(library: Library) -> dict[str, LanguagePlan]:
    """Return the pages of each language: live guides, and the hubs over them."""
    plans = {language: _plan_language(library, language) for language in library.languages}
    return {language: _with_alternates(plan, plans) for language, plan in plans.items()}


def _plan_language(library: Library, language: str) -> LanguagePlan:
    texts = load_texts(language)
    groups: dict[tuple[str, str], list[Planned]] = defaultdict(list)
    for guide in library.by_language(language):
        if guide.public:
            page = guide_page(guide, library, texts)
            groups[page.facts["article"]["product"], page.facts["article"]["stage"]].append(page)
    guides = sorted((page for group in groups.values() for page in with_neighbours(group)), key=lambda page: page.src)
    pages = {page.src: page for page in (*guides, *Hubs(library, language, texts, guides).pages())}
    return LanguagePlan(language, direction(language), texts, pages)


def _with_alternates(plan: LanguagePlan, plans: dict[str, LanguagePlan]) -> LanguagePlan:
    """Give each page its counterparts, "missing" said explicitly: there the link leads to that language's home."""
    if len(plans) < 2:
        return plan
    names = {language: endonym(language) for language in plans}
    pages = {
        src: replace(page, facts={**page.facts, "alternates": _alternates(page, plans, names)})
        for src, page in plan.pages.items()
    }
    return replace(plan, pages=pages)


def _alternates(page: Planned, plans: dict[str, LanguagePlan], names: dict[str, str]) -> list[Facts]:
    found = []
    for language, plan in plans.items():
        missing = page.src not in plan.pages
        url = f"{language}/{'index.html' if missing else href(page.url)}"
        found.append({"lang": language, "dir": plan.direction, "name": names[language], "url": url, "missing": missing})
    return found
