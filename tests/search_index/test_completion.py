"""Whole words for the beginning of one: the most frequent first, as people write them."""

from search_index.completion import complete
from search_index.source import Words


def words() -> Words:
    """Give a handful of words; the last is one that nobody searches for."""
    known = ["abkuhlen", "cool", "descale", "descaling", "desk", "de", "lime", "the", "two"]
    return Words(
        words=known, frequencies=[3, 2, 9, 4, 1, 50, 7, 99, 5], stem_of={}, stop=frozenset(["the"]), endings=(), respell=(),
        forms={"abkuhlen": "abkühlen"},
    )  # fmt: skip


def test_keys_stand_for_all_their_letters() -> None:
    """3-3-7-2 is the beginning of descale: its digits and letters may be mixed."""
    assert complete(words(), ["3def", "3def", "7pqrs"]) == ["descale", "descaling", "desk"]
    assert complete(words(), ["d", "e", "7pqrs", "2abc"]) == ["descale", "descaling"]


def test_words_come_with_their_accents_and_are_found_without() -> None:
    """What is offered is how it is written."""
    assert complete(words(), ["a", "b", "k"]) == ["abkühlen"]
    assert complete(words(), ["a", "b", "k", "8tuvü"]) == ["abkühlen"]


def test_nothing_is_offered_for_nothing() -> None:
    """No beginning, no words that are too short or that search leaves out, no endless beginning."""
    assert complete(words(), []) == []
    assert complete(words(), ["8tuv", "4ghi"]) == []
    assert complete(words(), ["d"] * 60) == []
    assert complete(words(), ["3def"], limit=1) == ["descale"]
