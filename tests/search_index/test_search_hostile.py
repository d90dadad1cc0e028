"""Any string gets an answer, quickly and without exception."""

# ruff: noqa: E501  (lists of samples read best one to a line)

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index.indexer import build_index
from search_index.searcher import Searcher
from tests.search_index.search_sites import KETTLE, needs_sets, set_pages, set_queries, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = [
    "", " ", "\x00", "\ud800", "\udfff\ud800 kettle", "\u200e\u200f\u202e", "x" * 100_000, "kettle " * 20_000, "(" * 500, "[" * 500, "*",
    "a*b?c", "[a TO z]", "[TO", "id:1", '"open quote', "'; DROP TABLE guides; --", "<script>alert(1)</script>", "😀🎉 kettle", "кеттле ケトル 水壺",
    "limescale\x00kettle", "AND OR NOT", "((kettle) OR", "kettle^99", "kettle~2", "\\", "%00", "../../etc/passwd", "{{7*7}}", "a" * 41, "1" * 256,
    "-_./+" * 50, "a-1." * 64, "½²³①", "\u0301" * 256, "İıßſ", "HS1VS-EF", "e\u0301" * 100, "𝒜𝒷𝒸", "٢٠٠ ك", "\n\t\r",
]  # fmt: skip


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Return an index of the small site."""
    folder = tmp_path_factory.mktemp("hostile")
    build_index(write_site(folder / "site", KETTLE), folder / "index")
    with Searcher.open(folder / "index") as found:
        yield found


def well_formed(searcher: Searcher, text: str, lang: str = "en") -> None:
    """Check that the answer has the promised form and can be sent."""
    given_ = searcher.search(text, lang)
    json.dumps(given_, ensure_ascii=False).encode("utf-8")
    assert len(given_["query"]) <= 256
    scores = [result["score"] for result in given_["results"]]
    assert len(scores) <= 10
    assert all(score >= 0 for score in scores)
    if not given_["results"] and given_["query"].strip():
        assert given_["zero_result_help"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_strings_are_answered(searcher: Searcher, text: str) -> None:
    """Brackets, wildcards, scripts, half characters: plain words or nothing, in 200 ms."""
    began = time.process_time()
    well_formed(searcher, text)
    assert time.process_time() - began < 0.2


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(), st.text(alphabet="aeiklmst -_./+0123456789ÄÖü\u0301\u00ad\ud800", max_size=300)))
def test_any_string_is_answered(searcher: Searcher, text: str) -> None:
    """No string raises, in either language."""
    well_formed(searcher, text)
    well_formed(searcher, text, "de")


@pytest.mark.slow
def test_big_pages_are_answered_in_time(tmp_path: Path) -> None:
    """4,000 device pages: every model number comes back (one of them hangs Whoosh's own search), and long questions too."""
    needs_sets()
    build_index(write_site(tmp_path / "site", {"en": set_pages("z2m4000")}), tmp_path / "index")
    slowest = 0.0
    with Searcher.open(tmp_path / "index") as searcher:
        frequent = "value found published state property write message topic payload minimum maximum unit battery device percent linkquality"
        for text in ["HS1VS-EF", f"{frequent} {frequent[::-1]}", *list(set_queries("z2m4000").values())[:60]]:
            began = time.process_time()
            well_formed(searcher, text)
            slowest = max(slowest, time.process_time() - began)
    assert slowest < 1.0  # the first question for a stem reads its postings; a loaded machine gets some grace
