"""Every troubleshooter and menu once more for telephones and keypads: VoiceXML and JSON, below `voice/`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from guides.engine.page import href, url_of
from guides.trees.keypad import keypad, languages
from guides.trees.voicexml import LANGUAGES, voice, voice_languages

if TYPE_CHECKING:
    from pathlib import Path

    from guides.engine.page import LanguagePlan
    from guides.guide import Guide
    from guides.library import Library
    from guides.settings import Settings
    from guides.trees.tree import Tree

FOLDER = "voice"


def write_voice(settings: Settings, library: Library, plans: dict[str, LanguagePlan], site: Path) -> None:
    """Write what is translated: nobody hears a language that they did not choose."""
    offered: list[tuple[str, str]] = []
    menu = next((guide.id for guide in _trees(library, library.languages[0]) if guide.tree and guide.tree.menu), "")
    for language, plan in plans.items():
        written = _Voice(settings, library, plan, home=bool(menu))
        for guide in _trees(library, language):
            written.write(guide, site / FOLDER / language)
        if menu and menu in {guide.id for guide in _trees(library, language)}:
            offered.append((language, plan.texts["voice_language"].format(digit=len(offered) + 1)))
    if offered:
        first = languages(menu, offered)
        _write(site / FOLDER / LANGUAGES, voice_languages(first, plans[offered[0][0]].texts["voice_person"]))
        _write(site / FOLDER / LANGUAGES.replace(".vxml", ".json"), _json(first))


def _trees(library: Library, language: str) -> list[Guide]:
    return [guide for guide in library.by_language(language) if guide.public and guide.tree and guide.tree.nodes]


class _Voice:
    """One language's exports."""

    def __init__(self, settings: Settings, library: Library, plan: LanguagePlan, *, home: bool) -> None:
        self._settings = settings
        self._library = library
        self._plan = plan
        self._home = home

    def write(self, guide: Guide, folder: Path) -> None:
        """Write one tree as JSON and as VoiceXML."""
        if guide.tree is None:
            return
        data = keypad(guide.tree, self._tree, self._title, self._address)
        _write(folder / f"{guide.id}.json", _json(data))
        _write(folder / f"{guide.id}.vxml", voice(data, self._plan.texts, home=self._home))

    def _tree(self, guide_id: str) -> Tree | None:
        guide = self._library.get(self._plan.language, guide_id)
        return guide.tree if guide is not None and guide.public else None

    def _title(self, guide_id: str) -> str:
        page = self._plan.pages.get(f"{guide_id}.md")
        return page.title if page else guide_id

    def _address(self, guide_id: str, anchor: str) -> str:
        if not self._settings.site_url:
            return ""
        address = f"{self._settings.site_url}{self._plan.language}/{href(url_of(f'{guide_id}.md'))}"
        return f"{address}#{quote(anchor)}" if anchor else address


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
