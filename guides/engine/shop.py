"""The plan of our own site: every page of every language, with the facts that tie them together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from guides.engine.edition import Edition
from guides.engine.guide_page import guide_page
from guides.engine.hubs import Hubs
from guides.engine.lists import link, with_neighbours
from guides.engine.order import Order
from guides.engine.page import Facts, LanguagePlan, Planned, href
from guides.engine.related import Related
from guides.engine.texts import direction, endonym, load_texts
from guides.engine.untranslated import is_partial, readable

if TYPE_CHECKING:
    from guides.library import Library
    from guides.settings import Settings


def plan_shop(settings: Settings, library: Library) -> dict[str, LanguagePlan]:
    """Return the pages of each language: live guides, and the hubs over them."""
    plans = {
        language: _plan_language(Edition(settings, library, language, load_texts(language))) for language in library.languages
    }
    partial = {language: is_partial(library, language) for language in library.languages}
    return {language: _with_alternates(plan, plans, partial) for language, plan in plans.items()}


def _plan_language(edition: Edition) -> LanguagePlan:
    guides = readable(edition.library, edition.language)
    groups: dict[tuple[str, str], list[Planned]] = defaultdict(list)
    for guide in guides:
        page = guide_page(guide, edition)
        groups[page.facts["article"]["product"], page.facts["article"]["stage"]].append(page)
    related = Related(guides)
    beside = {f"{guide.id}.md": [f"{name}.md" for name in related.to(guide)] for guide in guides}
    order = Order(edition.library.products)
    planned = {page.src: page for group in groups.values() for page in with_neighbours(order.of_all(group), beside)}
    written = [
        replace(page, facts={**page.facts, "related": [link(planned[src]) for src in beside[page.src]]})
        for page in (planned[f"{guide.id}.md"] for guide in guides)
    ]
    pages = {page.src: page for page in (*written, *Hubs(edition, written).pages())}
    return LanguagePlan(edition.language, direction(edition.language), edition.texts, pages)


def _with_alternates(plan: LanguagePlan, plans: dict[str, LanguagePlan], partial: dict[str, bool]) -> LanguagePlan:
    """Give each page its counterparts, "missing" said explicitly: there the link leads to the source's words, or to home."""
    plan = replace(plan, partial=partial[plan.language])
    if len(plans) < 2:
        return plan
    names = {language: endonym(language) for language in plans}
    pages = {
        src: replace(page, facts={**page.facts, "alternates": _alternates(page, plan.language, plans, names, partial)})
        for src, page in plan.pages.items()
    }
    return replace(plan, pages=pages)


def _alternates(
    page: Planned, current: str, plans: dict[str, LanguagePlan], names: dict[str, str], partial: dict[str, bool]
) -> list[Facts]:
    found = []
    for language, plan in plans.items():
        other = plan.pages.get(page.src)
        found.append(
            {
                "lang": language,
                "dir": plan.direction,
                "name": names[language],
                "url": f"{language}/{href(page.url) if other else 'index.html'}",
                "missing": other is None or "untranslated" in other.facts,
                "partial": partial[language],
                "current": language == current,
            }
        )
    return found
