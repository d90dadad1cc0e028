"""Looking into a mailbox: every mail is taken in once, in the order of its number, and then marked as read."""

from __future__ import annotations

import imaplib
import re
import time
from contextlib import suppress
from email import message_from_bytes
from typing import TYPE_CHECKING, Any, Self

from service.desk.mail.incoming import MOST_LETTER
from service.desk.mail.sender import note_failure
from service.desk.mail.settings import SecretError
from service.desk.mail.smtp import ServerError, deadline, trust
from service.store import mail

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from service.desk.mail.settings import Mailbox
    from service.desk.mail.taking import Taker
    from service.store import Store

PORTS = {"tls": 993, "starttls": 143, "none": 143}
MOST_AT_ONCE = 500
"""Mails of one look; the next look goes on."""


class Watcher:
    """Fetches what is new in a mailbox."""

    def __init__(self, store: Store, box: Mailbox, folder: Path, taker: Taker, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._box = box
        self._folder = folder
        self._taker = taker
        self._clock = clock

    def run_once(self) -> int:
        """Take in what is new; return how many mails that were. What fails is written down and tried again at its time."""
        now = self._now()
        with self._store.read() as connection:
            before = mail.server(connection, "imap")
        if before.next_at > now:
            return 0
        try:
            with _Line(self._box, self._folder) as line:
                return self._look(line, before)
        except (ServerError, SecretError) as error:
            words = str(error)
            self._store.writing(lambda connection: note_failure(connection, "imap", words, now))
            return 0

    def _look(self, line: _Line, before: mail.Server) -> int:
        validity, number = line.opened, 0
        if not before.place:
            # The first look of all takes what nobody has read; were it cut short, it begins again.
            numbers = line.unread()
            for number in numbers:
                self._take(line, number, "")
            self._note(f"{validity}:{max(line.last, number)}")
            return len(numbers)
        opened, _, last = before.place.partition(":")
        # A mailbox that was made anew counts anew (RFC 9051, 2.3.1.1); what was taken in before is known by its content.
        number = int(last) if opened == validity else 0
        numbers = line.after(number)[:MOST_AT_ONCE]
        for number in numbers:
            self._take(line, number, f"{validity}:{number}")
        self._note(f"{validity}:{number}")
        return len(numbers)

    def _take(self, line: _Line, number: int, place: str) -> None:
        size = line.size(number)
        now = self._now()

        def and_place(connection: Connection) -> None:
            if place:
                mail.note_server(connection, mail.server(connection, "imap")._replace(place=place))

        if size is None:
            return  # deleted by somebody meanwhile
        if size > MOST_LETTER:
            head = message_from_bytes(line.fetch(number, "HEADER.FIELDS (FROM SUBJECT)") or b"")
            reason = f"it is larger than {MOST_LETTER // 1024 // 1024} MB, and is still in the mailbox"
            told = [str(head.get(name, ""))[:250].encode("utf-8", "replace").decode() for name in ("From", "Subject")]
            self._taker.hold_unread(f"{line.opened}:{number}", told[0], told[1], reason, now, and_place)
            return
        raw = line.fetch(number, "")
        if raw is not None:
            self._taker.take(raw, now, also=and_place)
            line.mark_read(number)

    def _note(self, place: str) -> None:
        found = mail.Server("imap", place=place, worked_at=self._now())
        self._store.writing(lambda connection: mail.note_server(connection, found))

    def _now(self) -> int:
        return int(self._clock() * 1000)


def look_into(box: Mailbox, folder: Path) -> int:
    """Sign in and open the folder; return how many unread mails there are."""
    with _Line(box, folder) as line:
        return len(line.unread())


class _Line:
    """A connection to a mailbox; whatever goes wrong on it is a ServerError."""

    def __init__(self, box: Mailbox, folder: Path) -> None:
        self._box = box
        self._where = f"{box.host}:{box.port or PORTS[box.security]}"
        self._imap = self._connect(folder)

    def _connect(self, folder: Path) -> imaplib.IMAP4:
        box = self._box
        port = box.port or PORTS[box.security]
        try:
            if box.security == "tls":
                made: imaplib.IMAP4 = imaplib.IMAP4_SSL(box.host, port, ssl_context=trust(box, folder), timeout=box.seconds)
            else:
                made = imaplib.IMAP4(box.host, port, timeout=box.seconds)
        except (OSError, imaplib.IMAP4.error) as error:
            raise ServerError(f"{self._where}: {error}") from error
        try:
            with deadline(made.sock):
                if box.security == "starttls":
                    made.starttls(trust(box, folder))
                if box.user:
                    made.login(box.user, box.password(folder))
        except (OSError, imaplib.IMAP4.error, SecretError) as error:
            made.shutdown()
            if isinstance(error, SecretError):
                raise
            raise ServerError(f"{self._where}: {_words(error)}") from error
        return made

    def __enter__(self) -> Self:
        """Open the folder."""
        try:
            # Quoted, because imaplib sends names as they are.
            self._asked("SELECT", lambda: self._imap.select(f'"{self._box.folder}"'))
            (validity,) = self._imap.response("UIDVALIDITY")[1] or [None]
            (following,) = self._imap.response("UIDNEXT")[1] or [None]
        except ServerError:
            self._imap.shutdown()
            raise
        self.opened = validity.decode() if validity else "0"
        self.last = int(following) - 1 if following else 0
        return self

    def __exit__(self, *_: object) -> None:
        """Leave."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._imap.logout()
        with suppress(OSError):  # a line that broke is still to be closed
            self._imap.shutdown()

    def unread(self) -> list[int]:
        """Return the numbers of mails that nobody has read yet."""
        return self._search("UNSEEN")

    def after(self, number: int) -> list[int]:
        """Return the numbers of mails that came after one."""
        # `n:*` always names the last mail, also where that is older (RFC 9051, 9, seq-range).
        return [one for one in self._search(f"UID {number + 1}:*") if one > number]

    def size(self, number: int) -> int | None:
        """Return how large a mail is; None when it is gone."""
        for part in self._fetch(number, "(RFC822.SIZE)"):
            found = re.search(rb"RFC822\.SIZE (\d+)", part if isinstance(part, bytes) else part[0])
            if found:
                return int(found[1])
        return None

    def fetch(self, number: int, section: str) -> bytes | None:
        """Return a mail without marking it; None when it is gone."""
        return next((part[1] for part in self._fetch(number, f"(BODY.PEEK[{section}])") if isinstance(part, tuple)), None)

    def mark_read(self, number: int) -> None:
        """Mark a mail as read; that is a kindness to people who look into the mailbox, nothing depends on it."""
        with suppress(ServerError):
            self._asked("STORE", lambda: self._imap.uid("STORE", str(number), "+FLAGS.SILENT", r"(\Seen)"))

    def _search(self, what: str) -> list[int]:
        found = self._asked("SEARCH", lambda: self._imap.uid("SEARCH", *what.split()))
        return sorted({int(number) for line in found if isinstance(line, bytes) for number in line.split()})

    def _fetch(self, number: int, what: str) -> list[Any]:
        return [part for part in self._asked("FETCH", lambda: self._imap.uid("FETCH", str(number), what)) if part is not None]

    def _asked(self, name: str, ask: Callable[[], tuple[str, list[Any]]]) -> list[Any]:
        try:
            with deadline(self._imap.sock):
                answer, data = ask()
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            raise ServerError(f"{self._where}: {name}: {_words(error)}") from error
        if answer != "OK":
            raise ServerError(f"{self._where}: {name}: {_words(data[0] if data else answer)}")
        return data


def _words(said: object) -> str:
    if isinstance(said, Exception):
        said = said.args[0] if said.args else type(said).__name__
    return said.decode("utf-8", "replace")[:300] if isinstance(said, bytes) else str(said)[:300]
