"""Rules for files and folders: what they are called, and whether the build uses them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from guides.files import is_passed_over, linked_folders, walk
from guides.problems import Problem, problem
from guides.reading import file_problem
from guides.rules.site import MADE, MADE_FOLDERS, Site, at, language_name
from guides.suggest import did_you_mean
from guides.synonyms import SYNONYMS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from guides.guide import Guide
    from guides.settings import Settings

FOLDERS = {"products", "media", "snippets"}
_MORE = re.compile(r"(all|safety|products(-a-z|-models)?)-[0-9]+")
"""Further pages of long lists."""


def clashes(settings: Settings, files: dict[str, list[tuple[str, Path]]]) -> Iterator[Problem]:
    """Demand that no two files of a language have names that some file system takes for one."""
    for entries in files.values():
        seen: dict[str, Path] = {}
        for name, path in entries:
            folded = unicodedata.normalize("NFC", name.lower())
            first = seen.setdefault(folded, path)
            if first is not path:
                message = (
                    f"the name clashes with {settings.shown(first)}: they differ only in case or in the form of "
                    "letters. Rename one"
                )
                yield problem(settings.shown(path), 1, "id-clash", message)


def folders(settings: Settings) -> Iterator[Problem]:
    """Demand that every folder of guides is a language of the site, every file in it something that the build uses."""
    if settings.foreign or not settings.content.is_dir():
        return
    for path in sorted(settings.content.iterdir()):
        if is_passed_over(path.name) or path.name in FOLDERS or path.name in settings.languages or path.name == SYNONYMS_FILE:
            continue
        if path.is_dir():
            known = (*settings.languages, *sorted(FOLDERS))
            cure = did_you_mean(path.name, known) or f" Add it to the languages in {settings.config_file.name}, or move it"
            yield problem(
                settings.shown(path),
                1,
                "language-unknown",
                f"'{path.name}' is not a language of this site ({', '.join(settings.languages)}).{cure}",
            )
        else:
            cure = did_you_mean(path.name, [SYNONYMS_FILE]) or " Move it into the folder of a language"
            yield problem(settings.shown(path), 1, "file-ignored", f"the build does not use this file.{cure}")
    yield from _links(settings)
    for language in settings.languages:
        for path in walk(settings.folder(language)):
            if path.suffix != ".md":
                yield problem(settings.shown(path), 1, "file-ignored", f"the build does not use this file. {_cure(path)}")


def _links(settings: Settings) -> Iterator[Problem]:
    """Demand that pictures are files of the site, and folders real ones: the build follows no link to a folder."""
    for path in linked_folders(settings.content):
        message = f"this folder is a link to '{path.readlink()}', and the build does not follow it. Put a folder in its place"
        yield problem(settings.shown(path), 1, "folder-linked", message)
    for path in walk(settings.media):
        wrong = file_problem(path, settings.shown(path), settings.content)
        if wrong:
            yield wrong


def _cure(path: Path) -> str:
    if path.suffix.lower() in {".md", ".markdown", ".mdown", ".mkd", ".txt"}:
        return "Let its name end in .md"
    if path.name == SYNONYMS_FILE:
        return "The synonyms of all languages stand in one file, content/synonyms.yml"
    return "Pictures and videos belong into content/media"


def reserved(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a guide does not take the address of a page that Helpstand makes."""
    if guide.id in MADE or guide.id.split("/")[0] in MADE_FOLDERS or _MORE.fullmatch(guide.id):
        yield from at(
            guide,
            "id-reserved",
            f"Helpstand makes the page '{guide.id}' of {language_name(guide.language)} itself. Give the file another name",
        )


RULES = (reserved,)
