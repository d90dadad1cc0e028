"""All guides, products and stores of a site, and every way to look them up."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from guides.guide import Guide
from guides.problems import Problem, problem
from guides.products import Product
from guides.reading import read_guides, read_yaml_file, read_yaml_files
from guides.stores import Store
from guides.synonyms import NO_SYNONYMS, SYNONYMS_FILE, Synonyms
from guides.targets import Kind, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from guides.settings import Settings
    from guides.vocabulary import Stage
    from guides.yamltext import YamlText

__all__ = ["Guide", "Library", "load_library"]


@dataclass(frozen=True)
class Library:
    """Everything that could be read; guides are sorted by language and ID."""

    guides: tuple[Guide, ...]
    products: dict[str, Product]
    stores: dict[str, Store]
    languages: tuple[str, ...]
    """Codes, source language first."""
    texts: dict[str, YamlText] = field(default_factory=dict, compare=False, repr=False)
    """Product and store files as typed, by folder and ID: `products/kettle`; and `synonyms`. Unreadable ones are here too."""
    broken: tuple[Guide, ...] = ()
    """Guides whose front matter has mistakes: never built, but checked. Their `front` holds the keys that could be read."""
    synonyms: Synonyms = NO_SYNONYMS

    def get(self, language: str, guide_id: str) -> Guide | None:
        """Return a guide in a language."""
        return self._by_place.get((language, guide_id))

    def by_language(self, language: str) -> tuple[Guide, ...]:
        """Return the guides of a language."""
        return self._languages.get(language, ())

    def by_product(self, product: str, language: str | None = None) -> tuple[Guide, ...]:
        """Return the guides of a product."""
        return _in(self._products.get(product, ()), language)

    def by_stage(self, stage: Stage | str, language: str | None = None) -> tuple[Guide, ...]:
        """Return the guides of a stage."""
        return _in(self._stages.get(str(stage), ()), language)

    def by_symptom(self, symptom: str, language: str | None = None) -> tuple[Guide, ...]:
        """Return the guides that name a symptom, whatever its case."""
        return _in(self._symptoms.get(symptom.casefold(), ()), language)

    def by_code(self, code: str, language: str | None = None) -> tuple[Guide, ...]:
        """Return the guides that name a code of the display, whatever its case."""
        return _in(self._codes.get(code.casefold(), ()), language)

    def translations(self, guide_id: str) -> dict[str, Guide]:
        """Return a guide in each language that has it, source language first."""
        found = ((language, self.get(language, guide_id)) for language in self.languages)
        return {language: guide for language, guide in found if guide}

    def backlinks(self, guide_id: str) -> tuple[str, ...]:
        """Return the IDs of the guides that link to a guide, in any language."""
        return self._backlinks.get(guide_id, ())

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every ID, in whatever language."""
        return frozenset(guide.id for guide in self.guides)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], Guide]:
        return {(guide.language, guide.id): guide for guide in self.guides}

    @cached_property
    def _languages(self) -> dict[str, tuple[Guide, ...]]:
        return _index(self.guides, lambda guide: (guide.language,))

    @cached_property
    def _products(self) -> dict[str, tuple[Guide, ...]]:
        return _index(self.guides, lambda guide: guide.front.product)

    @cached_property
    def _stages(self) -> dict[str, tuple[Guide, ...]]:
        return _index(self.guides, lambda guide: (str(guide.front.stage),) if guide.front.stage else ())

    @cached_property
    def _symptoms(self) -> dict[str, tuple[Guide, ...]]:
        return _index(self.guides, lambda guide: (symptom.casefold() for symptom in guide.front.symptoms))

    @cached_property
    def _codes(self) -> dict[str, tuple[Guide, ...]]:
        return _index(self.guides, lambda guide: (code.casefold() for code in guide.front.codes))

    @cached_property
    def _backlinks(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for guide in self.guides:
            targets = set(guide.front.related)
            targets |= {target.id for link in guide.page.links if (target := resolve(guide.id, link.target)).kind is Kind.PAGE}
            for target_id in targets - {guide.id}:
                found.setdefault(target_id, set()).add(guide.id)
        return {target: tuple(sorted(sources)) for target, sources in found.items()}


def _in(guides: tuple[Guide, ...], language: str | None) -> tuple[Guide, ...]:
    return guides if language is None else tuple(guide for guide in guides if guide.language == language)


def _index(guides: Iterable[Guide], keys: Callable[[Guide], Iterable[str]]) -> dict[str, tuple[Guide, ...]]:
    found: dict[str, dict[tuple[str, str], Guide]] = {}
    for guide in guides:
        for key in keys(guide):
            found.setdefault(key, {})[guide.language, guide.id] = guide
    return {key: tuple(places.values()) for key, places in found.items()}


def load_library(settings: Settings) -> tuple[Library, list[Problem]]:
    """Read everything of a site, and say what cannot be read. Never raises for bad content."""
    guides: list[Guide] = []
    broken: list[Guide] = []
    problems: list[Problem] = []
    for language in settings.languages:
        for guide, wrong in read_guides(settings, language):
            problems += wrong
            if guide:
                (broken if wrong else guides).append(guide)
    # Two files whose names differ only in the form of letters are one ID; the check says so, the first one stands.
    unique = {(guide.language, guide.id): guide for guide in reversed(guides)}
    guides = [unique[place] for place in sorted(unique)]
    products: dict[str, Product] = {}
    stores: dict[str, Store] = {}
    written: dict[str, YamlText] = {}
    synonyms = NO_SYNONYMS
    if not settings.foreign:
        products, product_texts, wrong_products = read_yaml_files(settings, settings.content / "products", Product)
        stores, store_texts, wrong_stores = read_yaml_files(settings, settings.stores, Store)
        problems += wrong_products + wrong_stores
        written = {f"products/{name}": text for name, text in product_texts.items()}
        written |= {f"stores/{name}": text for name, text in store_texts.items()}
        read, written["synonyms"], wrong_synonyms = read_yaml_file(settings, settings.content / SYNONYMS_FILE, Synonyms)
        synonyms = read or synonyms
        problems += wrong_synonyms
    if not guides and not problems:
        problems.append(_empty(settings))
    library = Library(tuple(guides), products, stores, settings.languages, written, tuple(broken), synonyms)
    return library, sorted(problems)


def _empty(settings: Settings) -> Problem:
    folder: Path = settings.folder(settings.source_language)
    state = "holds no guide" if folder.is_dir() else "does not exist"
    cure = "Add a Markdown file" if settings.foreign else "Make a first guide with `./helpstand new`"
    return problem(settings.shown(folder), 1, "content-empty", f"the folder of guides {state}. {cure}")
