"""What every rule may ask about the site as a whole."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from guides.problems import Problem, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from guides.guide import Guide
    from guides.library import Library
    from guides.settings import Settings
    from guides.trees.tree import Tree

    StopWords = Callable[[str], frozenset[str]]

NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "ar": "Arabic",
    "nl": "Dutch",
    "pl": "Polish",
}
"""Languages as messages call them; messages are in English."""


MADE = frozenset(("index", "search", "404", "all", "person", "safety", "offline", "products", "products-a-z", "products-models"))
"""Pages that Helpstand makes itself; long lists go on as `all-2` and so on."""
MADE_FOLDERS = frozenset(("products", "stages", "intents", "compare"))


def no_stop_words(_language: str) -> frozenset[str]:
    """Stand in for search where it is not asked."""
    return frozenset()


def language_name(code: str) -> str:
    """Return the English name of a language, else its code."""
    return NAMES.get(code.split("-", maxsplit=1)[0], code)


@dataclass(frozen=True)
class Site:
    """What was read, and the day on which it is looked at."""

    settings: Settings
    library: Library
    today: date
    files: dict[str, dict[str, Path]] = field(default_factory=dict)
    """Every Markdown file by language and ID, also those whose front matter is broken."""

    stop_words: StopWords = no_stop_words
    """The words of a language that search passes over."""

    checked: dict[str, bool] = field(default_factory=dict)
    """Files that rules asked for: hundreds of pages show the same picture."""

    @property
    def media(self) -> str:
        """Where pictures belong, as messages say it."""
        return "the site's own folder" if self.settings.foreign else self.settings.shown(self.settings.media)

    def is_file(self, path: str) -> bool:
        """Tell whether there is a file."""
        if path not in self.checked:
            self.checked[path] = "\0" not in path and os.path.isfile(path)  # noqa: PTH113 - never raises, and is asked 10,000 times
        return self.checked[path]

    @cached_property
    def every_guide(self) -> tuple[Guide, ...]:
        """Every guide that has a text, also those whose front matter is broken."""
        return (*self.library.guides, *self.library.broken)

    def get(self, language: str, guide_id: str) -> Guide | None:
        """Return a guide in a language, be its front matter broken or not."""
        return self._by_place.get((language, guide_id))

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], Guide]:
        return {(guide.language, guide.id): guide for guide in reversed(self.every_guide)}

    def broken_of(self, product: str, language: str) -> list[Guide]:
        """Return the guides with broken front matter that may belong to a product."""
        return [
            guide
            for guide in self.library.broken
            if guide.language == language and (product in guide.front.product or not guide.front.product)
        ]

    @cached_property
    def alias_owners(self) -> dict[tuple[str, str, str], str]:
        """The first guide that holds an alias, by language, product and folded alias."""
        found: dict[tuple[str, str, str], str] = {}
        for guide in sorted(self.every_guide, key=lambda guide: guide.id):
            for alias in guide.front.aliases:
                for product in guide.front.product:
                    found.setdefault((guide.language, product, folded(alias)), guide.id)
        return found

    @cached_property
    def redirect_owners(self) -> dict[tuple[str, str], str]:
        """The first guide that an old address leads to, by language and folded ID."""
        found: dict[tuple[str, str], str] = {}
        for guide in sorted(self.every_guide, key=lambda guide: guide.id):
            for old in guide.front.redirect_from:
                found.setdefault((guide.language, old.casefold()), guide.id)
        return found

    @cached_property
    def addresses(self) -> dict[tuple[str, str], str]:
        """The ID of each page that is written, by language and folded ID: some hosts do not tell large letters from small."""
        return {(language, name.casefold()): name for language, files in self.files.items() for name in files}

    def shown(self, language: str, guide_id: str) -> Guide | None:
        """Return the guide that readers of a language get: their own, else the source language's."""
        own = self.get(language, guide_id)
        if own is not None and (own.public or own in self.library.broken):
            return own
        source = self.get(self.library.languages[0], guide_id)
        return source if source is not None and (own is None or source.public) else own

    def tree_shown(self, language: str, guide_id: str) -> Tree | None:
        """Return the troubleshooter that readers of a language get behind an ID; None for every other page, and for menus."""
        guide = self.shown(language, guide_id)
        return guide.tree if guide is not None and guide.tree and not guide.tree.menu else None

    def exists(self, language: str, guide_id: str) -> bool:
        """Tell whether there is a file for a guide, readable or not."""
        return guide_id in self.files.get(language, {}) or self.get(language, guide_id) is not None

    def is_made(self, guide_id: str) -> bool:
        """Tell whether Helpstand makes the page itself: hubs of products and stages, home, search."""
        if guide_id in MADE:
            return True
        folder, _, rest = guide_id.partition("/")
        if folder == "products":
            return rest.split("/")[0] in self.product_ids
        return folder in MADE_FOLDERS and bool(rest)

    def near(self, language: str, guide_id: str) -> list[str]:
        """Return the IDs that a wrong one can mean: those of its folder, and those of its name in other folders."""
        folder, _, name = guide_id.rpartition("/")
        # Of thousands of pages most cannot be meant, and comparing letters is slow.
        beside = self._by_folder.get((language, folder), [])
        if len(beside) > 200:
            begin = f"{folder}/{name[:3]}" if folder else name[:3]
            beside = [one for one in beside if one.startswith(begin)]
        return [*beside, *self._by_name.get((language, name), ())]

    @cached_property
    def _by_folder(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for language, files in self.files.items():
            for guide_id in files:
                found.setdefault((language, guide_id.rpartition("/")[0]), []).append(guide_id)
        return found

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for language, files in self.files.items():
            for guide_id in files:
                found.setdefault((language, guide_id.rpartition("/")[2]), []).append(guide_id)
        return found

    @cached_property
    def product_ids(self) -> frozenset[str]:
        """Every product that has a file, readable or not."""
        written = {key.partition("/")[2] for key in self.library.texts if key.startswith("products/")}
        return frozenset(self.library.products) | written

    @cached_property
    def item_ids(self) -> frozenset[str]:
        """Every accessory and consumable of every product, and the products themselves."""
        read = {item.id for product in self.library.products.values() for item in product.items}
        return frozenset(read | self._items_as_typed | self.product_ids)

    @cached_property
    def _items_as_typed(self) -> set[str]:
        """The accessories and consumables of products whose files have mistakes."""
        lists = [
            self.library.texts[f"products/{name}"].data.get(key)
            for name in self.product_ids - set(self.library.products)
            for key in ("accessories", "consumables")
        ]
        entries = [entry for value in lists if isinstance(value, list | dict) for entry in value]
        return {str(entry.get("id")) if isinstance(entry, dict) else str(entry) for entry in entries}

    @cached_property
    def every_item_known(self) -> bool:
        """Tell whether every product file could be read far enough to say what belongs to the product."""
        return not any(text.problems and not text.data for key, text in self.library.texts.items() if key.startswith("products/"))


def folded(text: str) -> str:
    """Return a phrase as two writers of the same one would both have it."""
    return " ".join(text.casefold().split())


def at(guide: Guide, rule: str, message: str, *place: str | int) -> Iterator[Problem]:
    """Yield one problem at a key of a guide's front matter."""
    yield problem(guide.source, guide.line_of(*place), rule, message)
