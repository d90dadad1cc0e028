"""The door of the kiosk's server: refuses what cannot be ours, bounds what is, and puts the safe headers on every answer."""

import asyncio
import json
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk import headers

API = "/api/"
MOST_HEAD = 16_384
MOST_ADDRESS = 8_192


class TooBigError(Exception):
    """The body of a request is larger than any form of ours."""


class _Refusal(NamedTuple):
    """Why a request goes no further."""

    status: int
    text: str
    allow: str = ""


class Guard:
    """Wraps the application; knows the one host name, and how much at once and how long is enough."""

    def __init__(
        self, app: ASGIApp, host: str, *, most_at_once: int = 64, most_body: int = 16_384, seconds: float = 30.0
    ) -> None:
        self.app = app
        self.host = host.encode("ascii")
        self.origin = b"http://" + self.host
        self.most_at_once = most_at_once
        self.most_body = most_body
        self.seconds = seconds
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever it is."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _Answer(scope, send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        refused = self._refusal(scope)
        if refused:
            await answer.plain(*refused)
        elif self._running >= self.most_at_once:
            await answer.plain(503, "The kiosk is busy. Try again in a moment.")
        else:
            self._running += 1
            try:
                await self._bounded(scope, receive, answer)
            finally:
                self._running -= 1

    async def _bounded(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            async with asyncio.timeout(self.seconds):
                await self.app(scope, self._limited(receive), answer)
        except TooBigError:
            await answer.plain(413, f"The request is too large: at most {self.most_body} bytes.")
        except TimeoutError:
            await answer.plain(408, "The request took too long.")
        except Exception:  # noqa: BLE001 - the last line before a shopper: whatever it was, the server goes on
            # The path may hold a shopper's words, so only the place in our own code is written down.
            print(f"kiosk: a request failed: {traceback.format_exc(limit=-2)}", file=sys.stderr, flush=True)
            await answer.plain(500, "Something went wrong here. Please ask our staff.")

    def _refusal(self, scope: Scope) -> "_Refusal | None":
        fields: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            fields.setdefault(name.lower(), []).append(value)
        return self._too_large(scope, fields) or self._foreign(scope, fields)

    def _too_large(self, scope: Scope, fields: dict[bytes, list[bytes]]) -> "_Refusal | None":
        # uvicorn bounds only what arrives in pieces; a head that comes at once is bounded here.
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEAD:
            return _Refusal(431, "The request's headers are too large.")
        if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_ADDRESS:
            return _Refusal(414, "The address is too long.")
        length = fields.get(b"content-length", [b"0"])[0]
        if not length.isdigit() or int(length) > self.most_body:
            return _Refusal(413, f"The request is too large: at most {self.most_body} bytes.")
        return None

    def _foreign(self, scope: Scope, fields: dict[bytes, list[bytes]]) -> "_Refusal | None":
        if fields.get(b"host") != [self.host]:
            # Stops DNS rebinding: a foreign page that got its name pointed at 127.0.0.1 still says its own name here.
            return _Refusal(421, f"This server answers only to {self.host.decode()}.")
        if not scope["path"].startswith("/"):
            return _Refusal(400, "The address is not one of this server.")
        is_api = scope["path"].startswith(API)
        method = scope["method"]
        allowed = "GET, HEAD, POST" if is_api else "GET, HEAD"
        if method not in allowed.split(", "):
            return _Refusal(405, f"Only {allowed} are possible here.", allowed)
        if is_api and not self._same_origin(fields, must_say=method == "POST"):
            return _Refusal(403, "Only pages of this kiosk may ask this.")
        return None

    def _same_origin(self, fields: dict[bytes, list[bytes]], *, must_say: bool) -> bool:
        origin, site = fields.get(b"origin"), fields.get(b"sec-fetch-site")
        if origin is not None and origin != [self.origin]:
            return False
        # "none" is somebody typing the address; no page can cause it.
        if site is not None and site not in ([b"same-origin"], *([] if must_say else [[b"none"]])):
            return False
        return not must_say or origin is not None or site is not None

    def _limited(self, receive: Receive) -> Receive:
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.most_body:
                raise TooBigError
            return message

        return limited


class _Answer:
    """Sends one answer with the safe headers; later attempts to start another are ignored."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._started = False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            kept = [(name, value) for name, value in message["headers"] if name.lower() not in headers.NAMES]
            message = {**message, "headers": [*kept, *headers.SAFE]}
        await self._send(message)

    async def plain(self, status: int, text: str, allow: str = "") -> None:
        """Answer with one sentence: JSON for the api, text for everything else."""
        if self._started:
            # Half an answer cannot be taken back; uvicorn cuts the connection, which tells the browser that it is not whole.
            return
        is_api = self._scope["path"].startswith(API)
        body = json.dumps({"error": text}).encode() if is_api else f"{text}\n".encode()
        fields = [
            (b"content-type", b"application/json" if is_api else b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        if allow:
            fields.append((b"allow", allow.encode()))
        await self({"type": "http.response.start", "status": status, "headers": fields})
        sent = b"" if self._scope["method"] == "HEAD" else body
        await self({"type": "http.response.body", "body": sent})
