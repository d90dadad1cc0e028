"""A visitor's reminder of work that comes again: an event for the calendar of a phone (RFC 5545). Nothing of it is kept here.

On the web assets/js/reminder.js makes the same event as a file; a test holds the two together.
"""

import calendar
from datetime import date, timedelta

from kiosk.pages import PageFacts

_RULES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
MOST_OCTETS = 75


def event(page: PageFacts, today: date) -> str | None:
    """Give the calendar with one event that comes again, first after one interval; None for work counted in hours of use."""
    if page.every is None or page.every[1] not in _RULES:
        return None
    count, unit = page.every
    start = first_time(today, count, unit)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Helpstand//EN",
        "BEGIN:VEVENT",
        # A guide's own: two reminders with the same day must not replace each other in a calendar.
        f"UID:{_escaped(page.guide)}-{start:%Y%m%d}@helpstand",
        f"DTSTAMP:{today:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        f"RRULE:FREQ={_RULES[unit]};INTERVAL={count}",
        f"SUMMARY:{_escaped(page.title)}",
        *([f"URL:{page.address}"] if page.address else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def first_time(today: date, count: int, unit: str) -> date:
    """Count from today; the 31st becomes the last day of a shorter month."""
    if unit in ("day", "week"):
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    months = today.month - 1 + count * (12 if unit == "year" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", " ")


def _folded(line: str) -> str:
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode()) > MOST_OCTETS - bool(parts):
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
