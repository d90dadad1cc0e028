"""How each language writes numbers, dates, hours and times; the rules are CLDR's, which come with Babel.

Digits are 0-9 in every language: the same as on the product's label and display, and as on the keypad of a kiosk.
"""

from __future__ import annotations

import re
from datetime import date, time
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from guides.fields import Interval

LOCALES = {"en": "en_GB"}
"""Where a bare language code would mean another country's habit: day before month, 24 hours."""

CLOCKS = {"fr": "H'\u00a0h\u00a0'mm"}
"""Where people write the time otherwise than CLDR."""

HOURS_FROM = 120
"""From how many minutes on a time is told in hours: people plan an hour and a half as 90 minutes."""


@cache
def locale_of(language: str) -> Locale:
    """Return the habits of a language; of its main form where the region is unknown, of English where all of it is."""
    for code in (LOCALES.get(language, language.replace("-", "_")), language.split("-", maxsplit=1)[0]):
        try:
            return Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(LOCALES["en"])


def number(value: int, language: str) -> str:
    """Return "1,234" or "1.234"."""
    return format_decimal(value, locale=locale_of(language), numbering_system="latn")


def day(value: date, language: str) -> str:
    """Return a date as people write it in a letter: "22 November 2026"."""
    return format_date(value, "long", locale=locale_of(language))


def month(written: str, language: str) -> str:
    """Return `2034-03` as people write it: "March 2034"; a year alone stays as it is."""
    year, _, of_year = written.partition("-")
    return format_skeleton("yMMMM", date(int(year), int(of_year), 1), locale=locale_of(language)) if of_year else year


def years(count: int, language: str) -> str:
    """Return "2 years"."""
    return _unit(count, "year", language)


def duration(minutes: int, language: str) -> str:
    """Return how long something takes: "15 minutes", "2 hours and 30 minutes"."""
    if minutes < HOURS_FROM:
        return _unit(minutes, "minute", language)
    parts = [_unit(minutes // 60, "hour", language)]
    if minutes % 60:
        parts.append(_unit(minutes % 60, "minute", language))
    return format_list(parts, locale=locale_of(language))


def interval(every: Interval, language: str, texts: Mapping[str, str]) -> str:
    """Return how often something is to be done: "every month", "every 3 months"."""
    unit = "hour" if every.unit == "h" else every.unit.rstrip("s")
    if every.count == 1:
        return texts[f"every_{unit}"]
    return texts["every_many"].format(time=_unit(every.count, unit, language))


def hours(spans: Sequence[str], language: str, texts: Mapping[str, str]) -> str:
    """Return the opening hours of one day in words, since a dash between times is misread from right to left."""
    if not spans:
        return texts["closed"]
    told = [texts["hours_span"].format(**{"from": clock(span[:5], language), "to": clock(span[6:], language)}) for span in spans]
    return format_list(told, locale=locale_of(language))


def clock(written: str, language: str) -> str:
    """Return a time of day; a shop that is open until 24:00 closes at 24:00 where people count so far."""
    locale = locale_of(language)
    pattern = CLOCKS.get(locale.language, locale.time_formats["short"].pattern)
    at = time(int(written[:2]) % 24, int(written[3:]))
    told = format_time(at, pattern, locale=locale)
    return re.sub("0+", "24", told, count=1) if written == "24:00" and "a" not in pattern else told


def _unit(count: int, unit: str, language: str) -> str:
    locale = locale_of(language)
    told = format_unit(count, f"duration-{unit}", locale=locale, numbering_system="latn")
    # Babel lacks the long words of some languages, and then prints the unit's name.
    return format_unit(count, f"duration-{unit}", length="short", locale=locale) if "duration-" in told else told
