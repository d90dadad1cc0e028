"""Why a page stands where it does, and which golden questions fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_index.corpus import analyse
from search_index.documents import Document, Section
from search_index.explain import explain
from search_index.golden import GoldenError, misses, read_questions
from search_index.indexer import build_index
from search_index.memory import MemorySource
from search_index.ranking import Ranker
from search_index.searcher import Searcher


def test_the_parts_of_a_score_are_told() -> None:
    """What each word gave, by which stem, what the best alias gave, and what the page lacks."""
    documents = [
        Document("a", "en/a.html", "Descale", aliases=("white bits",), sections=(Section("", "", "Remove limescale."),)),
        Document("b", "en/b.html", "Other", sections=(Section("", "", "kettle"),)),
    ]
    source = MemorySource(analyse("en", documents))
    [first] = explain(source, Ranker(source), "descaling white bits kettle ", limit=1)
    assert (first["id"], first["exact"]) == ("a", 0)
    found = {word["word"]: word["found"] for word in first["words"]}
    assert found == {"descaling": "descal", "white": "white", "bits": "bit", "kettle": ""}
    assert first["alias"] > 0
    assert 0.5 < first["share"] < 1
    titles = {word["word"]: word["title"] > 0 for word in first["words"]}
    assert titles == {"descaling": True, "white": False, "bits": False, "kettle": False}


def test_questions_that_fail_are_listed(kettle_site: Path, tmp_path: Path) -> None:
    """With the place of their page, and what stood first; languages that are not there and empty answers are not asked."""
    file = tmp_path / "queries.yml"
    file.write_text(
        '- {text: "limescale", lang: en, answer: [kettle/descale]}\n'
        '- {text: "sensor limescale limescale", lang: en, answer: [kettle/error-e24]}\n'
        '- {text: "wifi", lang: en, answer: [kettle/descale]}\n'
        '- {text: "nothing", lang: en, answer: []}\n- {text: "rien", lang: fr, answer: [kettle/descale]}\n'
    )
    build_index(kettle_site, tmp_path / "index")
    with Searcher.open(tmp_path / "index") as searcher:
        found = [(miss.text, miss.place, miss.first) for miss in misses(searcher, read_questions(file))]
    assert [(text, place > 0) for text, place, _ in found] == [("sensor limescale limescale", True), ("wifi", False)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "there is no such file"),
        ("", "a list of questions is wanted"),
        ("a: 1", "a list of questions is wanted"),
        ("- {text: a}\n- {text: b, lang: en, answer: x}", "entries 1, 2 lack"),
        ("[", "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str | None, words: str) -> None:
    """Place and cause, for whoever wrote it."""
    file = tmp_path / "queries.yml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(GoldenError, match=words):
        read_questions(file)
