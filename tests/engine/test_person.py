"""The page that leads to a person tells hours and numbers so that nobody misreads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.engine.conftest import MakeShop, built, guide

STORE = """name: {en: City, ar: وسط المدينة}
hours:
  monday: ["09:30-13:00", "14:00-20:00"]
contacts:
  phone: {number: "+49 30 23125 014", cost: {en: Free, ar: مجانًا}}
  mail: help@shop.example
  counter: {en: Next to the tills, ar: بجانب الصناديق}
emergency_number: "112"
time_zone: Europe/Berlin
"""
CONFIG = "site_name: Shop\ndocs_dir: content/en\nplugins: [helpstand]\nextra: {helpstand: {languages: [en, ar]}}\n"


@pytest.fixture
def pages(make_shop: MakeShop, tmp_path: Path) -> dict[str, HTMLParser]:
    """Return the page in English and Arabic."""
    files = {f"content/{code}/lamp/on.md": guide("Switch on") for code in ("en", "ar")}
    site = tmp_path / "site"
    built(make_shop({"mkdocs.yml": CONFIG, "stores/city.yml": STORE, **files}), site)
    return {code: HTMLParser((site / code / "person.html").read_text(encoding="utf-8")) for code in ("en", "ar")}


def texts_of(page: HTMLParser, selector: str) -> list[str]:
    """Return the words of elements, without line breaks."""
    return [" ".join(node.text().split()) for node in page.css(selector)]


def test_hours_are_told_in_words(pages: dict[str, HTMLParser]) -> None:
    """Each day has its hours as the language says them, closed days too."""
    assert texts_of(pages["en"], ".hours dd")[:2] == ["09:30 to 13:00 and 14:00 to 20:00", "closed"]
    assert texts_of(pages["ar"], ".hours dd")[:2] == ["من 9:30 ص إلى 1:00 م ومن 2:00 م إلى 8:00 م", "مغلق"]


def test_a_number_is_read_from_left_to_right_in_any_language(pages: dict[str, HTMLParser]) -> None:
    """In an Arabic line "+49 30 23125 014" would turn into "014 23125 30 49+"; a touch calls."""
    for page in pages.values():
        number = page.css_first('.contacts a[href="tel:+493023125014"] bdi[dir="ltr"]')
        assert number is not None
        assert number.text() == "+49 30 23125 014"


def test_mail_opens_and_the_counter_is_only_told(pages: dict[str, HTMLParser]) -> None:
    """An address can be touched; a place is words."""
    assert texts_of(pages["en"], '.contacts a[href="mailto:help@shop.example"]') == ["help@shop.example"]
    assert len(pages["en"].css(".contacts a")) == 2
    assert "بجانب الصناديق" in " ".join(texts_of(pages["ar"], ".contacts li"))
