"""When the shop is open, as its own page says it, and when the kiosk's screen is lit."""

import html
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.site import find

_STORE = re.compile(r'<section class="store" data-store="([^"]+)">(.*?)</section>', re.DOTALL)
_CLOCK = re.compile(r'<div class="hours" data-hours="([^"]*)"')
_WORDS = re.compile(r'<p class="open-now"[^>]*? data-open="([^"]*)" data-closed="([^"]*)" data-opens="([^"]*)"')
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(([01]\d|2[0-3]):[0-5]\d|24:00)")
MARGIN = timedelta(minutes=15)


@dataclass(frozen=True)
class Hours:
    """The opening hours of one shop."""

    zone: str
    week: dict[str, list[str]] = field(default_factory=dict)
    holidays: dict[str, list[str]] = field(default_factory=dict)
    words: tuple[str, str, str] = ("", "", "")
    """How a page says: open, closed, closed until."""
    raw: str = ""

    def open_at(self, now: datetime, margin: timedelta = timedelta(0)) -> bool:
        """Whether the shop is open at a moment, or will be or was within the margin."""
        try:
            here = now.astimezone(ZoneInfo(self.zone))
        except (ZoneInfoNotFoundError, ValueError):
            return True  # A screen that stays dark by mistake is worse than one that shines.
        spans = self.holidays.get(f"{here:%Y-%m-%d}", self.week.get(_DAYS[here.weekday()], []))
        return any(within(span, here, margin) for span in spans)


def within(span: str, here: datetime, margin: timedelta = timedelta(0)) -> bool:
    """Whether a moment lies in a span such as 09:30-20:00; one that ends before it begins goes over midnight."""
    found = SPAN.fullmatch(span)
    if found is None:
        return False
    start = datetime.combine(here, time(int(found[1]), int(found[2])), here.tzinfo)
    hour, minute = map(int, found[3].split(":"))
    end = datetime.combine(here, time(0), here.tzinfo) + timedelta(hours=hour, minutes=minute)
    if end <= start:
        return here >= start - margin or here < end + margin
    return start - margin <= here < end + margin


def read_hours(site: Path, lang: str, store: str) -> Hours | None:
    """Read a shop's hours from the site's page about its people; None where they are not there."""
    page = find(site, f"/{lang}/person.html")
    sections = dict(_STORE.findall(page.read_text(encoding="utf-8", errors="replace"))) if page else {}
    part = sections.get(store, "")
    clock, words = _CLOCK.search(part), _WORDS.search(part)
    if clock is None:
        return None
    raw = html.unescape(clock[1])
    try:
        values = json.loads(raw)
        said = tuple(html.unescape(word) for word in words.groups()) if words else ("", "", "")
        return Hours(str(values["zone"]), dict(values["week"]), dict(values["holidays"]), (said[0], said[1], said[2]), raw)
    except (ValueError, KeyError, TypeError):
        return None


def is_lit(screen: str, hours: Hours | None, now: datetime) -> bool:
    """Whether the screen is lit now: "always", "shop" (its hours and a little around them), or a span of its own."""
    if screen == "shop":
        return hours is None or hours.open_at(now, MARGIN)
    return screen == "always" or within(screen, now.astimezone())
