"""Arabic: letters, articles, endings and digits as readers type them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from search_index.analysis import fold, split_words
from search_index.indexer import build_index
from search_index.languages import STOP_WORDS, respellings
from search_index.searcher import Searcher
from search_index.stems import endings, kin, stem_function
from tests.search_index.search_sites import ARABIC, ARABIC_QUESTIONS, write_site

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = """
غلاية الغلاية بالغلاية والغلاية للغلاية غلايات
فلتر الفلتر والفلتر للفلتر بالفلتر
مشكلة المشكلة المشكلات مشكلات ومشكلات
تنظيف التنظيف وتنظيف للتنظيف والتنظيف
بطارية البطارية البطاريات للبطارية بطاريات
ماء الماء والماء بالماء للماء
محرك المحرك المحركات ومحرك
ضمان الضمان والضمان للضمان بالضمان
"""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("إزالة", "ازالة"),
        ("أضِف", "اضف"),
        ("آلة", "الة"),
        ("مُنَظِّف", "منظف"),
        ("كـــتاب", "كتاب"),
        ("ﻻ", "لا"),
        ("ماء", "ماء"),
        ("مستوى", "مستوى"),
        ("٢٠٠", "200"),
        ("۲۰۰", "200"),
    ],
)
def test_folding_drops_signs_and_keeps_letters(text: str, folded: str) -> None:
    """Vowel signs, hamza on a seat and the stroke go; hamza alone, ta marbuta and alif maqsura are letters and stay."""
    assert fold(text) == folded


def test_words_stand_whole() -> None:
    """No sign cuts a word; a part number in Arabic digits is the one on the label; a lone stroke is no word."""
    assert split_words("نَظِّف AK-٢٠٠ ـــ الآن") == ["نظف", "ak", "200", "ak200", "الان"]


@pytest.mark.parametrize("family", FAMILIES.strip().split("\n"))
def test_forms_of_a_word_share_a_stem(family: str) -> None:
    """With the article or without, alone or after "and", one or many: one stem."""
    stem = stem_function("ar")
    assert len({stem(fold(word)) for word in family.split()}) == 1, family


def test_short_words_and_part_numbers_are_left_alone() -> None:
    """No stem is shorter than two letters, and none is made of a number."""
    stem = stem_function("ar")
    assert [stem(word) for word in ("ها", "لا", "وقت", "e24ات")] == ["ها", "لا", "وقت", "e24ات"]


def test_a_word_that_nobody_wrote_finds_its_kin() -> None:
    """What is written together with a word does not hide it; two letters are too few to be what is left."""
    rules, respell = endings("ar", {}), respellings("ar")
    assert kin("وبالغلاية", {"غلا"}, rules, respell) is None
    assert kin("لازالة", {"ازال"}, rules, respell) == "ازال"
    assert kin("بمصباح", {"مصباح"}, rules, respell) == "مصباح"
    assert kin("بها", {"ها"}, rules, respell) is None


def test_stop_words_are_folded() -> None:
    """A stop word with a hamza on its seat would never match."""
    assert all(fold(word) == word for word in STOP_WORDS["ar"].split())


def test_questions_find_their_page(tmp_path: Path) -> None:
    """Every way of typing it leads to the page that answers."""
    build_index(write_site(tmp_path / "site", ARABIC), tmp_path / "index")
    with Searcher.open(tmp_path / "index") as searcher:
        found = {text: [result["id"] for result in searcher.search(text, "ar")["results"]][:1] for text in ARABIC_QUESTIONS}
    assert found == {text: [answer] for text, answer in ARABIC_QUESTIONS.items()}
