"""A plain static server on the loopback address, with gzip as web hosts have it or without, that notes every byte it sends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.server import Server, bind

LEVEL = 6
"""What gzip itself and most hosts take."""
KINDS = {
    ".html": "html",
    ".css": "css",
    ".js": "js",
    ".mjs": "js",
    ".woff2": "fonts",
    ".woff": "fonts",
    ".ttf": "fonts",
    **dict.fromkeys((".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".ico"), "pictures"),
}
PAGE = ("html", "css", "js")
"""What a page needs to be a page; fonts and pictures are told apart."""


@dataclass(frozen=True)
class Sent:
    """The body of one answer, as long as it was on the line."""

    path: str
    size: int

    @property
    def kind(self) -> str:
        """What it is, by its name; an address without one is a page."""
        suffix = PurePosixPath(self.path).suffix.lower()
        return KINDS.get(suffix, "other") if suffix else "html"


def weights(sent: Iterable[Sent]) -> dict[str, float]:
    """Return kB (1000 bytes) of each kind, and of HTML, CSS and JavaScript together as `page`."""
    found = dict.fromkeys([*PAGE, "fonts", "pictures", "other"], 0)
    for one in sent:
        found[one.kind] += one.size
    return {"page": round(sum(found[kind] for kind in PAGE) / 1000, 2)} | {
        kind: round(size / 1000, 2) for kind, size in found.items()
    }


class Host:
    """Serves a site until it is closed."""

    def __init__(self, site: Path, *, squeeze: bool = True) -> None:
        self.sent: list[Sent] = []
        files: ASGIApp = StaticFiles(directory=site, html=True)
        self._app = GZipMiddleware(files, minimum_size=256, compresslevel=LEVEL) if squeeze else files
        self._server = Server(bind(0), self)

    def __enter__(self) -> Self:
        """Serve."""
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._server.stop()

    @property
    def name(self) -> str:
        """Its name and port."""
        return self._server.host

    @property
    def origin(self) -> str:
        """The address of its root, without a slash at the end."""
        return f"http://{self._server.host}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and note it."""
        size = 0

        async def note(message: Message) -> None:
            nonlocal size
            size += len(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, note)
        self.sent.append(Sent(scope["path"], size))
