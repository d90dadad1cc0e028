"""Handing one mail to a server, and knowing afterwards whether it has it: yes, no, later, or nobody can say."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.desk.mail.settings import MailServer, SecretError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MOST_SECONDS = 300
"""For one mail in all: a server that answers drop by drop is let go."""
PORTS = {"tls": 465, "starttls": 587, "none": 25}
_OF_THE_SERVER = {421, 454, 530, 534, 535, 538}
"""RFC 5321 and 4954: the server goes, or does not know us. That is no fault of the mail."""
_DOT = re.compile(rb"^\.", re.MULTILINE)


class ServerError(Exception):
    """The server cannot be used just now; no mail is to blame."""


class LaterError(Exception):
    """The server does not want this mail now, perhaps later (4xx)."""


class RefusedError(Exception):
    """The server will never take this mail (5xx)."""


class UnsureError(Exception):
    """The line broke between the last word and the server's yes: nobody knows whether it has the mail."""


def trust(server: MailServer, folder: Path) -> ssl.SSLContext:
    """Return whom we trust: the system's authorities, or the named one."""
    try:
        return ssl.create_default_context(cafile=str(folder / server.ca_file) if server.ca_file else None)
    except OSError as error:
        raise SecretError(f"{server.ca_file}: cannot be read: {error}") from error


def connect(server: MailServer, folder: Path, name: str) -> smtplib.SMTP:
    """Greet the server and sign in; ServerError when that does not work."""
    port = server.port or PORTS[server.security]
    try:
        if server.security == "tls":
            made: smtplib.SMTP = smtplib.SMTP_SSL(server.host, port, name, timeout=server.seconds, context=trust(server, folder))
        else:
            made = smtplib.SMTP(server.host, port, name, server.seconds)
    except (OSError, smtplib.SMTPException) as error:
        raise ServerError(f"{server.host}:{port}: {_words(error)}") from error
    try:
        with deadline(made.sock):
            if server.security == "starttls":
                made.starttls(context=trust(server, folder))
            made.ehlo_or_helo_if_needed()
            if server.user:
                made.login(server.user, server.password(folder))
    except (OSError, smtplib.SMTPException) as error:
        made.close()
        raise ServerError(f"{server.host}:{port}: {_words(error)}") from error
    except SecretError:
        made.close()
        raise
    return made


def hand_over(server: smtplib.SMTP, sender: str, recipient: str, content: bytes, begin: Callable[[], None]) -> str:
    """Hand a mail over and return the server's word for it. `begin` is called when the next thing to go is the mail itself."""
    try:
        with deadline(server.sock):
            _checked(*server.mail(sender))
            _checked(*server.rcpt(recipient))
            _checked(*server.docmd("DATA"), good=354)
            begin()
            server.send(_DOT.sub(b"..", content) + b"\r\n.\r\n")
    except (OSError, smtplib.SMTPException) as error:
        server.close()
        raise ServerError(_words(error)) from error
    try:
        with deadline(server.sock):
            code, words = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        server.close()
        raise UnsureError(f"the line broke before the server had said yes: {_words(error)}") from error
    _checked(code, words)
    return words.decode("utf-8", "replace")


@contextmanager
def deadline(sock: socket.socket | None, seconds: float = MOST_SECONDS) -> Iterator[None]:
    """End a connection that takes too long, whatever the other side does."""

    def end() -> None:
        if sock is not None:
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _checked(code: int, words: bytes, good: int = 250) -> None:
    if code == good or (good == 250 and code == 251):
        return
    told = f"{code} {words.decode('utf-8', 'replace')}"[:500]
    if code in _OF_THE_SERVER or not 400 <= code < 600:
        raise ServerError(told)
    raise (LaterError if code < 500 else RefusedError)(told)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"[:500]
    return str(error)[:500] or type(error).__name__
