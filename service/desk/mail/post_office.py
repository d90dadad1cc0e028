"""Everything of mail that a running desk has: it writes, sends, fetches and takes in."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from service.cases import CannotError
from service.desk.mail.imap import Watcher
from service.desk.mail.letters import Writer
from service.desk.mail.sender import Sender
from service.desk.mail.settings import sendable
from service.desk.mail.taking import DAY, MOST_RECEIPTS, Taker
from service.store import mail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from service.cases import Case
    from service.desk.mail.settings import MailSettings
    from service.hours import BusinessHours
    from service.store import Store

THEME = Path(__file__).resolve().parents[3] / "theme"
LOOK_EVERY = 5.0
"""Seconds between two looks into the queue, beside those right after an answer."""
STOP_SECONDS = 10.0
_log = logging.getLogger("helpstand.desk")


class PostOffice:
    """The desk's mail; `start` lets it work by itself."""

    def __init__(
        self,
        store: Store,
        settings: MailSettings,
        folder: Path,
        clock: Callable[[], float] = time.time,
        hours: Callable[[], Mapping[str, BusinessHours]] = dict,
    ) -> None:
        self.settings = settings
        self._hours = hours
        self.writer = Writer(settings, THEME)
        self.taker = Taker(store, settings, self.writer)
        self.sender = Sender(store, settings, folder, clock)
        self.watcher = Watcher(store, settings.imap, folder, self.taker, clock) if settings.imap else None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Send and fetch from now on, each in a thread of its own."""
        if self.settings.smtp:
            self._run("mail-sender", self._send)
        if self.watcher:
            self._run("mail-watcher", self._fetch)

    def close(self) -> None:
        """End; what waits in the queue waits there."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def wake(self) -> None:
        """Look into the queue at once."""
        self._wake.set()

    def answer(self, connection: Connection, case: Case, text: str, to: str, now: int) -> dict[str, str]:
        """Queue a clerk's answer in the caller's transaction; return what its event tells of it."""
        if not self.settings.smtp:
            raise CannotError("This desk has no mail server: set [mail.smtp] in desk.toml, or answer in another way.")
        if not to:
            raise CannotError("Type the mail address that the answer goes to.")
        plain = sendable(to)
        if not plain:
            # Letters beyond ASCII before the @ need SMTPUTF8 (RFC 6531) on every server of the way.
            why = "is no mail address" if to.isascii() else "has letters that mails of this desk cannot go to"
            raise CannotError(f"'{to[:60]}' {why}. Answer in another way, or to another address.")
        message = self.writer.new_id(case.request.reference)
        mail.queue(connection, self.writer.answer(case, text, plain, message, now), now)
        return {"id": message, "to": plain}

    def greet(self, connection: Connection, case: Case, now: int) -> None:
        """Queue a receipt for whoever filled in a form and wants a mail, in the caller's transaction; few to one address."""
        request, to = case.request, sendable(case.request.reply.address.strip())
        wanted = self.settings.receipts and self.settings.smtp and request.reply.how == "mail" and not case.erased
        if not wanted or not to or mail.receipts_to(connection, to, now - DAY) >= MOST_RECEIPTS:
            return
        hours = self._hours().get(request.store)
        message = self.writer.new_id(request.reference)
        mail.queue(connection, self.writer.receipt(case, to, message, now, hours.zone if hours else ""), now)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _send(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            _safely(self.sender.run_once)
            self._wake.wait(LOOK_EVERY)

    def _fetch(self) -> None:
        every = self.settings.imap.every if self.settings.imap else 60
        while not self._stop.is_set():
            if self.watcher:
                _safely(self.watcher.run_once)
            self._stop.wait(every)


def _safely(work: Callable[[], int]) -> None:
    """Do one round. What no rule foresees is written down without words of customers, and the next round comes all the same."""
    try:
        work()
    except SQLAlchemyError as error:
        _log.error("mail: the database does not answer: %s", type(error).__name__)
    except Exception as error:  # noqa: BLE001, a thread that ends would stop all mail without anybody seeing it
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"
        _log.error("mail: a round failed: %s at %s", type(error).__name__, place)
