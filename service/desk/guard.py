"""The door of the desk's server: bounds every request in size and time, and puts the safe headers on every answer."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = 30.0
MOST_BODY = 1_000_000
UPLOAD_SECONDS = 180.0
MOST_UPLOAD = 40_000_000
"""Photos that the desk adds to a case, perhaps by a phone in a cellar; who posts them is known before they are read."""
MOST_FROM_WEB = 12_000_000
"""A case with photos from a page on the web, which makes them small beforehand; anybody may post it."""
POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "font", "connect", "manifest")),
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
SAFE: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_log = logging.getLogger("helpstand.desk")


class Guard:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, *, most_body: int = MOST_BODY, seconds: float = SECONDS, secure: bool = False) -> None:
        self.app = app
        self.most_body = most_body
        self.seconds = seconds
        self._headers = [*SAFE, (b"strict-transport-security", b"max-age=31536000")] if secure else SAFE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def dressed(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                names = {name for name, _ in self._headers}
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in names]
                message = {**message, "headers": [*kept, *self._headers]}
            await send(message)

        most, seconds = _upload(scope) or (self.most_body, self.seconds)
        status = await self._bounded(scope, self._limited(scope, receive, most), dressed, seconds)
        if status and not started:
            await _plain(dressed, *status)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, seconds: float) -> tuple[int, str] | None:
        try:
            async with asyncio.timeout(seconds):
                await self.app(scope, receive, send)
        except TimeoutError:
            return 408, "The request took too long."
        except ClientDisconnect:
            return 400, "The request was broken off."  # nobody is there to read it, and it is no fault of ours
        except Exception:  # noqa: BLE001, the last line before a person: whatever it was, the server goes on
            # What was sent may be personal: only the place in our own code is written down.
            _log.error("a request failed: %s", traceback.format_exc(limit=-3))
            return 500, "Something went wrong at the desk. It was written down."
        return None

    def _limited(self, scope: Scope, receive: Receive, most: int) -> Receive:
        length = dict(scope["headers"]).get(b"content-length", b"0")
        told = int(length) if length.isdigit() and len(length) < 20 else most + 1
        seen = told if told > most else 0

        async def limited() -> Message:
            nonlocal seen
            if seen <= most:
                message = await receive()
                seen += len(message.get("body", b""))
            if seen > most:
                # The application answers it like every other error of its own.
                raise HTTPException(413, f"The request is too large: at most {most} bytes.", {"connection": "close"})
            return message

        return limited


def _upload(scope: Scope) -> tuple[int, float] | None:
    """Return what photos may weigh and take where they may be posted."""
    kind = dict(scope["headers"]).get(b"content-type", b"")
    if scope["method"] != "POST" or not kind.startswith(b"multipart/form-data"):
        return None
    if scope["path"] == "/api/v1/cases":
        return MOST_FROM_WEB, UPLOAD_SECONDS
    return (MOST_UPLOAD, UPLOAD_SECONDS) if scope["path"].startswith("/case/") else None


async def _plain(send: Send, status: int, text: str) -> None:
    body = json.dumps({"error": text}).encode()
    fields = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
