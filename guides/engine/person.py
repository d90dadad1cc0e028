"""The page that leads to a person: the shop's contacts and hours, and what its service desk can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.engine.forms import hours
from guides.products import word_in
from guides.stores import DAYS
from guides.vocabulary import SERVICES

if TYPE_CHECKING:
    from guides.engine.page import Facts
    from guides.library import Library
    from guides.stores import Contact, Store


def person_facts(library: Library, language: str, texts: dict[str, str]) -> Facts:
    """Return what the page shows; without a store file it still tells the reader to speak to the staff."""
    stores = [_store(store, language, texts) for _, store in sorted(library.stores.items())]
    return {"stores": stores, "services": [{"id": name, "title": texts[f"service_{name}"]} for name in SERVICES]}


def _store(store: Store, language: str, texts: dict[str, str]) -> Facts:
    return {
        "name": word_in(store.name, language),
        "emergency": store.emergency_number,
        "hours": [_day(day, store, language, texts) for day in DAYS],
        "contacts": [_contact(kind, contact, language, texts) for kind, contact in store.contacts.items()],
    }


def _day(day: str, store: Store, language: str, texts: dict[str, str]) -> Facts:
    spans = store.hours.get(day, ())
    return {"day": texts[f"day_{day}"], "spans": list(spans), "text": hours(spans, language, texts)}


def _contact(kind: str, contact: Contact, language: str, texts: dict[str, str]) -> Facts:
    return {
        "kind": texts.get(f"contact_{kind}", kind),
        "text": " ".join(filter(None, [contact.number, word_in(contact.text, language)])),
        "cost": word_in(contact.cost, language),
    }
