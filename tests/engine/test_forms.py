"""Times, dates and hours stand on the page as readers of each language write them."""

from __future__ import annotations

from datetime import date

import pytest

from guides.engine.forms import clock, day, duration, hours, interval, locale_of, month, number, years
from guides.engine.texts import load_texts
from guides.fields import Interval


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["1 minute", "2 minutes", "5 minutes", "90 minutes", "2 hours and 30 minutes", "5 hours"]),
        ("de", ["1 Minute", "2 Minuten", "5 Minuten", "90 Minuten", "2 Stunden und 30 Minuten", "5 Stunden"]),
        ("es", ["1 minuto", "2 minutos", "5 minutos", "90 minutos", "2 horas y 30 minutos", "5 horas"]),
        ("fr", ["1 minute", "2 minutes", "5 minutes", "90 minutes", "2\xa0heures et 30 minutes", "5\xa0heures"]),
        ("it", ["1 minuto", "2 minuti", "5 minuti", "90 minuti", "2 ore e 30 minuti", "5 ore"]),
        ("ar", ["دقيقة", "دقيقتان", "5 دقائق", "90 دقيقة", "ساعتان و30 دقيقة", "5 ساعات"]),
    ],
)
def test_how_long_it_takes(language: str, told: list[str]) -> None:
    """Every plural form is right, and from two hours on nobody has to divide."""
    assert [duration(minutes, language) for minutes in (1, 2, 5, 90, 150, 300)] == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "2 November 2026"),
        ("en-US", "November 2, 2026"),
        ("de", "2. November 2026"),
        ("es", "2 de noviembre de 2026"),
        ("fr", "2 novembre 2026"),
        ("it", "2 novembre 2026"),
        ("ar", "2 نوفمبر 2026"),
    ],
)
def test_dates_are_written_out(language: str, told: str) -> None:
    """A month is a word: 02/11 is two different days on two sides of a sea."""
    assert day(date(2026, 11, 2), language) == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "09:30 to 20:00"),
        ("de", "09:30 bis 20:00 Uhr"),
        ("es", "de 9:30 a 20:00"),
        ("fr", "de 9\xa0h\xa030 à 20\xa0h\xa000"),
        ("it", "dalle 09:30 alle 20:00"),
        ("ar", "من 9:30 ص إلى 8:00 م"),
    ],
)
def test_opening_hours_are_told_in_words(language: str, told: str) -> None:
    """No dash between two times: read from right to left, it would turn them round."""
    assert hours(["09:30-20:00"], language, load_texts(language)) == told


def test_a_day_with_a_break_and_a_day_off() -> None:
    """Two spans are joined by "and"; none means closed."""
    texts = load_texts("en")
    assert hours(["09:00-13:00", "14:00-18:30"], "en", texts) == "09:00 to 13:00 and 14:00 to 18:30"
    assert hours([], "en", texts) == "closed"


@pytest.mark.parametrize(
    ("language", "midnight", "end"),
    [("en", "00:00", "24:00"), ("es", "0:00", "24:00"), ("fr", "0\xa0h\xa000", "24\xa0h\xa000"), ("ar", "12:00 ص", "12:00 ص")],
)
def test_the_end_of_the_day(language: str, midnight: str, end: str) -> None:
    """A shop that is open until 24:00 does not close at 0:00."""
    assert (clock("00:00", language), clock("24:00", language)) == (midnight, end)


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "ar"])
def test_intervals_in_every_unit(language: str) -> None:
    """Each unit has its words, alone and with a number; no English slips into another language."""
    texts = load_texts(language)
    for unit in ("h", "day", "week", "month", "year"):
        one = interval(Interval(1, unit), language, texts)
        many = interval(Interval(3, unit if unit == "h" else f"{unit}s"), language, texts)
        assert "3" in many
        assert not any(character.isdigit() or character in "{}" for character in one)
        assert language == "en" or not {"every", unit} & set((one + " " + many).split())
    assert interval(Interval(3, "months"), "en", load_texts("en")) == "every 3 months"
    assert interval(Interval(3, "months"), "ar", load_texts("ar")) == "كل 3 أشهر"


def test_numbers_keep_the_digits_of_the_product() -> None:
    """Digits are those on the label and the keypad, grouped as the language does."""
    assert [number(12345, language) for language in ("en", "de", "ar")] == ["12,345", "12.345", "12,345"]


@pytest.mark.parametrize(("language", "told"), [("de-QQ", "de"), ("xx", "en_GB"), ("not a code", "en_GB"), ("pt-BR", "pt_BR")])
def test_unknown_languages_fall_back(language: str, told: str) -> None:
    """A region nobody knows takes its language's habits, an unknown language English ones; nothing fails."""
    assert str(locale_of(language)) == told
    assert duration(15, language)


def test_a_language_without_long_words_takes_the_short_ones() -> None:
    """No name of a unit such as "duration-minute" is ever shown."""
    assert duration(150, "ja") == "2 時間、30 分"


@pytest.mark.parametrize(
    ("language", "until", "long"),
    [
        ("en", "September 2036", ["1 year", "2 years", "5 years"]),
        ("de", "September 2036", ["1 Jahr", "2 Jahre", "5 Jahre"]),
        ("es", "septiembre de 2036", ["1 año", "2 años", "5 años"]),
        ("fr", "septembre 2036", ["1\xa0an", "2 ans", "5 ans"]),
        ("it", "settembre 2036", ["1 anno", "2 anni", "5 anni"]),
        ("ar", "سبتمبر 2036", ["سنة", "سنتان", "5 سنوات"]),
    ],
)
def test_guarantee_and_spare_parts(language: str, until: str, long: list[str]) -> None:
    """Months and years of a product's life are words too."""
    assert month("2036-09", language) == until
    assert [years(count, language) for count in (1, 2, 5)] == long
