"""Rules between the settings and what lies in the folders."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from guides.addresses import moved_pages
from guides.config_file import Tree, shape_of
from guides.engine.texts import FOLDER
from guides.problems import Problem, Severity, problem
from guides.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from guides.library import Library
    from guides.settings import Settings
    from guides.yamltext import Place


def configuration(settings: Settings, library: Library) -> Iterator[Problem]:
    """Demand that the settings name what is there."""
    yield from _interface_texts(settings)
    if settings.foreign:
        names = {f"{guide.id}.md": guide.source for guide in library.guides}
        yield from _moved(names)
        yield from _navigation(settings, names)
    else:
        yield from _folders(settings, library)


def _folders(settings: Settings, library: Library) -> Iterator[Problem]:
    for number, code in enumerate(settings.languages):
        folder = settings.folder(code)
        if folder.is_dir() or (not number and not library.guides):  # that there is no guide at all is told already
            continue
        path, line = settings.mark("extra", "helpstand", "languages", number)
        message = f"language '{code}' has no folder {settings.shown(folder)}. Make it, or take {code} out of languages"
        yield problem(path, line, "language-folder", message)


def _interface_texts(settings: Settings) -> Iterator[Problem]:
    there = sorted(path.stem for path in FOLDER.glob("*.json"))
    for number, code in enumerate(settings.languages):
        if code in there or code.split("-", maxsplit=1)[0] in there:
            continue
        place = ("theme", "language") if settings.foreign else ("extra", "helpstand", "languages", number)
        message = (
            f"Helpstand has no texts of its own in '{code}': its buttons and headings will be English. "
            f"There are: {', '.join(there)}. Add theme/site/languages/{code}.json"
        )
        path, line = settings.mark(*place)
        yield problem(path, line, "language-texts", message)


def _moved(names: dict[str, str]) -> Iterator[Problem]:
    for name, new in moved_pages(names).items():
        address = posixpath.splitext(name.replace("README", "index"))[0] + ".html"
        message = (
            f"the address '{address}' belongs to another page, so this page is at '{posixpath.splitext(new)[0]}.html'. "
            "Give the file another name"
        )
        yield replace(problem(names[name], 1, "id-reserved", message), severity=Severity.WARNING)


def _navigation(settings: Settings, names: Collection[str]) -> Iterator[Problem]:
    """Tell every entry of `nav` that leads to no page: the site's owner would look for it in vain."""
    if settings.nav is None:
        return
    if not isinstance(settings.nav, list):
        path, line = settings.mark("nav")
        message = f"'nav' must be a list of pages, not {shape_of(settings.nav)}. The site's folders take its place"
        yield problem(path, line, "nav-entry", message)
        return
    for place, value in _entries(settings.nav, ("nav",)):
        path, line = settings.mark(*place)
        if not isinstance(value, str):
            message = f"an entry of 'nav' is {shape_of(value)}, not a page. Name a page, or take it out"
            yield problem(path, line, "nav-entry", message)
        elif not (_is_address(value) or posixpath.normpath(value) in names or _is_file(settings, value)):
            cure = did_you_mean(value, names) or " Correct the path, or take it out"
            yield problem(path, line, "nav-entry", f"'nav' names '{value}', which is no page of this site.{cure}")


def _entries(items: list[Tree], place: Place) -> Iterator[tuple[Place, Tree]]:
    for number, item in enumerate(items):
        here = (*place, number)
        if not isinstance(item, dict) or not item:
            yield here, item
            continue
        for title, value in item.items():
            if isinstance(value, list):
                yield from _entries(value, (*here, title))
            else:
                yield (*here, title), value


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return True
    return bool(parts.scheme or parts.netloc) or value.startswith("/")


def _is_file(settings: Settings, value: str) -> bool:
    return not value.endswith(".md") and "\0" not in value and (settings.content / value).is_file()
