"""The plan of a site written by others: its pages as they are, sections from its `nav` or its folders, lists of all pages."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from guides.addresses import free_name, moved_pages, with_moved_links
from guides.engine.lists import link, paginate, with_neighbours
from guides.engine.page import Facts, LanguagePlan, Planned
from guides.engine.person import person_facts
from guides.engine.texts import direction, load_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.config_file import Tree
    from guides.library import Guide, Library
    from guides.settings import Settings

INDEX = ("index.md", "README.md")


@dataclass
class Section:
    """A group of pages, as deep as the site nests it."""

    title: str
    slug: str
    folder: str = "sections"
    pages: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def walk(self, trail: tuple[Section, ...] = ()) -> Iterator[tuple[Section, tuple[Section, ...]]]:
        """Yield each section below this one with the sections that lead to it, itself included."""
        for section in self.sections:
            path = (*trail, section)
            yield section, path
            yield from section.walk(path)

    @property
    def url(self) -> str:
        """Address of its hub page."""
        return f"{self.folder}/{self.slug}.html"


def plan_foreign(settings: Settings, library: Library) -> dict[str, LanguagePlan]:
    """Return the pages of the site's one language."""
    language = settings.languages[0]
    texts = load_texts(language)
    guides = library.by_language(language)
    moved = moved_pages([f"{guide.id}.md" for guide in guides])
    pages = {page.src: page for page in (_page(guide, texts, moved) for guide in guides)}
    root = _from_nav(settings.nav, pages, moved) if settings.nav and isinstance(settings.nav, list) else _from_folders(pages)
    placed: dict[str, Planned] = {}
    for section, trail in root.walk():
        group = [
            replace(pages[src], facts={**pages[src].facts, "breadcrumb": _crumbs(trail, texts)})
            for src in section.pages
            if src in pages
        ]
        placed |= {page.src: page for page in with_neighbours(group)}
    pages |= placed
    home = _home(settings, pages, root, texts)
    person = {"breadcrumb": [{"title": texts["home"], "url": "index.html"}], **person_facts(library, language, texts)}
    hubs = [home, *_hubs(pages, root, texts, language), _hub("person.md", "person.html", texts["person"], language, person)]
    return {language: LanguagePlan(language, direction(language), texts, pages | {page.src: page for page in hubs})}


def _page(guide: Guide, texts: dict[str, str], moved: dict[str, str]) -> Planned:
    src = moved.get(f"{guide.id}.md", f"{guide.id}.md")
    facts: Facts = {
        "kind": "guide",
        "page_kind": "guide",
        "article": {"guide": src.removesuffix(".md"), "product": "", "stage": "", "lang": guide.language, "type": "guide"},
        "breadcrumb": [{"title": texts["home"], "url": "index.html"}],
        "title": guide.front.title,
        "summary": "",
    }
    body = with_moved_links(guide, moved)
    return Planned(src, "main.html", guide.front.title, body, facts, guide.source, guide.body_line)


def _crumbs(trail: tuple[Section, ...], texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"title": texts["home"], "url": "index.html"}, *({"title": section.title, "url": section.url} for section in trail)]


def _from_nav(nav: list[Tree], pages: dict[str, Planned], moved: dict[str, str]) -> Section:
    """Return the sections as `nav:` nests them; entries for other sites and missing pages are left out."""
    root = Section("", "", _section_folder(pages))
    count = 0

    def add(items: list[Tree], parent: Section) -> None:
        nonlocal count
        for item in items:
            for title, value in item.items() if isinstance(item, dict) else [("", item)]:
                if isinstance(value, list):
                    count += 1
                    section = Section(title, _slug(title, count), root.folder)
                    parent.sections.append(section)
                    add(value, section)
                elif isinstance(value, str) and (src := _known(value, pages, moved)):
                    parent.pages.append(src)

    add(nav, root)
    return root


def _known(value: str, pages: dict[str, Planned], moved: dict[str, str]) -> str:
    name = posixpath.normpath(value)
    return moved.get(name, name if name in pages else "")


def _section_folder(pages: dict[str, Planned]) -> str:
    """Return a folder for the sections' pages in which the site has none of its own."""
    taken = {f"{src.split('/')[0]}.md" for src in pages if "/" in src}
    return free_name("sections", taken).removesuffix(".md")


def _from_folders(pages: dict[str, Planned]) -> Section:
    """Return one section per folder, as MkDocs does without `nav:`."""
    root = Section("", "", _section_folder(pages))
    known: dict[str, Section] = {"": root}

    def section_of(folder: str) -> Section:
        if folder not in known:
            parent = section_of(posixpath.dirname(folder))
            title = re.sub(r"[-_]+", " ", posixpath.basename(folder)).strip().capitalize() or folder
            known[folder] = Section(title, _slug(folder, len(known)), root.folder)
            parent.sections.append(known[folder])
        return known[folder]

    for src in sorted(pages):
        section_of(posixpath.dirname(src)).pages.append(src)
    return root


def _slug(title: str, number: int) -> str:
    """Return a file name for a section: readable where its title has Latin letters, unique by its number."""
    words = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
    return f"{words[:60]}-{number}" if words else str(number)


def _hub(src: str, template: str, title: str, language: str, facts: Facts) -> Planned:
    kind = template.removesuffix(".html")
    article = {"guide": src.removesuffix(".md"), "product": "", "stage": "", "lang": language, "type": "hub"}
    return Planned(
        src, template, title, "", {"kind": "hub", "page_kind": kind, "title": title, "summary": "", "article": article, **facts}
    )


def _home(settings: Settings, pages: dict[str, Planned], root: Section, texts: dict[str, str]) -> Planned:
    """Return the home page: search first, then sections, then whatever the site's own index page says."""
    index = next((pages[name] for name in INDEX if name in pages), None)
    sections: Facts = {
        "home": True,
        "page_kind": "home",
        "title": settings.site_name,
        "breadcrumb": [],
        "sections": [{"title": section.title, "url": section.url} for section in root.sections],
        "top": [link(pages[src]) for src in root.pages[:20] if src in pages and src not in INDEX],
    }
    if index:
        return replace(index, template="home.html", facts={**index.facts, **sections})
    return _hub("index.md", "home.html", texts["home_title"], settings.languages[0], {**sections, "title": texts["home_title"]})


def _hubs(pages: dict[str, Planned], root: Section, texts: dict[str, str], language: str) -> Iterator[Planned]:
    home = [{"title": texts["home"], "url": "index.html"}]
    for section, trail in root.walk():
        items = [{"title": child.title, "url": child.url, "summary": "", "note": texts["sections"]} for child in section.sections]
        items += [link(pages[src]) for src in section.pages if src in pages]
        hub = _hub(
            f"{section.folder}/{section.slug}.md",
            "list.html",
            section.title,
            language,
            {"breadcrumb": _crumbs(trail[:-1], texts)},
        )
        yield from paginate(hub, items, texts)
    listed = sorted(
        (page for page in pages.values() if page.src not in INDEX), key=lambda page: (page.title.casefold(), page.src)
    )
    yield from paginate(
        _hub("all.md", "list.html", texts["all_guides"], language, {"breadcrumb": home}), [link(page) for page in listed], texts
    )
    yield _hub("search.md", "search.html", texts["search_page"], language, {"breadcrumb": home})
    yield _hub("404.md", "404.html", texts["notfound_title"], language, {"breadcrumb": []})
    if "offline.md" not in pages:  # their own page of this name stays theirs
        yield _hub("offline.md", "offline.html", texts["offline_title"], language, {"breadcrumb": []})
