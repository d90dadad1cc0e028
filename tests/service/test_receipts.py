"""Who fills in a form and wants a mail gets a receipt: one for a case, few to an address, with the promise and no words."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.connectors.config import Routes
from service.desk.courier import Courier
from service.desk.mail.post_office import PostOffice
from service.desk.mail.settings import MailSettings
from service.messages import CaseRequest
from service.reference import new_reference
from service.store import Store
from service.store.cases import receive
from service.store.tables import mail_out
from tests.service.conftest import HOURS, NOW, form

pytestmark = pytest.mark.databases("sqlite")

AT = int(NOW.timestamp() * 1000)
BY = NOW + timedelta(days=1, hours=9)
TOLD = {
    "en": "We answer by Tuesday 24 November, 19:00.",
    "de": "Wir antworten bis Dienstag, 24. November, 19:00.",
    "es": "Respondemos antes del martes, 24 de noviembre, 19:00.",
    "fr": "Nous répondons avant le mardi 24 novembre, 19:00.",
    "it": "Rispondiamo entro martedì 24 novembre, 19:00.",
    "ar": "نجيبكم قبل الثلاثاء، 24 نوفمبر، 19:00.",
}


def office(store: Store, **changes: Any) -> PostOffice:
    """Return the mail of a desk that knows one shop's hours."""
    server = {"host": "127.0.0.1", "port": 9, "security": "none"}
    told = {"address": "help@shop.example", "name": "Nordhaven Home", "prefix": "NH", "smtp": server, **changes}
    return PostOffice(store, MailSettings.model_validate(told), Path(), hours=lambda: {"city": HOURS})


def desk(store: Store, post: PostOffice) -> Courier:
    """Return the courier of a desk with mail."""
    return Courier(store, Routes(), clock=lambda: AT / 1000, greet=post.greet)


def came(store: Store, **changes: Any) -> str:
    """Let a case come in from a kiosk; return its number."""
    told = {"reference": new_reference("NH"), "accepted_at": NOW, "answer_by": BY, "store": "city", **form(**changes)}
    request = CaseRequest.model_validate(told)
    store.writing(lambda connection: receive(connection, [(request, request.reference, "kiosk:city-1", AT)]))
    return request.reference


def letters(store: Store) -> list[Any]:
    """Return the mails that wait to go out."""
    with store.read() as connection:
        rows = connection.execute(select(mail_out)).all()
    return [email.message_from_string(row.content, policy=email.policy.default) for row in rows]


@pytest.fixture
def post(store: Store) -> Iterator[PostOffice]:
    """Return the mail of a desk."""
    made = office(store)
    yield made
    made.close()


@pytest.mark.databases("sqlite", "postgresql")
def test_a_receipt_has_the_number_and_the_promise_and_no_words(store: Store, post: PostOffice) -> None:
    """Once, by however many desks routes are given; nothing of what was typed, for it may be a stranger's address."""
    number = came(store, words="PLANTED words", reply={"how": "mail", "address": "kim@customer.example", "name": "PLANTED"})
    with ThreadPoolExecutor(4) as desks:
        list(desks.map(lambda _: desk(store, post).give_routes(), range(4)))
    (letter,) = letters(store)
    assert letter["Subject"] == f"[{number}] We have it"
    assert (letter["To"], letter["Auto-Submitted"]) == ("kim@customer.example", "auto-replied")
    body = letter.get_content()
    assert number in body
    assert TOLD["en"] in body
    assert "PLANTED" not in letter.as_string()


@pytest.mark.parametrize("language", sorted(TOLD))
def test_the_promise_is_told_in_the_readers_language(store: Store, post: PostOffice, language: str) -> None:
    """On the shop's clock."""
    came(store, language=language)
    desk(store, post).give_routes()
    (letter,) = letters(store)
    assert TOLD[language] in letter.get_content()


@pytest.mark.parametrize(
    "changes",
    [
        {"reply": {"how": "phone", "address": "kim@customer.example"}},
        {"reply": {"how": "mail", "address": "not an address"}},
        {"reply": {"how": "mail", "address": "a@b.example\nBcc: all@evil.example"}},
        {"reply": {"how": "none"}},
    ],
)
def test_who_wants_no_mail_gets_none(store: Store, post: PostOffice, changes: dict[str, Any]) -> None:
    """Nor who told no address to which a mail could go."""
    came(store, **changes)
    desk(store, post).give_routes()
    assert letters(store) == []


def test_few_receipts_go_to_one_address(store: Store, post: PostOffice) -> None:
    """Somebody may type a stranger's."""
    for _ in range(5):
        came(store)
    desk(store, post).give_routes()
    assert len(letters(store)) == 3


def test_it_can_be_switched_off_and_tells_no_promise_that_is_over(store: Store, post: PostOffice) -> None:
    """`receipts = false` in desk.toml; a kiosk that was without a network for days hands over late."""
    came(store)
    desk(store, office(store, receipts=False)).give_routes()
    assert letters(store) == []
    came(store, answer_by=NOW - timedelta(hours=1))
    desk(store, post).give_routes()
    (letter,) = letters(store)
    assert "We answer by" not in letter.get_content()
