"""Plain questions, written by somebody who had seen only the products' names, find their guide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guides.library import load_library
from guides.settings import load_settings
from search_index.searcher import Searcher

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {"questions": 14, "questions-2": 25}
"""How many are answered by the first page: 15 of 20 and 27 of 40 when search first ran on the whole demo shop, 26 since."""


def questions(name: str) -> list[dict[str, Any]]:
    """Return a list as it was written."""
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / f"tests/{name}.yml").read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOORS)
def test_the_right_guide_is_first(demo_index: Path, name: str) -> None:
    """Nearly as many questions as at first have their guide on top; every question finds something."""
    asked = questions(name)
    with Searcher.open(demo_index) as searcher:
        found = [(question, searcher.search(question["text"], "en")["results"]) for question in asked]
    assert [question["text"] for question, results in found if not results] == []
    right = sum(results[0]["id"] in question["answer"] for question, results in found)
    assert right >= FLOORS[name]


@pytest.mark.parametrize("name", FLOORS)
def test_every_answer_is_a_page(name: str) -> None:
    """A list of answers that names a page that is gone measures nothing."""
    settings = load_settings(ROOT / "mkdocs.yml")
    library = load_library(settings)[0]
    known = library.ids | {f"products/{product}" for product in library.products}
    assert [answer for question in questions(name) for answer in question["answer"] if answer not in known] == []
