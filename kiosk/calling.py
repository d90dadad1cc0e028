"""How the agent calls a colleague: by a program, a webhook or a mail, the first that works of those that are set."""

import json
import smtplib
import sqlite3
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from kiosk.calls import Call, Calls
from kiosk.config import KioskConfig
from kiosk.log import Event, Log
from kiosk.outbound import LOOPBACK, Outbound, OutboundError
from service.outbox import SecretError, read_secret, signed_headers

LOOK = 0.5
SECONDS = 8.0
"""For one way: the next one must still be in time."""


class CallError(Exception):
    """Nobody was called this way; the words hold nothing of what was to be sent."""


class Way(Protocol):
    """One way to call."""

    def __call__(self, call: Call) -> None:
        """Call; CallError when that failed."""


@dataclass(frozen=True)
class Program:
    """A program of the shop: a pager, a lamp, a loudspeaker."""

    command: Sequence[str]
    facts: Callable[[Call], dict[str, str]]

    def __call__(self, call: Call) -> None:
        """Run it; what it prints is nobody's."""
        facts = self.facts(call)
        line = [_filled(part, facts) for part in self.command]
        try:
            subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603, no shell
        except (OSError, subprocess.SubprocessError) as error:
            raise CallError(f"{self.command[0]}: {type(error).__name__}") from None


@dataclass(frozen=True)
class Hook:
    """A webhook by the rules of Standard Webhooks."""

    url: str
    secret: Path
    facts: Callable[[Call], dict[str, str]]
    outbound: Outbound
    clock: Callable[[], float] = time.time

    def __call__(self, call: Call) -> None:
        """Post the call, signed; 2xx means that somebody has it."""
        moment = datetime.fromtimestamp(call.asked_at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        body = json.dumps({"type": "person.called", "timestamp": moment, "data": self.facts(call)}).encode()
        try:
            secret = read_secret(self.secret.read_text(encoding="ascii"))
            name = f"call-{self.facts(call)['kiosk']}-{round(call.asked_at)}-{call.id}"
            headers = signed_headers((secret,), name, int(self.clock()), body)
            status = self.outbound.request("POST", self.url, body, {"Content-Type": "application/json", **headers}).status
        except (OSError, UnicodeDecodeError, SecretError) as error:
            raise CallError(f"{self.secret}: {error if isinstance(error, SecretError) else type(error).__name__}") from None
        except OutboundError as error:
            raise CallError(str(error)) from None
        if not 200 <= status < 300:
            raise CallError(f"the webhook answered {status}")


@dataclass(frozen=True)
class Letter:
    """A mail, such as to the gateway of a pager."""

    to: str
    server: str
    password: Path | None
    facts: Callable[[Call], dict[str, str]]

    def __call__(self, call: Call) -> None:
        """Hand the mail to the mail server."""
        facts, parts = self.facts(call), urlsplit(self.server)
        mail = EmailMessage()
        mail["From"] = mail["To"] = self.to
        mail["Subject"] = f"{facts['kiosk']}: somebody asks for a colleague"
        mail["Date"] = format_datetime(datetime.fromtimestamp(call.asked_at, UTC))
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content("".join(f"{name}: {value}\n" for name, value in facts.items() if value))
        try:
            with _mail_server(parts.scheme, parts.hostname or "", parts.port, self.to.rpartition("@")[2]) as server:
                if parts.username and self.password:
                    server.login(unquote(parts.username), self.password.read_text(encoding="utf-8").strip())
                server.send_message(mail)
        except (OSError, smtplib.SMTPException, UnicodeDecodeError) as error:
            raise CallError(f"{parts.hostname}: {type(error).__name__}") from None


@dataclass
class Caller:
    """Looks for calls twice a second and makes them."""

    calls: Calls
    ways: Sequence[Way]
    log: Log
    clock: Callable[[], float] = time.time

    def run(self, stop: threading.Event) -> None:
        """Work until told to end."""
        while not stop.wait(LOOK):
            with suppress(sqlite3.Error, OSError):
                self.look()

    def look(self) -> None:
        """Make the call that waits, by the first way that works."""
        call = self.calls.waiting(self.clock())
        if call is None:
            return
        for number, way in enumerate(self.ways):
            try:
                way(call)
            except CallError:
                self.log.event(Event.CALL_FAILED, way=number)
                continue
            self.calls.settle(call.id, self.clock())
            return
        self.calls.settle(call.id, None)


def caller_of(config: KioskConfig, state: Path, log: Log) -> Caller | None:
    """Make what calls by the settings; None where none is set."""

    def facts(call: Call) -> dict[str, str]:
        asked = datetime.fromtimestamp(call.asked_at, UTC).astimezone()
        return {"kiosk": config.name, "store": config.store or "", "need": call.need, "time": f"{asked:%H:%M}"}

    ways: list[Way] = []
    if config.call_command:
        ways.append(Program(config.call_command, facts))
    if config.call_webhook and config.call_secret_file:
        ways.append(
            Hook(
                config.call_webhook,
                Path(config.call_secret_file),
                facts,
                Outbound(Outbound.to(config.call_webhook).hosts, SECONDS),
            )
        )
    if config.call_mail and config.call_smtp:
        password = Path(config.call_password_file) if config.call_password_file else None
        ways.append(Letter(config.call_mail, config.call_smtp, password, facts))
    return Caller(Calls(state), ways, log) if ways else None


def _filled(part: str, facts: dict[str, str]) -> str:
    for name, value in facts.items():
        part = part.replace(f"{{{name}}}", value)
    return part


def _mail_server(scheme: str, host: str, port: int | None, name: str) -> smtplib.SMTP:
    # Without a name of its own smtplib would ask DNS for this machine's, and wait for that.
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, name, timeout=SECONDS, context=context)
    server = smtplib.SMTP(host, port or 587, name, timeout=SECONDS)
    if host not in LOOPBACK:
        server.starttls(context=context)
    return server
