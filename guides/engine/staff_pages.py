"""Pages for staff (`audience: staff`): made with the site's own templates, and put beside the site, never into it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from guides.engine.edition import Edition
from guides.engine.guide_page import guide_page

if TYPE_CHECKING:
    from pathlib import Path

    from guides.engine.page import LanguagePlan, Planned
    from guides.guide import Guide
    from guides.library import Library
    from guides.settings import Settings

LIST = "pages.json"

StaffPages = dict[str, dict[str, "Planned"]]
"""Per language, by name as in a plan."""


def plan_staff(settings: Settings, library: Library, plans: dict[str, LanguagePlan]) -> StaffPages:
    """Return the pages for staff of each language; where a translation is missing, that of the source language."""
    return {
        language: {page.src: page for page in _pages(Edition(settings, library, language, plan.texts))}
        for language, plan in plans.items()
    }


def with_staff(plans: dict[str, LanguagePlan], staff: StaffPages) -> dict[str, LanguagePlan]:
    """Return the plans as MkDocs gets them: in one run, pages for staff may link to all others."""
    return {language: replace(plan, pages={**plan.pages, **staff.get(language, {})}) for language, plan in plans.items()}


def move_out(staff: StaffPages, site: Path, folder: Path | None) -> None:
    """Take the built pages for staff out of the site, into a folder of their own; without one they are deleted."""
    for language, pages in staff.items():
        for page in pages.values():
            built = site / language / page.url
            if folder is None:
                built.unlink()
                continue
            target = folder / language / page.url
            target.parent.mkdir(parents=True, exist_ok=True)
            built.replace(target)
        _drop_empty(site / language)
    if folder is not None:
        listed = {language: [_entry(page) for page in pages.values()] for language, pages in staff.items()}
        (folder / LIST).write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def _pages(edition: Edition) -> list[Planned]:
    library = edition.library
    source = {guide.id: guide for guide in library.by_language(library.languages[0]) if guide.for_staff}
    own = {guide.id: guide for guide in library.by_language(edition.language) if guide.for_staff}
    return [_page(guide, edition) for _, guide in sorted((source | own).items())]


def _page(guide: Guide, edition: Edition) -> Planned:
    page = guide_page(guide, edition)
    # Nothing leads to such a page from outside, and it leads nowhere on the web.
    return replace(page, facts={**page.facts, "helpful": False, "redirect_from": []})


def _entry(page: Planned) -> dict[str, str]:
    return {"id": page.src.removesuffix(".md"), "title": page.title, "summary": page.summary}


def _drop_empty(folder: Path) -> None:
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
