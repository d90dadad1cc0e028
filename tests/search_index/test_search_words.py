"""Compounds, common words, synonyms, whole aliases, scripts without spaces; what the answer says about itself."""

from __future__ import annotations

from typing import Any

import pytest

from search_index.analysis import split_words, tokens
from search_index.answer import answer
from search_index.common_words import COMMON_WORDS
from search_index.corpus import analyse
from search_index.documents import Document, Section
from search_index.languages import STOP_WORDS, common_words, stop_words
from search_index.memory import MemorySource
from search_index.query import understand
from search_index.ranking import Ranker
from search_index.source import akin, split


def shelf(code: str, *documents: Document, synonyms: tuple[tuple[str, ...], ...] = ()) -> tuple[MemorySource, Ranker]:
    """Return an index in memory."""
    source = MemorySource(analyse(code, sorted(documents, key=lambda document: document.id), (), synonyms))
    return source, Ranker(source)


def guide(name: str, title: str, text: str = "", **more: Any) -> Document:
    """Return a page of one section."""
    return Document(name, f"x/{name}.html", title, sections=(Section("", "", text),), **more)


def ids(found: tuple[MemorySource, Ranker], text: str, **more: Any) -> list[str]:
    """Return the ids found, best first."""
    return [result["id"] for result in answer(found[0], found[1], text, "x", **more)["results"]]


GERMAN = (
    guide("a-cartridge", "Druckerpatrone wechseln", "Nehmen Sie die alte Patrone heraus. Ein Drucker braucht Tinte."),
    guide("b-dryer", "Wäsche trocknen", "Der Trockner steht im Keller."),
    guide("c-fuse", "Sicherung prüfen", "Im Kasten neben der Tür. Die Tinte fehlt."),
)


def test_a_compound_is_found_by_its_end_and_by_its_parts() -> None:
    """Somebody says half of a word, or a longer word than the page."""
    found = shelf("de", *GERMAN)
    assert ids(found, "Patrone ")[0] == "a-cartridge"
    assert ids(found, "Sicherungskasten ")[0] == "c-fuse"  # nobody wrote that word
    assert split("sicherungskasten", found[0].words) == ("sicherung", "kasten")
    assert ids(found, "Wäschetrockner ")[0] == "b-dryer"


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("sell", "seller", True), ("privaci", "privat", True), ("analysi", "analyt", True), ("back", "backup", True),
     ("clean", "clear", False), ("cat", "cats", False), ("contain", "content", False), ("char", "charcoal", False)],
)  # fmt: skip
def test_families_of_words(one: str, other: str, near: bool) -> None:
    """Stems that begin alike, for most of their length."""
    assert akin(one, other) is near
    assert akin(other, one) is near


def test_words_of_one_family_are_found_and_the_word_itself_first() -> None:
    """A page about "sellers" answers who wants to "sell", unless another says "sell"."""
    found = shelf("en", guide("a", "Become a seller", "Join."), guide("b", "Sell it", "Join."), guide("c", "Delivery", "Join."))
    assert ids(found, "how do I sell ") == ["b", "a"]
    assert ids(found, "deliverd ") == ["c"]


def test_only_languages_with_compounds_look_for_their_ends() -> None:
    """English "late" is not what "chocolate" ends in."""
    found = shelf("en", guide("a", "Chocolate", "Sweet."), guide("b", "Late delivery", "Wait."))
    assert ids(found, "late ") == ["b"]


def test_a_common_word_counts_for_little_and_is_no_slip() -> None:
    """Neither does "people" beat the word that matters, nor is "kind" a "king"."""
    found = shelf("en", guide("a", "People", "people people people"), guide("b", "Limescale", "king"))
    assert ids(found, "why do people get limescale ")[0] == "b"
    assert ids(found, "kind ") == []


def test_lists_of_words_are_folded_and_apart() -> None:
    """A word with an accent in a list would never be met."""
    for lists in (STOP_WORDS, COMMON_WORDS):
        for code, words in lists.items():
            wrong = [word for word in words.split() if split_words(word) != [word]]
            assert wrong == [], code
    for code in COMMON_WORDS:
        assert not common_words(code) & stop_words(code)


SAME = (("leccy", "electricity"), ("seal", "rubber ring"))


def test_a_word_of_shoppers_finds_the_word_of_the_guide() -> None:
    """One word for another, one for several, and several for one; a word that nobody wrote is not corrected first."""
    documents = (
        guide("a", "Electricity", "What it uses."),
        guide("b", "Change the seal", "Pull it out."),
        guide("c", "Lucky", "x"),
    )
    found = shelf("en", *documents, synonyms=SAME)
    assert ids(found, "how much leccy ") == ["a"]
    assert ids(found, "rubber ring ") == ["b"]
    assert ids(found, "new rubber rings for it ") == ["b"]
    other = shelf("en", guide("a", "Rubber ring", "Round."), guide("b", "Door", "x"), synonyms=SAME)
    assert ids(other, "seals ") == ["a"]


def test_the_typed_word_beats_its_synonym() -> None:
    """A writer's group must not lead away from what was asked."""
    found = shelf("en", guide("a", "Seal", "One."), guide("b", "Gasket", "One."), synonyms=(("seal", "gasket"),))
    assert ids(found, "gasket ")[0] == "b"
    assert set(ids(found, "gasket ")) == {"a", "b"}


def test_one_whole_alias_beats_words_from_several() -> None:
    """Words that stand together in one question of a customer mean more than the same words scattered."""
    found = shelf(
        "en",
        guide("a", "One", aliases=("white bits in water", "tap is loud")),
        guide("b", "Two", aliases=("white tap", "bits are loud", "cold water")),
    )
    assert ids(found, "white bits in my water ")[0] == "a"


def test_a_script_without_spaces_is_found_by_pairs() -> None:
    """Chinese and Japanese: any two letters beside each other, and their places for the marks."""
    assert [token.word for token in tokens("水垢除去 AK-200")] == ["水垢", "垢除", "除去", "ak", "200", "ak200"]
    assert [(token.start, token.end) for token in tokens("除去する")] == [(0, 2), (1, 3), (2, 4)]
    found = shelf("ja", guide("a", "水垢を除去する", "クエン酸を入れます。"), guide("b", "電池を交換する", "ふたを開けます。"))
    assert ids(found, "水垢の除去方法")[0] == "a"
    assert ids(found, "電池")[0] == "b"
    [first, *_] = answer(found[0], found[1], "クエン酸", "ja")["results"]
    assert "クエン酸" in "".join(piece["text"] for piece in first["passage"] if piece["mark"])


def test_results_can_be_narrowed_and_say_by_what() -> None:
    """Counts stay what they are when a choice is made, so that another can be taken instead."""
    documents = (
        guide("a", "Clean the filter", product="kettle", stage="maintain"),
        guide("b", "Clean the drum", product="washer", stage="maintain"),
        guide("c", "Clean up", product="washer", stage="use"),
        guide("products/washer", "Washer", product="washer", type="product"),
    )
    source, ranker = shelf("en", *documents)
    whole = answer(source, ranker, "clean ", "en")
    assert whole["facets"] == {
        "products": [{"id": "washer", "title": "Washer", "count": 2}, {"id": "kettle", "title": "kettle", "count": 1}],
        "stages": [{"id": "maintain", "title": "maintain", "count": 2}, {"id": "use", "title": "use", "count": 1}],
    }
    some = answer(source, ranker, "clean ", "en", product="washer", stage="maintain")
    assert [result["id"] for result in some["results"]] == ["b"]
    assert some["facets"] == whole["facets"]


@pytest.mark.parametrize(
    ("text", "clear"),
    [("E24 ", True), ("limescale ", True), ("clean ", False), ("nothing of it ", False)],
)
def test_an_answer_is_clear_or_not(text: str, clear: bool) -> None:
    """By its number, or when no other page has nearly as much of the question."""
    source, ranker = shelf(
        "en",
        guide("a", "Limescale", "limescale limescale"),
        guide("b", "Clean the drum", "clean it"),
        guide("c", "Clean the brush", "clean it"),
        guide("d", "Code", codes=("E24",)),
        guide("e", "Another code", "E24 E24 E24"),
    )
    assert answer(source, ranker, text, "en")["clear"] is clear


def test_no_question_with_a_known_word_is_left_without_an_answer() -> None:
    """Common words and stop words alone find something too, if a page has them."""
    source, ranker = shelf("en", guide("a", "What is it", "use it"), guide("b", "Lamp", "on"))
    assert ids((source, ranker), "what is it ")
    assert ids((source, ranker), "use ")
    assert understand("use", source.words).groups
