"""Kiosk and browser give the same answers, in the same order: to the shared sets, the golden questions, and hostile strings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category

import pytest
import yaml

from bench.engines_browser import HelpstandInChromium
from bench.host import Host
from bench.parity import Difference, differences, of_set, told
from bench.search_sets import find_sets, read_set
from bench.tab import Tab
from search_index import export
from search_index.export import FOLDER
from search_index.searcher import Searcher
from tests.search_index.hostile import HOSTILE, sample
from tests.search_index.search_sites import SETS, needs_sets

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GOLDEN = Path(__file__).resolve().parents[1] / "queries.yml"
NAMES = [path.name for path in find_sets(SETS)] if SETS.is_dir() else []


def test_a_sample_of_a_set_is_answered_alike(browser: Browser) -> None:
    """Every tenth question of a manual, in all variants."""
    needs_sets()
    count, found = of_set(read_set(SETS / "emanual-s10"), browser, every=10)
    assert count >= 15
    assert found == [], told(found)


def test_many_small_files_are_answered_alike(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, postings and passages in pieces, as from a thousand pages on; in German, whose compounds lead to other pieces."""
    needs_sets()
    monkeypatch.setattr(export, "WHOLE", 2_000)
    count, found = of_set(read_set(SETS / "xquad-de"), browser, every=60)
    assert count >= 60
    assert found == [], told(found)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_every_question_of_every_set_is_answered_alike(browser: Browser, name: str) -> None:
    """All variants: plain, mistyped, half-typed, keywords."""
    count, found = of_set(read_set(SETS / name), browser)
    assert count > 100
    assert found == [], told(found)


def differing(browser: Browser, shop: Path, questions: dict[str, list[str]]) -> list[Difference]:
    """Ask the demo shop's index and its export, language by language."""
    found: list[Difference] = []
    with Host(shop / "site") as host, Searcher.open(shop / "index") as searcher:
        for lang, texts in questions.items():
            with Tab(browser, host, path=f"{lang}/404.html") as tab:
                tab.run(HelpstandInChromium.OPEN, f"../{lang}/{FOLDER}")
                found += differences(Kiosk(searcher, lang), Opened(tab), texts)
    return found


@dataclass
class Kiosk:
    """The index of the demo shop in one language."""

    searcher: Searcher
    lang: str

    def answer(self, text: str) -> Any:
        """Return the kiosk's answer."""
        return self.searcher.search(text, self.lang)


@dataclass
class Opened:
    """The export of the demo shop in a tab."""

    tab: Tab

    def answers(self, texts: list[str]) -> Any:
        """Return the browser's answers."""
        return self.tab.run(HelpstandInChromium.ANSWERS, texts)


def golden(every: int) -> dict[str, list[str]]:
    """Return language -> every n-th golden question."""
    asked: dict[str, list[str]] = {}
    for one in yaml.safe_load(GOLDEN.read_text(encoding="utf-8")):
        asked.setdefault(one["lang"], []).append(one["text"])
    return {lang: texts[::every] for lang, texts in asked.items()}


def test_golden_questions_are_answered_alike(browser: Browser, demo_searched: Path) -> None:
    """Every fifth, in all languages, and hostile strings."""
    questions = golden(5)
    questions["en"] += [text for text in HOSTILE if len(text) < 2000]
    found = differing(browser, demo_searched, questions)
    assert found == [], told(found)


PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def comparable(text: str) -> bool:
    """Leave out what the two cannot both be told: halves that JavaScript joins, and characters newer than this Python."""
    return not PAIR.search(text) and all(category(letter) != "Cn" for letter in text)


@pytest.mark.long
def test_every_golden_question_is_answered_alike(browser: Browser, demo_searched: Path) -> None:
    """All of them, as typed and as far as each has been typed on the way; and generated strings."""
    questions = golden(1)
    for texts in questions.values():
        texts += [text[:length] for text in texts for length in (3, 6, 10, 15)]
    questions["en"] += filter(comparable, [*HOSTILE, *sample(2000, 3), "\ufeff", "\x85", "\ufeff kettle"])
    found = differing(browser, demo_searched, questions)
    assert found == [], told(found)
