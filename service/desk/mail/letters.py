"""What goes out: a clerk's answer, or a receipt, as one mail that is the same at every try."""

from __future__ import annotations

import json
import re
import secrets
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from service.cases import Kind
from service.store.mail import Outgoing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from service.cases import Case
    from service.desk.mail.settings import MailSettings

MOST_REFERENCES = 20
_BEGINS = re.compile(r"^\s*((re|aw|wg|fw|fwd|sv|rv|tr|rif|res)\s*(\[\d+\])?\s*:|\[[A-Z0-9]{1,6}-[^\]]{13}\])\s*", re.IGNORECASE)


class Writer:
    """Writes mails in the name of the desk."""

    def __init__(self, settings: MailSettings, theme: Path) -> None:
        self._settings = settings
        self._texts = theme / "desk" / "mail"

    def new_id(self, reference: str) -> str:
        """Return a new Message-ID."""
        return f"<{reference.lower()}.{secrets.token_hex(10)}@{self._settings.domain}>"

    def answer(self, case: Case, text: str, to: str, message: str, now: int) -> Outgoing:
        """Write a clerk's answer."""
        words = self._words(case.request.language)
        told, threaded = _last_subject(case), _thread(case)
        subject = f"Re: {told}" if told else words["subject"]
        body = f"{text}\n\n-- \n{self._signature()}{words['number'].format(reference=case.request.reference)}\n"
        return self._made(case, "answer", to, subject, body, message, threaded, now)

    def receipt(self, case: Case, to: str, message: str, now: int, zone: str = "") -> Outgoing:
        """Write that something has come in, and by when we answer where customers were told that on the shop's clock (`zone`).

        Nothing of what was written is repeated: the address may be a stranger's.
        """
        words = self._words(case.request.language)
        number = words["number"].format(reference=case.request.reference)
        when = case.request.answer_by
        told = [words["receipt"], number, words["receipt_machine"]]
        if zone and when and when.timestamp() * 1000 > now:
            told.insert(1, words["answer_by"].format(when=self._in_words(when, zone, case.request.language)))
        body = "\n\n".join([*told, f"-- \n{self._signature()}"])
        return self._made(case, "receipt", to, words["receipt_subject"], body, message, _thread(case), now)

    def _made(  # noqa: PLR0913, PLR0917, a mail has that many parts
        self, case: Case, kind: str, to: str, subject: str, body: str, message: str, thread: Sequence[str], now: int
    ) -> Outgoing:
        settings, reference = self._settings, case.request.reference
        mail = EmailMessage(SMTP)
        mail["From"] = Address(settings.name, addr_spec=settings.address)
        mail["To"] = Address(addr_spec=to)
        mail["Subject"] = f"[{reference}] {_one_line(subject)}"[:200]
        mail["Date"] = datetime.fromtimestamp(now / 1000, UTC)
        mail["Message-ID"] = message
        if thread:
            mail["In-Reply-To"] = thread[-1]
            mail["References"] = " ".join(thread)
        mail["X-Loop"] = settings.address
        if kind == "receipt":
            mail["Auto-Submitted"] = "auto-replied"
            mail["X-Auto-Response-Suppress"] = "All"
        # Plain letters through every server, whatever the words are.
        mail.set_content(body, cte="quoted-printable")
        mail["Content-Language"] = case.request.language
        return Outgoing(case.request.store, reference, message, kind, to, str(mail["Subject"]), mail.as_bytes().decode("ascii"))

    def _signature(self) -> str:
        return f"{self._settings.name}\n" if self._settings.name else ""

    def _words(self, language: str) -> dict[str, str]:
        return _read(self._texts / f"{self._language(language)}.json")

    def _language(self, language: str) -> str:
        code = language.split("-", maxsplit=1)[0].lower()
        return code if code in LANGUAGES else self._settings.language

    def _in_words(self, moment: datetime, zone: str, language: str) -> str:
        code = self._language(language)
        return format_datetime(moment, MOMENTS[code], ZoneInfo(zone), locale=code)


MOMENTS = {
    "en": "EEEE d MMMM, HH:mm",
    "de": "EEEE, d. MMMM, HH:mm",
    "es": "EEEE, d 'de' MMMM, HH:mm",
    "fr": "EEEE d MMMM, HH:mm",
    "it": "EEEE d MMMM, HH:mm",
    "ar": "EEEE، d MMMM، HH:mm",
}
"""Day and time as the site tells them: CLDR's short forms would cut the day's name in some languages and not in others."""
LANGUAGES = frozenset({"en", "de", "es", "fr", "it", "ar"})


@cache
def _read(path: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def bare(subject: str) -> str:
    """Return a subject without the Re: and the number that mail programs and we put before it."""
    shorter = _BEGINS.sub("", subject)
    while shorter != subject:
        subject, shorter = shorter, _BEGINS.sub("", shorter)
    return _one_line(subject)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _last_subject(case: Case) -> str:
    subjects = [event.data["mail"].get("subject", "") for event in case.events if "mail" in event.data]
    return bare(next((subject for subject in reversed(subjects) if subject), ""))


def _thread(case: Case) -> list[str]:
    """Return the Message-IDs of the case's mails, oldest first: what the customer's program has seen."""
    kinds = {Kind.RECEIVED, Kind.ANSWERED, Kind.REPLIED}
    found = [event.data["mail"].get("id", "") for event in case.events if event.kind in kinds and "mail" in event.data]
    ids = [one for one in found if re.fullmatch(r"<[!-;=?-~]{3,200}>", one)]
    return ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[1 - MOST_REFERENCES :]]
