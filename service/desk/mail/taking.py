"""Taking a mail in: into its case, into a new one, or aside for a person, with everything in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from service.cases import CaseEvent, Kind
from service.desk.mail import incoming
from service.desk.mail.language import language_of
from service.desk.mail.sender import tell
from service.desk.mail.settings import sendable
from service.desk.mail.web_form import told_on_form
from service.desk.photos import taken_from
from service.messages import MOST_WORDS, CaseRequest
from service.reference import new_reference
from service.store import mail, photos
from service.store.cases import NoCaseError, add, begin_case, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from service.cases import Case
    from service.desk.mail.incoming import Letter
    from service.desk.mail.letters import Writer
    from service.desk.mail.settings import MailSettings
    from service.store import Store
    from service.store.photos import Photo

HOUR, DAY = 3_600_000, 86_400_000
MOST_OF_ONE_SENDER = 30
"""Mails within an hour: more are held. Two machines that answer each other stop here."""
MOST_RECEIPTS = 3
"""To one address within a day."""
MOST_AUTOMATIC = 5
"""Notes of machines that a case takes within a day."""
MERGED_DEPTH = 10


class Taken(NamedTuple):
    """What became of a mail: added, new, automatic, returned, held or known; and the case."""

    outcome: str
    reference: str = ""
    reason: str = ""


class Taker:
    """Takes mails in, however they come."""

    def __init__(self, store: Store, settings: MailSettings, writer: Writer) -> None:
        self._store = store
        self._settings = settings
        self._writer = writer

    def take(
        self,
        raw: bytes,
        now: int,
        envelope: str | None = None,
        also: Callable[[Connection], None] | None = None,
        *,
        held: str = "",
    ) -> Taken:
        """Take a mail in once, whatever is offered twice; `also` is done in its transaction, `held` is let in by a person."""
        try:
            letter = incoming.read(raw, envelope)
        except incoming.UnreadableError as error:
            reason = str(error)
            return self._store.writing(self._with(also, lambda connection: self._hold_raw(connection, raw, reason, now)))
        pictures, left_out = taken_from(letter.photos)
        wrong = [*letter.left_out, *left_out]
        arrived = _Arrived(letter, pictures, wrong, raw, now, trusted=bool(held))

        def change(connection: Connection) -> Taken:
            if held and not mail.release(connection, held):
                return Taken("known")
            return self._decide(connection, arrived)

        return self._store.writing(self._with(also, change))

    def hold_unread(
        self, key: str, sender: str, subject: str, reason: str, now: int, also: Callable[[Connection], None]
    ) -> Taken:
        """Note a mail that is not even fetched, because it is too large."""
        raw = f"From: {sender}\nSubject: {subject}\n\n{key}: {reason}\n".encode("utf-8", "replace")
        return self._store.writing(
            self._with(also, lambda connection: self._hold_raw(connection, raw, reason, now, sender, subject))
        )

    def _with(
        self, also: Callable[[Connection], None] | None, change: Callable[[Connection], Taken]
    ) -> Callable[[Connection], Taken]:
        def both(connection: Connection) -> Taken:
            taken = change(connection)
            if also:
                also(connection)
            return taken

        return both

    def _decide(self, connection: Connection, arrived: _Arrived) -> Taken:
        letter = arrived.letter
        if mail.is_known(connection, letter.digest):
            return Taken("known")
        if letter.bounce:
            return self._returned(connection, arrived, letter.bounce)
        found = self._case(connection, letter)
        reason = "" if arrived.trusted else self._why_hold(connection, arrived, found)
        if reason:
            return self._hold(connection, arrived, reason)
        if found is None:
            return self._begin(connection, arrived)
        return self._add(connection, arrived, found)

    def _why_hold(self, connection: Connection, arrived: _Arrived, found: Case | None) -> str:
        letter, now = arrived.letter, arrived.now
        if letter.sender.casefold() in self._settings.own or letter.loops & self._settings.own:
            return "it comes from this desk itself: two machines may be answering each other"
        if letter.spam:
            return "the mail server takes it for spam"
        if letter.automatic and found is None:
            return f"a machine wrote it ({letter.automatic}), and it names no case"
        if mail.came_from(connection, _hashed(letter.sender), now - HOUR) >= MOST_OF_ONE_SENDER:
            return f"more than {MOST_OF_ONE_SENDER} mails of this address within an hour"
        if letter.automatic and found and mail.noted_automatic(connection, found.request.reference, now - DAY) >= MOST_AUTOMATIC:
            return f"a machine wrote it ({letter.automatic}), and the case has enough of those"
        return ""

    def _case(self, connection: Connection, letter: Letter) -> Case | None:
        """Return the case of a mail: by the mail it answers, else by the number in it; where that was merged, the other one."""
        by_mail = mail.case_of(connection, letter.answers, [_hashed(one) for one in letter.answers])
        for reference in filter(None, (by_mail, *letter.numbers)):
            try:
                found = load(connection, reference)
                for _ in range(MERGED_DEPTH):
                    if not found.merged_into:
                        break
                    found = load(connection, found.merged_into)
            except NoCaseError:
                continue
            if not found.erased and not found.merged_into:
                return found
        return None

    def _add(self, connection: Connection, arrived: _Arrived, found: Case) -> Taken:
        reference, machine = found.request.reference, "" if arrived.trusted else arrived.letter.automatic
        kept = photos.keep(connection, found.request.store, reference, arrived.pictures, arrived.now)
        told = arrived.told(kept)
        # What a machine writes is a note: nobody waits for an answer to it.
        event = CaseEvent(Kind.NOTED, "mail", arrived.now, {**told, "automatic": machine})
        add(connection, reference, event if machine else CaseEvent(Kind.ANSWERED, "mail", arrived.now, told))
        return self._noted(connection, arrived, "automatic" if machine else "added", reference)

    def _begin(self, connection: Connection, arrived: _Arrived) -> Taken:
        settings = self._settings
        form = told_on_form(arrived.letter.text) if arrived.letter.numbers else None
        arrived = arrived._replace(letter=replace(arrived.letter, text=form.text)) if form else arrived
        letter = arrived.letter
        reference, at = new_reference(settings.prefix), datetime.fromtimestamp(arrived.now / 1000, UTC)
        reply = {"how": "mail", "address": letter.sender, "name": (form.reply.get("name", "") if form else "") or letter.name}
        if form and form.reply.get("how") in {"phone", "counter"}:
            reply |= {"how": form.reply["how"], "address": form.reply.get("address", "")}
        language = letter.language or (form.language if form else "") or language_of(f"{letter.subject}\n{letter.text}")
        request = CaseRequest.model_validate(
            {
                "reference": reference,
                "accepted_at": at,
                "answer_by": at + timedelta(hours=settings.answer_hours) if settings.answer_hours else None,
                "surface": "mail",
                "store": settings.store,
                "language": language or settings.language,
                "details": form.details if form else {"flow": "question"},
                "words": (letter.text or ("" if form else letter.subject))[:MOST_WORDS],
                "reply": reply,
                "page": form.page if form else "",
                "product": form.product if form else "",
            }
        )
        kept = photos.keep(connection, settings.store, reference, arrived.pictures, arrived.now)
        first = {"case": request.model_dump(mode="json", exclude_defaults=True), "hash": letter.digest, **arrived.told(kept)}
        first["case"]["details"]["flow"] = request.flow.value
        if letter.numbers:
            first["named"] = letter.numbers[0]
        begun = begin_case(connection, CaseEvent(Kind.RECEIVED, "mail", arrived.now, first))
        self._send_receipt(connection, begun, arrived)
        return self._noted(connection, arrived, "new", reference)

    def _send_receipt(self, connection: Connection, case: Case, arrived: _Arrived) -> None:
        letter, to = arrived.letter, sendable(arrived.letter.sender)
        wanted = self._settings.receipts and self._settings.smtp and not (letter.automatic or letter.no_receipt)
        if wanted and to and mail.receipts_to(connection, to, arrived.now - DAY) < MOST_RECEIPTS:
            message = self._writer.new_id(case.request.reference)
            mail.queue(connection, self._writer.receipt(case, to, message, arrived.now), arrived.now)

    def _returned(self, connection: Connection, arrived: _Arrived, bounce: incoming.Bounce) -> Taken:
        for one in bounce.ids:
            row = mail.by_id(connection, one)
            if row is not None and row.state == mail.RETURNED:
                return self._noted(connection, arrived, "returned", row.reference)
            if row is not None:
                mail.settle(connection, row, mail.RETURNED, arrived.now, error=bounce.words)
                tell(connection, row, mail.RETURNED, bounce.words, arrived.now)
                return self._noted(connection, arrived, "returned", row.reference)
        return self._hold(connection, arrived, "it says that a mail did not arrive, but not which of ours")

    def _hold(self, connection: Connection, arrived: _Arrived, reason: str) -> Taken:
        letter = arrived.letter
        self._keep_aside(connection, letter.digest, arrived.raw, reason, arrived.now, letter.sender, letter.subject)
        return self._noted(connection, arrived, "held")._replace(reason=reason)

    def _hold_raw(self, connection: Connection, raw: bytes, reason: str, now: int, sender: str = "", subject: str = "") -> Taken:
        digest = hashlib.sha256(raw).hexdigest()
        if mail.is_known(connection, digest):
            return Taken("known")
        self._keep_aside(connection, digest, raw[: incoming.MOST_LETTER], reason, now, sender, subject)
        mail.note_in(connection, {"id": digest, "message": "", "reference": "", "outcome": "held", "sender": "", "at": now})
        return Taken("held", "", reason)

    def _keep_aside(
        self, connection: Connection, digest: str, raw: bytes, reason: str, now: int, sender: str, subject: str
    ) -> None:
        row = {"id": digest, "sender": sender, "subject": subject, "reason": reason, "content": raw, "at": now}
        mail.hold(connection, row)

    def _noted(self, connection: Connection, arrived: _Arrived, outcome: str, reference: str = "") -> Taken:
        letter = arrived.letter
        told = {"message": _hashed(letter.message) if letter.message else "", "reference": reference, "outcome": outcome}
        mail.note_in(connection, {"id": letter.digest, "sender": _hashed(letter.sender), "at": arrived.now, **told})
        return Taken(outcome, reference)


class _Arrived(NamedTuple):
    letter: Letter
    pictures: list[Photo]
    left_out: list[str]
    raw: bytes
    now: int
    trusted: bool

    def told(self, kept: list[str]) -> dict[str, Any]:
        """Return what the event of this mail tells."""
        letter = self.letter
        data: dict[str, Any] = {
            "text": letter.text or "(no words)",
            "mail": {"id": letter.message, "from": letter.sender, "subject": letter.subject},
        }
        optional = {"quoted": letter.quoted, "photos": kept, "left_out": self.left_out}
        return data | {name: value for name, value in optional.items() if value}


def _hashed(text: str) -> str:
    return hashlib.sha256(text.casefold().encode()).hexdigest()
