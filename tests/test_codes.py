"""What a display shows, and what a scanner reads, leads to its page first."""

from __future__ import annotations

from pathlib import Path

import pytest

from guides.library import load_library
from guides.settings import load_settings
from guides.vocabulary import GuideType
from search_index.searcher import Searcher
from tests.engine.conftest import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_code_and_barcode_finds_its_page_first(demo_index: Path, language: str) -> None:
    """A code alone finds a page of type error that declares it, the product's own where a product is chosen."""
    library, _ = load_library(load_settings(ROOT / "mkdocs.yml"))
    errors = [guide for guide in library.by_language(language) if guide.public and guide.front.type is GuideType.ERROR]
    with Searcher.open(demo_index) as searcher:
        asked = 0
        for guide in errors:
            for code in guide.front.codes:
                first = searcher.search(code, language)["results"][0]["id"]
                assert first in {other.id for other in errors if code in other.front.codes}
                for owner in guide.front.product:
                    assert searcher.search(code, language, owner)["results"][0]["id"] == guide.id
                asked += 1
        for product_id, product in library.products.items():
            for gtin in product.gtin:
                assert searcher.search(gtin, language)["results"][0]["id"] == f"products/{product_id}"
                asked += 1
    assert asked > 20


def test_a_symptom_opens_the_question_that_knows_it(demo_index: Path) -> None:
    """A code that is only an answer of a troubleshooter opens it where that answer leads."""
    with Searcher.open(demo_index) as searcher:
        found = {
            query: {result["id"]: result["url"] for result in searcher.search(query, "en", "washer")["results"]}
            for query in ("E30", "E18", "fuse goes")
        }
    tree = "washer/stops-in-the-middle"
    assert found["E30"][tree] == f"en/{tree}.html#leak"
    assert found["E18"][tree] == f"en/{tree}.html#hose"
    assert found["fuse goes"][tree] == f"en/{tree}.html#stop-fuse"
