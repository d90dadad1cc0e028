"""Other sides, as their documents describe them: each refuses what its document does not allow, and counts what it made.

Where a rule comes from stands beside it. A receiver can be told to fail: before it does anything, after it did everything
(the answer is lost), or with a code of its own.

Standard Webhooks 1.0.0: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
Zammad: https://docs.zammad.org/en/latest/api/ticket/index.html, …/api/ticket/articles.html, …/api/intro.html
Zendesk: https://developer.zendesk.com/api-reference/ticketing/introduction/#idempotency, …/ticketing/tickets/tickets/,
  https://developer.zendesk.com/api-reference/introduction/rate-limits/
osTicket: https://docs.osticket.com/en/latest/Developer%20Documentation/API/Tickets.html, and its own setup/scripts/automail.php,
  include/api.tickets.php (codes), include/class.thread.php (a Message-ID that was seen makes no second ticket)
SMTP: https://www.rfc-editor.org/rfc/rfc5321 (codes), https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4 (Message-ID)
"""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
import hmac
import json
import socketserver
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

OK, BEFORE, AFTER = "ok", "before", "after"
"""Answer; end the line before anything was done; do all of it, and end the line without an answer."""
Reply = tuple[int, dict[str, str], bytes]


class Receiver(ABC):
    """What all HTTP receivers share: the server, the planned faults, and what came."""

    moves: ClassVar[str] = ""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.came: list[tuple[str, str, dict[str, str], bytes]] = []
        self.wrong: list[str] = []
        """Every offence against the documents."""
        self.now: Callable[[], float] = lambda: 1_770_000_000.0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def take(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply | None:
        """Answer one request as planned; None ends the line."""
        with self._lock:
            self.came.append((method, path, headers, body))
            fault = self.faults.pop(0) if self.faults else OK
            if fault == BEFORE:
                return None
            code, _, retry_after = fault.partition("/")
            if code.isdigit():
                return int(code), {"Retry-After": retry_after} if retry_after else {}, b"{}"
            reply = self.answer(method, path, headers, body)
            return None if fault == AFTER else reply

    @abstractmethod
    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Do what the other side does."""

    def offence(self, what: str, status: int = 400) -> Reply:
        """Remember an offence and refuse it."""
        self.wrong.append(what)
        return status, {}, json.dumps({"error": what}).encode()


class WebhookReceiver(Receiver):
    """Checks ids, moments and signatures by the words of the specification, not by our code."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self._secret = base64.b64decode(secret.removeprefix("whsec_"))
        self.events: dict[str, Any] = {}

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Take an event once for each `webhook-id`."""
        message, moment, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        signed = f"{message}.{moment}.".encode() + body
        right = "v1," + base64.b64encode(hmac.new(self._secret, signed, hashlib.sha256).digest()).decode()
        if method != "POST" or headers.get("content-type") != "application/json":
            return self.offence("an event is posted as JSON")
        if not message or "." in message or not moment.isdigit():
            return self.offence("webhook-id without full stops, webhook-timestamp in whole seconds")
        if abs(int(moment) - self.now()) > 300:
            return self.offence("the moment is that of this attempt")
        if right not in signatures.split(" "):
            return self.offence("no signature is right", 401)
        if len(body) >= 20_000:
            return self.offence("smaller than 20 kB")
        event = json.loads(body)
        if set(event) != {"type", "timestamp", "data"}:
            return self.offence("an event has type, timestamp and data")
        known = self.events.setdefault(message, event)
        return (204, {}, b"") if known == event else self.offence("the same id with another content")


class ZammadReceiver(Receiver):
    """Makes tickets; the words are found only after a while, the title at once (app/models/concerns/can_search.rb)."""

    def __init__(self, token: str, *, indexed: bool = True) -> None:
        super().__init__()
        self._token = token
        self._indexed = indexed
        self.tickets: list[dict[str, Any]] = []

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Create, search and show."""
        if headers.get("authorization") != f"Token token={self._token}":
            return 401, {}, b'{"error":"authentication failed"}'
        asked = urlsplit(path)
        if method == "POST" and asked.path == "/api/v1/tickets":
            return self._create(headers, json.loads(body))
        if method == "GET" and asked.path == "/api/v1/tickets/search":
            return self._search(parse_qs(asked.query))
        number = asked.path.rpartition("/")[2]
        found = next((ticket for ticket in self.tickets if str(ticket["id"]) == number), None)
        if method != "GET" or found is None:
            return 404, {}, b'{"error":"No such object!"}'
        return 200, {}, json.dumps(found).encode()

    def _create(self, headers: dict[str, str], told: dict[str, Any]) -> Reply:
        article = told.get("article", {})
        guess = str(told.get("customer_id", ""))
        if headers.get("content-type") != "application/json":
            return self.offence("the content type must be application/json")
        if not guess.startswith("guess:") or "@" not in guess:
            return self.offence(f"Invalid email '{guess}' of customer", 422)
        if not told.get("title") or len(told["title"]) > 250 or not told.get("group") or not article.get("body"):
            return self.offence("title (at most 250 characters), group and article.body are needed", 422)
        if article.get("type") not in {"note", "web", "phone", "email"} or article.get("content_type") not in {
            "text/plain",
            "text/html",
        }:
            return self.offence("article: type or content_type", 422)
        if told.get("priority") not in {"1 low", "2 normal", "3 high"}:
            return self.offence("priority", 422)
        number = len(self.tickets) + 1
        ticket = {"id": number, "number": str(22000 + number), "state": "new", "told": told}
        self.tickets.append({**ticket, "title": told["title"], "group": told["group"]})
        return 201, {}, json.dumps(self.tickets[-1]).encode()

    def _search(self, asked: dict[str, list[str]]) -> Reply:
        title = asked.get("condition[ticket.title][value]", [""])[0]
        if title and asked.get("condition[ticket.title][operator]") != ["contains"]:
            return self.offence("unknown operator", 422)
        words = title or (asked.get("query", [""])[0].strip('"') if self._indexed else "nothing is found so early")
        found = [ticket for ticket in self.tickets if words in ticket["title"]]
        return 200, {}, json.dumps(found).encode()


class ZendeskReceiver(Receiver):
    """Makes tickets; knows an idempotency key for two hours, and an external id for ever."""

    KEY_SECONDS = 2 * 3600

    def __init__(self, user: str, token: str) -> None:
        super().__init__()
        self._basic = "Basic " + base64.b64encode(f"{user}/token:{token}".encode()).decode()
        self.tickets: list[dict[str, Any]] = []
        self.keys: dict[str, tuple[float, bytes, int]] = {}
        self.lookups: list[str] = []

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Create, list by external id, and show."""
        if headers.get("authorization") != self._basic:
            return 401, {}, b'{"error":"Couldn\'t authenticate you"}'
        asked = urlsplit(path)
        if method == "POST" and asked.path == "/api/v2/tickets.json":
            return self._create(headers, body)
        if method == "GET" and asked.path == "/api/v2/tickets.json":
            wanted = parse_qs(asked.query).get("external_id", [""])[0]
            return self._told(200, {"tickets": [one for one in self.tickets if one["external_id"] == wanted]})
        number = asked.path.rpartition("/")[2].removesuffix(".json")
        found = next((ticket for ticket in self.tickets if str(ticket["id"]) == number), None)
        return self._told(200, {"ticket": found}) if found else self._told(404, {"error": "RecordNotFound"})

    def _create(self, headers: dict[str, str], body: bytes) -> Reply:
        key = headers.get("idempotency-key", "")
        if not key or len(key) > 255:
            return self.offence("an idempotency key has 1 to 255 characters")
        at, known, number = self.keys.get(key, (0.0, b"", 0))
        if known and self.now() - at < self.KEY_SECONDS:
            self.lookups.append("hit")
            if known != body:
                return self._told(400, {"error": "IdempotentRequestError"})
            return self._told(201, {"ticket": self.tickets[number - 1]}, {"x-idempotency-lookup": "hit"})
        told = json.loads(body)["ticket"]
        if not told.get("comment", {}).get("body") or len(told.get("subject", "")) > 150:
            return self.offence("RecordInvalid: comment.body, subject", 422)
        if "@" not in told.get("requester", {}).get("email", "") or not told["requester"].get("name"):
            return self.offence("RecordInvalid: requester", 422)
        if told.get("priority") not in {"low", "normal", "high", "urgent"}:
            return self.offence("RecordInvalid: priority", 422)
        number = len(self.tickets) + 1
        self.lookups.append("miss")
        self.keys[key] = (self.now(), body, number)
        self.tickets.append({**told, "id": number, "status": "new"})
        return self._told(201, {"ticket": self.tickets[-1]}, {"x-idempotency-lookup": "miss"})

    @staticmethod
    def _told(status: int, told: dict[str, Any], headers: dict[str, str] | None = None) -> Reply:
        return status, headers or {}, json.dumps(told).encode()


class OsTicketReceiver(Receiver):
    """Makes tickets and tells nothing else; 401 for a wrong key, 400 for a wrong field, 201 with the number."""

    FIELDS: ClassVar = {
        *("alert", "autorespond", "source", "topicId", "attachments", "message", "ip", "priorityId"),
        *("email", "name", "subject", "phone"),
    }

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self.tickets: list[dict[str, Any]] = []
        self.seen: dict[str, int] = {}

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Take a mail or JSON."""
        if headers.get("x-api-key") != self._key:
            return 401, {}, b"Valid API key required"
        if method != "POST" or path not in {"/api/tickets.email", "/api/tickets.json"}:
            return 404, {}, b""
        return self._mail(body) if path.endswith("email") else self._json(json.loads(body))

    def _mail(self, body: bytes) -> Reply:
        mail = email.message_from_bytes(body, policy=email.policy.default)
        message_id = str(mail["Message-ID"])
        if not message_id.startswith("<") or "@" not in str(mail["From"]) or mail["Auto-Submitted"]:
            return self.offence("a mail needs Message-ID and From, and must not call itself automatic")
        if message_id not in self.seen:
            part = mail.get_body(("plain",))
            told = {"email": str(mail["From"]), "subject": str(mail["Subject"]), "message": part.get_content() if part else ""}
            self.tickets.append({**told, "to": str(mail["To"])})
            self.seen[message_id] = len(self.tickets)
        return 201, {}, str(100_000 + self.seen[message_id]).encode()

    def _json(self, told: dict[str, Any]) -> Reply:
        missing = [name for name in ("email", "name", "subject", "message") if not told.get(name)]
        if missing or set(told) - self.FIELDS:
            return self.offence(f"missing {missing}, unknown {sorted(set(told) - self.FIELDS)}")
        if not all(isinstance(told.get(name, 1), int) for name in ("topicId", "priorityId")):
            return self.offence("topicId and priorityId are numbers")
        self.tickets.append(told)
        return 201, {}, str(100_000 + len(self.tickets)).encode()


class SmtpReceiver:
    """A mail server with one mailbox, which keeps a Message-ID once, as Cyrus, Dovecot and every desk do."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.mails: dict[str, email.message.EmailMessage] = {}
        self.taken = 0
        handler = type("Session", (_SmtpSession,), {"box": self})
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def keep(self, raw: bytes) -> None:
        """Put a mail into the box."""
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        self.taken += 1
        self.mails.setdefault(str(mail["Message-ID"]), mail)


class _SmtpSession(socketserver.StreamRequestHandler):
    box: ClassVar[SmtpReceiver]
    timeout = 10

    def handle(self) -> None:
        """Speak RFC 5321."""
        fault = self.box.faults.pop(0) if self.box.faults else OK
        if fault == BEFORE:
            return
        if fault == "421":
            self._say("421 4.3.2 too busy")
            return
        self._say("220 mail.example ESMTP")
        while line := self.rfile.readline(2000):
            verb = line[:4].upper()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"RCPT" and fault in {"450", "550"}:
                self._say(f"{fault} the mailbox says so")
            elif verb == b"DATA":
                if not self._data(fault):
                    return
            else:
                self._say("250 OK")

    def _data(self, fault: str) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if fault in {"451", "554"}:
            self._say(f"{fault} not this one")
            return True
        self.box.keep(b"".join(lines))
        if fault == AFTER:
            return False
        self._say("250 kept")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = receiver.take(self.command, self.path, headers, body)
            if reply is None:
                self.close_connection = True
                return
            status, fields, content = reply
            self.send_response(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _handle  # noqa: N815, the names of the base class

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002, the name of the base class
            """Say nothing."""

    return Handler
