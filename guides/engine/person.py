"""The page that leads to a person: the shop's contacts and hours, and what its service desk can do."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from guides.engine.forms import day as date_in_words
from guides.engine.forms import hours
from guides.products import word_in
from guides.stores import DAYS
from guides.vocabulary import SERVICES

if TYPE_CHECKING:
    from guides.engine.page import Facts
    from guides.library import Library
    from guides.stores import Contact, Holiday, Store

_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


def person_facts(library: Library, language: str, texts: dict[str, str]) -> Facts:
    """Return what the page shows; without a store file it still tells the reader to speak to the staff."""
    stores = [_store(store, language, texts) for _, store in sorted(library.stores.items())]
    return {"stores": stores, "services": [{"id": name, "title": texts[f"service_{name}"]} for name in SERVICES]}


def _store(store: Store, language: str, texts: dict[str, str]) -> Facts:
    return {
        "id": store.id,
        "name": word_in(store.name, language),
        "address": word_in(store.address, language),
        "emergency": store.emergency_number,
        "hours": [_day(day, store, language, texts) for day in DAYS],
        "holidays": [_holiday(holiday, language, texts) for holiday in sorted(store.holidays, key=lambda one: one.date)],
        "clock": json.dumps(clock_of(store), separators=(",", ":")),
        "contacts": [_contact(kind, contact, language, texts) for kind, contact in store.contacts.items()],
    }


def _day(day: str, store: Store, language: str, texts: dict[str, str]) -> Facts:
    spans = store.hours.get(day, ())
    return {"id": day, "day": texts[f"day_{day}"], "spans": list(spans), "text": hours(spans, language, texts)}


def _holiday(holiday: Holiday, language: str, texts: dict[str, str]) -> Facts:
    told = {"id": holiday.date.isoformat(), "day": date_in_words(holiday.date, language), "name": word_in(holiday.name, language)}
    return {**told, "text": hours(holiday.hours, language, texts)}


def clock_of(store: Store) -> Facts:
    """Return what it takes to tell when the shop is open: a page itself does not know what day it is."""
    return {
        "zone": store.time_zone,
        "week": {day: list(store.hours.get(day, ())) for day in DAYS},
        "holidays": {holiday.date.isoformat(): list(holiday.hours) for holiday in store.holidays},
    }


def _address(number: str, text: str) -> str:
    """Return what a touch on a contact opens: a call, a mail, or nothing."""
    if number:
        return "tel:" + re.sub(r"[^+0-9]", "", number)
    return f"mailto:{text}" if _MAIL.fullmatch(text) else ""


def _contact(kind: str, contact: Contact, language: str, texts: dict[str, str]) -> Facts:
    text = word_in(contact.text, language)
    return {
        "kind": texts.get(f"contact_{kind}", kind),
        "number": contact.number,
        "text": text,
        "url": _address(contact.number, text),
        "cost": word_in(contact.cost, language),
    }
