"""Golden questions (queries.yml): asked as shoppers do, before search had seen one; answered by reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guides.library import load_library
from guides.settings import load_settings
from search_index.searcher import Searcher

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {"en": (0.65, 0.86), "de": (0.69, 0.86), "es": (0.40, 0.48), "fr": (0.38, 0.41), "it": (0.38, 0.52)}
"""Share whose page is first, and among the first five; about two points below what was measured. Spanish, French and Italian have
28 of 169 guides: half of their questions have no page in their language."""
LEAST = {"en": 100, "de": 100, "es": 30, "fr": 30, "it": 30}


def questions() -> list[dict[str, Any]]:
    """Return all of them."""
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/queries.yml").read_text(encoding="utf-8"))
    return found


def test_there_are_enough_and_each_answer_is_a_page() -> None:
    """A list of answers that names a page that is gone measures nothing."""
    library = load_library(load_settings(ROOT / "mkdocs.yml"))[0]
    known = library.ids | {f"products/{product}" for product in library.products}
    asked = questions()
    assert [answer for question in asked for answer in question["answer"] if answer not in known] == []
    assert {question["product"] for question in asked} - {None} <= set(library.products)
    for lang, least in LEAST.items():
        assert sum(question["lang"] == lang for question in asked) >= least


@pytest.mark.slow
@pytest.mark.parametrize("lang", FLOORS)
def test_questions_find_their_page(demo_index: Path, lang: str) -> None:
    """As often as when it was measured; whoever makes search worse must see it here."""
    asked = [question for question in questions() if question["lang"] == lang and question["answer"]]
    first = among_five = 0
    with Searcher.open(demo_index) as searcher:
        for question in asked:
            found = [result["id"] for result in searcher.search(question["text"], lang)["results"]]
            first += found[:1] != [] and found[0] in question["answer"]
            among_five += bool(set(found[:5]) & set(question["answer"]))
    assert first / len(asked) >= FLOORS[lang][0]
    assert among_five / len(asked) >= FLOORS[lang][1]
