"""The one way out of the agent: HTTP to hosts that the shop has named, with an end to every wait."""

import http.client
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_ANSWER = 1024 * 1024
LOOPBACK = ("127.0.0.1", "localhost")


class OutboundError(Exception):
    """Nothing was sent, or nobody can say whether it arrived; the text names the host and holds nothing of what was sent."""


@dataclass(frozen=True)
class Answer:
    """What a host answered."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Outbound:
    """Sends to the hosts that were named, and to no other: no redirects, no proxies of the environment, no plain HTTP abroad."""

    hosts: frozenset[str]
    """Such as `desk.shop.example` or `127.0.0.1:8700`: as they stand in an address."""
    seconds: float = 30.0
    """For one request, from the first to the last byte."""

    @classmethod
    def to(cls, *addresses: str | None) -> "Outbound":
        """Allow the hosts of these addresses."""
        return cls(frozenset(urlsplit(address).netloc for address in addresses if address))

    def request(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request and give its answer, whatever its status. Raises OutboundError."""
        parts = urlsplit(url)
        if parts.netloc not in self.hosts or "@" in parts.netloc:
            raise OutboundError(f"{parts.netloc[:80]}: this host is not named in kiosk.toml, so nothing is sent to it")
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise OutboundError(f"{parts.netloc}: only https leaves this machine")
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return self._exchange(_connection(parts.scheme, parts.netloc, self.seconds), method, path or "/", body, headers or {})

    def _exchange(
        self, line: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        began = time.monotonic()
        # A host that sends a byte now and then would pass every time-out of a socket; this one ends the whole exchange.
        over = threading.Event()
        limit = threading.Timer(self.seconds, _cut, (line, over))
        limit.daemon = True
        limit.start()
        try:
            line.request(method, path, body or None, dict(headers))
            answer = line.getresponse()
            data = answer.read(MOST_ANSWER + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise OutboundError(f"{line.host}: {_words(error)} after {time.monotonic() - began:.0f} s") from None
        finally:
            limit.cancel()
            line.close()
        if over.is_set():  # half an answer looks like a short one
            raise OutboundError(f"{line.host}: no whole answer within {self.seconds:.0f} s")
        if len(data) > MOST_ANSWER:
            raise OutboundError(f"{line.host}: the answer is larger than any of ours")
        return Answer(answer.status, data)


def _connection(scheme: str, netloc: str, seconds: float) -> http.client.HTTPConnection:
    timeout = min(10.0, seconds)
    if scheme == "https":
        return http.client.HTTPSConnection(netloc, timeout=timeout, context=ssl.create_default_context())
    return http.client.HTTPConnection(netloc, timeout=timeout)


def _cut(line: http.client.HTTPConnection, over: threading.Event) -> None:
    over.set()
    with suppress(OSError, AttributeError):
        line.sock.shutdown(2)


def _words(error: Exception) -> str:
    # Never the error's own text: http.client puts parts of what it read into it.
    return getattr(error, "strerror", None) or type(error).__name__
