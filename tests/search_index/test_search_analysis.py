"""Analysis: folding, runs, part numbers, stems."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import analysis
from search_index.analysis import clean, fold, runs, split_words, tokens
from search_index.languages import STEMMERS, STOP_WORDS, stop_words
from search_index.stems import endings, kin, stem_function


def said(text: str, stop: frozenset[str] = frozenset()) -> list[str]:
    """Return just the words."""
    return [token.word for token in tokens(text, stop)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Größe", "grosse"),
        ("ÉTÉ", "ete"),
        ("e\u0301te\u0301", "ete"),
        ("İstanbul", "istanbul"),
        ("ﬁlter", "filter"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_folding_drops_case_and_accents(text: str, folded: str) -> None:
    """Case, accents and width do not keep a word from being found."""
    assert fold(text) == folded


def test_folding_leaves_no_capital_of_any_script() -> None:
    """NFKD before and after lower-casing: letters that only decompose into capitals are lowered too."""
    left = [code for code in range(0x20000) if not 0xD800 <= code < 0xE000 and fold(chr(code)).lower() != fold(chr(code))]
    assert left == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("AK-200", ["ak", "200", "ak200"]),
        ("ts0601_dimmer_3", ["ts0601", "dimmer", "3", "ts0601dimmer3"]),
        ("Innr BE 220", ["innr", "be", "220", "be220"]),
        ("Wi-Fi", ["wi", "fi", "wifi"]),
        ("a-b-c-d", ["a", "b", "c", "d"]),
        ("des\u00adcale", ["descale"]),
        ("Kettle™ ½ cup", ["kettle", "1", "2", "cup"]),
        ("won't", ["won", "t"]),
        ("x" * 50, ["x" * 40]),
        ("\u200b\u0301", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    """Part numbers stand there whole and in parts; invisible characters never split a word."""
    assert said(text) == words


def test_a_number_in_prose_is_not_glued_to_a_small_stop_word() -> None:
    """"to 10" in a guide is no part number, "BE 220" is."""  # fmt: skip
    assert "to10" not in said("heat to 10 degrees", stop_words("en"))
    assert "be220" in said("Innr BE 220", stop_words("en"))


def test_words_of_runs_point_into_the_text() -> None:
    """Every token says where it stands in the text as written."""
    text = "Die Größe: AK-200."
    assert [text[token.start : token.end] for token in tokens(text)] == ["Die", "Größe", "AK", "200", "AK-200"]


@given(st.text())
def test_the_fast_way_gives_the_same_words(text: str) -> None:
    """Indexing and marking see the same words."""
    stop = stop_words("en")
    assert split_words(text, stop) == [token.word for line in text.split("\n") for token in tokens(line, stop)]


@given(st.text())
def test_any_text_is_cut_into_runs_that_follow_each_other(text: str) -> None:
    """Runs never overlap and never lie outside the text."""
    at = 0
    for run in runs(text):
        assert at <= run.start < run.end <= len(text)
        at = run.end


def test_every_character_that_folds_to_a_digit_takes_the_careful_way() -> None:
    """The quick look for digits overlooks none."""
    assert not [
        hex(code)
        for code in range(0x30000)
        if analysis.has_digit(fold(unicodedata.normalize("NFKD", chr(code)))) and not analysis._MAYBE_JOINED.search(chr(code))
    ]


def test_memory_stays_flat_under_new_words() -> None:
    """Words of hostile queries do not pile up for ever."""
    for number in range(analysis.MOST_FOLDINGS + 100):
        analysis.folded_words(f"w{number}")
    assert len(analysis._foldings) <= analysis.MOST_FOLDINGS + 2


def test_cleaned_text_can_be_written_anywhere() -> None:
    """Lone surrogates and control characters are gone."""
    assert clean("a\ud800b\x00c\x7f") == "ab c "


def test_stop_words_are_folded_as_the_analysis_folds() -> None:
    """A stop word that folding changes would never match."""
    assert all(fold(word) == word for code in STOP_WORDS for word in stop_words(code))
    assert len(stop_words("en")) == 70
    assert stop_words("de-AT") == stop_words("de")
    assert stop_words("xx") == frozenset()


@pytest.mark.parametrize("code", sorted(STEMMERS))
def test_every_stemmer_can_be_made(code: str) -> None:
    """Each language named has its Snowball class in the pinned package."""
    assert stem_function(code)("zz") != ""


def test_stems_come_from_snowball_and_leave_numbers_alone() -> None:
    """Forms of a word share a stem; part numbers are their own."""
    english, german = stem_function("en"), stem_function("de")
    assert english("descaling") == english("descale") == "descal"
    assert german("entkalkungen") == german("entkalkung")
    assert english("ak200s") == "ak200s"
    assert stem_function("zh")("descaling") == "descaling"


@pytest.mark.parametrize(
    ("word", "stem"),
    [("descaling", "descal"), ("descaler", "descal"), ("stopping", "stop"), ("descal", "descal"), ("limescale", None)],
)
def test_a_word_that_nobody_wrote_finds_its_kin(word: str, stem: str | None) -> None:
    """Endings lead an unknown word to a known stem, without a stemmer."""
    table = {"descale": "descal", "stop": "stop"}
    assert kin(word, set(table.values()), endings("en", table)) == stem


def test_german_spelled_without_umlauts_finds_its_kin() -> None:
    """A keyboard without umlauts does not lose the word."""
    assert kin("kuehlschrank", {"kuhlschrank"}, endings("de", {}), (("ue", "u"),)) == "kuhlschrank"
