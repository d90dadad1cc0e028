"""Mail servers of the tests' own, on real sockets: they speak SMTP and IMAP, keep what they get, and fail on demand."""

from __future__ import annotations

import base64
import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

USER, PASSWORD = "desk", "only-of-the-tests"


@dataclass
class Kept:
    """A mail that the server said yes to, or had whole when the line broke."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        """The mail, read."""
        made = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        return made


@dataclass
class Smtp:
    """An SMTP server; each fault is taken once, in order, by the next mail.

    Faults: `450 rcpt`, `550 rcpt`, `421 mail`, `451 body` (an answer at that place); `cut rcpt`, `cut data`, `cut body`: the line
    breaks there, `cut body` after the mail is kept.
    """

    kept: list[Kept] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    starttls: bool = False
    port: int = 0
    ids: list[str] = field(default_factory=list)

    def take_fault(self, place: str) -> str:
        """Return what goes wrong at this place, if anything."""
        if self.faults and self.faults[0].endswith(f" {place}"):
            return self.faults.pop(0).split()[0]
        return ""


class _Handler(socketserver.StreamRequestHandler):
    timeout = 120

    def finish(self) -> None:
        """Close what was made secure too."""
        super().finish()
        self.connection.close()


class _SmtpHandler(_Handler):
    def handle(self) -> None:
        smtp: Smtp = self.server.state  # type: ignore[attr-defined]
        if smtp.tls and not smtp.starttls and not self._secure(smtp.tls):
            return
        self._say("220 stand-in ESMTP")
        sender, signed_in = "", False
        recipients: list[str] = []
        while line := self.rfile.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            smtp.said.append(text)
            word = text.split(" ")[0].split(":")[0].upper()
            if word in {"EHLO", "HELO"}:
                more = ["STARTTLS"] if smtp.starttls and not isinstance(self.connection, ssl.SSLSocket) else []
                features = ["stand-in", *more, "AUTH PLAIN LOGIN", "SIZE 30000000"]
                self._say(*(f"250{'-' if one != features[-1] else ' '}{one}" for one in features))
            elif word == "STARTTLS" and smtp.tls:
                self._say("220 go on")
                if not self._secure(smtp.tls):
                    return
            elif word == "AUTH":
                told = base64.b64decode(text.split(" ")[2]).decode().split("\0") if len(text.split(" ")) > 2 else []
                signed_in = told[1:] == [USER, PASSWORD]
                self._say("235 yes" if signed_in else "535 5.7.8 wrong name or password")
            elif word == "MAIL":
                if not self._fault(smtp, "mail"):
                    sender, recipients = re.findall("<([^>]*)>", text)[0], []
                    self._say("250 yes")
            elif word == "RCPT":
                if not self._fault(smtp, "rcpt"):
                    recipients.append(re.findall("<([^>]*)>", text)[0])
                    self._say("250 yes")
            elif word == "DATA":
                if self._fault(smtp, "data"):
                    continue
                self._say("354 go on")
                if not self._body(smtp, sender, recipients):
                    return
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 yes")

    def _body(self, smtp: Smtp, sender: str, recipients: list[str]) -> bool:
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not line:
            return False  # the line broke in the middle: nothing is kept
        refused = smtp.take_fault("body")
        if refused and refused != "cut":
            self._say(f"{refused} not now")
            return True
        kept = Kept(sender, recipients, b"".join(lines))
        smtp.kept.append(kept)
        smtp.ids.append(str(kept.mail["Message-ID"]))
        if refused:
            self._cut()
            return False
        self._say("250 kept")
        return True

    def _fault(self, smtp: Smtp, place: str) -> bool:
        what = smtp.take_fault(place)
        if what == "cut":
            self._cut()
        elif what:
            self._say(f"{what} so it is")
        return bool(what)

    def _cut(self) -> None:
        socket.socket.shutdown(self.connection, socket.SHUT_RDWR)

    def _secure(self, context: ssl.SSLContext) -> bool:
        try:
            self.connection = self.request = context.wrap_socket(self.connection, server_side=True)
        except OSError:
            return False  # the client does not trust us
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        return True

    def _say(self, *lines: str) -> None:
        try:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        except OSError:
            return


@dataclass
class Imap:
    """A mailbox behind an IMAP server: mails by their numbers, and which have been read."""

    mails: dict[int, bytes] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    validity: int = 1
    following: int = 1
    faults: list[str] = field(default_factory=list)
    """Words of commands at which the line breaks, in order."""
    said: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    port: int = 0

    def put(self, mail: bytes | EmailMessage, *, was_read: bool = False) -> int:
        """Let a mail arrive; return its number."""
        number = self.following
        self.following += 1
        self.mails[number] = mail if isinstance(mail, bytes) else mail.as_bytes(policy=policy.SMTP)
        if was_read:
            self.read.add(number)
        return number


class _ImapHandler(_Handler):
    def handle(self) -> None:
        box: Imap = self.server.state  # type: ignore[attr-defined]
        if box.tls:
            self.connection = self.request = box.tls.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self._say("* OK stand-in")
        while line := self.rfile.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            box.said.append(text)
            tag, word, *rest = text.split(" ")
            word = rest.pop(0).upper() if word.upper() == "UID" else word.upper()
            if box.faults and box.faults[0] == word:
                box.faults.pop(0)
                return
            answer = getattr(self, f"_{word.lower()}", None)
            if answer is None:
                self._say(f"{tag} BAD what")
                continue
            said = answer(box, " ".join(rest))
            self._say(f"{tag} {said or 'OK done'}")
            if word == "LOGOUT":
                return

    def _capability(self, _box: Imap, _rest: str) -> None:
        self._say("* CAPABILITY IMAP4rev1 AUTH=PLAIN")

    def _login(self, _box: Imap, rest: str) -> str | None:
        return None if rest == f'{USER} "{PASSWORD}"' else "NO [AUTHENTICATIONFAILED] wrong name or password"

    def _select(self, box: Imap, rest: str) -> str | None:
        if rest != '"INBOX"':
            return "NO [NONEXISTENT] no such folder"
        self._say(f"* {len(box.mails)} EXISTS", f"* OK [UIDVALIDITY {box.validity}] x", f"* OK [UIDNEXT {box.following}] x")
        return "OK [READ-WRITE] done"

    def _search(self, box: Imap, rest: str) -> None:
        if rest == "UNSEEN":
            found = [number for number in box.mails if number not in box.read]
        else:
            first = int(re.fullmatch(r"UID (\d+):\*", rest)[1])  # type: ignore[index]
            last = max(box.mails, default=0)
            # As RFC 9051 has it: the last mail is always among them.
            found = [number for number in box.mails if min(first, last) <= number]
        self._say(f"* SEARCH {' '.join(map(str, found))}".rstrip())

    def _fetch(self, box: Imap, rest: str) -> None:
        number, what = int(rest.split(" ", maxsplit=1)[0]), rest.split(" ", 1)[1]
        mail = box.mails.get(number)
        if mail is None:
            return
        if "RFC822.SIZE" in what:
            self._say(f"* 1 FETCH (UID {number} RFC822.SIZE {len(mail)})")
            return
        if "HEADER.FIELDS" in what:
            mail = mail.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self.wfile.write(f"* 1 FETCH (UID {number} BODY[] {{{len(mail)}}}\r\n".encode() + mail + b")\r\n")

    def _store(self, box: Imap, rest: str) -> None:
        box.read.add(int(rest.split(" ", maxsplit=1)[0]))

    def _logout(self, _box: Imap, _rest: str) -> None:
        self._say("* BYE")

    def _say(self, *lines: str) -> None:
        try:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        except OSError:
            return


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing: clients that leave in the middle are what is tested."""


@contextmanager
def running(state: Smtp | Imap) -> Iterator[None]:
    """Run a server on a free port, or on the one that it had before."""
    handler = _SmtpHandler if isinstance(state, Smtp) else _ImapHandler
    with _Server(("127.0.0.1", state.port), handler) as server:
        server.state = state  # type: ignore[attr-defined]
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join(10)
