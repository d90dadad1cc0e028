"""HTTP to the one host that was named: https, an address that was looked at, no redirect, no proxy, an end to every wait."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_ANSWER = 1_000_000
SECONDS = 20.0
"""Standard Webhooks recommends 15 to 30."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotSentError(Exception):
    """Nothing reached the other side; the words name the host and hold nothing of what was to be sent."""


class LostError(Exception):
    """It was sent, and no whole answer came back: nobody can say whether it was taken."""


@dataclass(frozen=True)
class Answer:
    """What the other side answered."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes

    def retry_after(self, now: float) -> float:
        """Return for how many seconds the other side wants peace: a number, or a date; 0 where it says nothing sensible."""
        told = self.headers.get("retry-after", "").strip()
        if told.isascii() and told.isdigit() and len(told) < 9:
            return float(told)
        try:
            return max(0.0, parsedate_to_datetime(told).timestamp() - now)
        except (ValueError, TypeError, OverflowError):
            return 0.0


@dataclass(frozen=True)
class Http:
    """The way to one target."""

    base: str
    internal: bool = False
    """Whether addresses of the own network are allowed."""
    seconds: float = SECONDS
    context: ssl.SSLContext | None = None

    def request(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Ask once and return the answer, whatever its status; NotSentError or LostError when there is none."""
        parts = urlsplit(self.base.rstrip("/") + path)
        host, secure = parts.hostname or "", parts.scheme == "https"
        if not secure and host not in LOOPBACK:
            raise NotSentError(f"{host}: only https leaves this machine")
        address = self._address(host, parts.port or (443 if secure else 80))
        kind = _SecureLine if secure else _Line
        line = kind(address, parts.netloc, host, min(10.0, self.seconds), self.context)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return self._exchange(line, method, target, body, headers or {})

    def _address(self, host: str, port: int) -> tuple[str, int]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NotSentError(f"{host}: no address found ({_words(error)})") from None
        for *_, place in found:
            if why := forbidden(str(place[0]), loopback=host in LOOPBACK, internal=self.internal):
                raise NotSentError(
                    f"{host} leads to {why}. Nothing was sent. If that is meant, write `internal: true` at its target"
                )
        return str(found[0][4][0]), int(found[0][4][1])

    def _exchange(self, line: _Line, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        began = time.monotonic()
        try:
            line.connect()
        except (OSError, ssl.SSLError) as error:
            line.close()
            raise NotSentError(f"{line.name}: no connection ({_words(error)})") from None
        # A host that sends a byte now and then would pass every time-out of a socket: this one ends the whole exchange.
        over = threading.Event()
        limit = threading.Timer(self.seconds, _cut, (line, over))
        limit.daemon = True
        limit.start()
        try:
            line.request(method, target, body or None, {"User-Agent": "Helpstand", **headers})
            answer = line.getresponse()
            told = answer.read(MOST_ANSWER + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise LostError(f"{line.name}: {_words(error)} after {time.monotonic() - began:.0f} s") from None
        finally:
            limit.cancel()
            line.close()
        if over.is_set() or len(told) > MOST_ANSWER:
            raise LostError(f"{line.name}: no whole answer within {self.seconds:.0f} s and {MOST_ANSWER} bytes")
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, told)


def forbidden(address: str, *, loopback: bool, internal: bool) -> str:
    """Say why nothing may be sent to an address; empty when it may."""
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_loopback:
        return "" if loopback or internal else f"this machine ({address})"
    # The addresses at which clouds tell their secrets are link-local ones.
    if found.is_link_local or found.is_multicast or found.is_unspecified:
        return f"{address}, where no desk is"
    return "" if found.is_global or internal else f"the own network ({address})"


class _Line(http.client.HTTPConnection):
    """A connection to the address that was looked at, and to no other that the name might mean a moment later."""

    def __init__(self, address: tuple[str, int], netloc: str, name: str, timeout: float, context: ssl.SSLContext | None) -> None:
        super().__init__(netloc, timeout=timeout)
        self.name = name
        self._address = address
        self._context = context

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.create_connection(self._address, self.timeout)


class _SecureLine(_Line):
    """The same with TLS; the certificate must be the name's."""

    default_port = 443

    def connect(self) -> None:
        """Connect."""
        super().connect()
        self.sock = (self._context or ssl.create_default_context()).wrap_socket(self.sock, server_hostname=self.name)


def _cut(line: _Line, over: threading.Event) -> None:
    over.set()
    with suppress(OSError, AttributeError):
        line.sock.shutdown(2)


def _words(error: Exception) -> str:
    # Never the error's own text: http.client puts parts of what it read into it.
    return getattr(error, "strerror", None) or type(error).__name__
