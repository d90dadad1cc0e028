"""Sends what waits: each mail once, however long the server is gone and whenever the desk is killed."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from service.cases import CannotError, CaseEvent, Kind
from service.desk.mail import smtp
from service.desk.mail.settings import SecretError
from service.store import mail
from service.store.cases import NoCaseError, add

if TYPE_CHECKING:
    import smtplib
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Row

    from service.desk.mail.settings import MailServer, MailSettings
    from service.store import Store

MINUTE = 60_000
LATER = (5, 15, 30, 60, *[120] * 60)
"""Minutes between the tries of a mail that the server does not want yet: five days in all, as RFC 5321 (4.5.4.1) advises."""
LONGEST_PAUSE = 15 * MINUTE
MOST_AT_ONCE = 200
"""Mails over one connection."""


class _GoneError(Exception):
    """Somebody else has the mail, or it was erased."""


class Sender:
    """Hands the mails of the queue to the server."""

    def __init__(self, store: Store, settings: MailSettings, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._settings = settings
        self._folder = folder
        self._clock = clock

    def run_once(self) -> int:
        """Send what is due; return how many went out. What fails is written down and tried again at its time."""
        server = self._settings.smtp
        now = self._now()
        with self._store.read() as connection:
            left_behind = mail.is_left_behind(connection, now)
        if left_behind:
            self._store.writing(lambda connection: self._left_behind(connection, now))
        with self._store.read() as connection:
            waits = server is None or mail.server(connection, "smtp").next_at > now or not mail.is_due(connection, now)
        return 0 if waits or server is None else self._send_all(server)

    def _send_all(self, server: MailServer) -> int:
        try:
            line = smtp.connect(server, self._folder, self._settings.domain)
        except (smtp.ServerError, SecretError) as error:
            self._failed(str(error))
            return 0
        sent = 0
        try:
            for _ in range(MOST_AT_ONCE):
                row = self._store.writing(lambda connection: mail.take(connection, self._now()))
                if row is None:
                    break
                sent += self._send(line, row)
        except smtp.ServerError as error:
            self._failed(str(error))
        else:
            found = mail.Server("smtp", worked_at=self._now())
            self._store.writing(lambda connection: mail.note_server(connection, found))
        finally:
            with suppress(OSError):
                line.quit()
        return sent

    def _send(self, line: smtplib.SMTP, row: Row[Any]) -> bool:
        # A receipt is written by a machine: answers of other machines to it go nowhere (RFC 3834, 3.3).
        sender = "" if row.kind == "receipt" else self._settings.address

        def begin() -> None:
            if not self._store.writing(lambda connection: mail.hand(connection, row, self._now())):
                raise _GoneError

        try:
            said = smtp.hand_over(line, sender, row.recipient, row.content.encode("ascii"), begin)
        except smtp.ServerError as error:
            self._settle(row, mail.WAITING, str(error), next_at=self._now())
            raise
        except smtp.LaterError as error:
            self._later(row, str(error))
        except smtp.RefusedError as error:
            self._settle(row, mail.REFUSED, str(error))
        except smtp.UnsureError as error:
            self._settle(row, mail.UNSURE, str(error))
            raise smtp.ServerError(str(error)) from error
        except _GoneError:
            line.close()
            raise smtp.ServerError("a mail was taken back while it was handed over") from None
        else:
            self._settle(row, mail.SENT, said[:500])
            return True
        with suppress(OSError):  # a broken line shows at the next mail
            line.rset()
        return False

    def _later(self, row: Row[Any], words: str) -> None:
        if row.tries >= len(LATER):
            self._settle(row, mail.REFUSED, f"given up after {row.tries + 1} tries in five days: {words}")
            return
        wait = LATER[row.tries] * MINUTE
        self._settle(row, mail.WAITING, words, tries=row.tries + 1, next_at=self._now() + wait)

    def _settle(self, row: Row[Any], state: str, words: str, **told: Any) -> None:
        now = self._now()

        def change(connection: Connection) -> None:
            mail.settle(connection, row, state, now, error=words, **told)
            if state in mail.TROUBLED:
                tell(connection, row, state, words, now)

        self._store.writing(change)

    def _left_behind(self, connection: Connection, now: int) -> None:
        for row in mail.left_behind(connection, now):
            tell(connection, row, mail.UNSURE, "the desk ended while it handed the mail over", now)

    def _failed(self, words: str) -> None:
        now = self._now()
        self._store.writing(lambda connection: note_failure(connection, "smtp", words, now))

    def _now(self) -> int:
        return int(self._clock() * 1000)


def note_failure(connection: Connection, name: str, words: str, now: int) -> None:
    """Write down that a server could not be used, and when to try it again: after a minute, two, four … a quarter of an hour."""
    before = mail.server(connection, name)
    failures = before.failures + 1
    next_at = now + min(MINUTE << min(failures - 1, 6), LONGEST_PAUSE)
    since = before.failed_since or now
    after = before._replace(failed_since=since, failures=failures, next_at=next_at, error=words[:500])
    mail.note_server(connection, after)


def tell(connection: Connection, row: Row[Any], state: str, words: str, now: int) -> None:
    """Let the case know that a mail did not arrive, so that it is the desk's turn again."""
    event = CaseEvent(Kind.RETURNED, "mail", now, {"state": state, "mail": {"id": row.id, "to": row.recipient}, "text": words})
    # An erased or merged case has nobody to tell; the mail's own state stays.
    with suppress(CannotError, NoCaseError):
        add(connection, row.reference, event)
