"""The kiosk's own web server: loopback only, one host name, the built site and a small api."""

import asyncio
import errno
import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from kiosk import access, api, counting, handover, shop
from kiosk.barcodes import Barcodes
from kiosk.files import TYPES, Files, etag_of, whole
from kiosk.guard import API, Guard
from kiosk.keeper import VisitKeeper
from kiosk.protocol import BoundedProtocol
from kiosk.searching import Search
from kiosk.sessions import Sessions
from kiosk.shell import Shell, anchored
from kiosk.shop import ShopParts
from kiosk.site import find
from kiosk.speech.speaker import Speaker
from kiosk.visit import State
from service.outbox import Intake

ADDRESS = "127.0.0.1"
SHELL = "/kiosk/"
NO_STORE = {"cache-control": "no-store"}


class PortInUseError(Exception):
    """Another program has the port that was asked for."""


@dataclass(frozen=True)
class Parts:
    """Everything that an answer may need."""

    site: Path
    shell: Shell
    sessions: Sessions
    visits: VisitKeeper
    search: Search
    speaker: Speaker = field(default_factory=lambda: Speaker(None, None))
    shop: ShopParts = field(default_factory=ShopParts)
    intake: Intake | None = None
    """Where hand-overs go; none where this kiosk has no desk."""
    counter: counting.Counting | None = None
    """What counts for the desk's figures; made here where nobody else needs it."""


def bind(port: int) -> socket.socket:
    """Take the port on the loopback address, and no other address; PortInUseError when somebody has it."""
    # The protocol is named, because asyncio sends small answers at once (TCP_NODELAY) only where it is: else each waits 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((ADDRESS, port))
        sock.listen(128)
    except OSError as error:
        sock.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortInUseError(
                f"port {port} cannot be used: {error.strerror}. Set another port in kiosk.toml, or 0 for any free one."
            ) from None
        raise
    return sock


def create_app(parts: Parts, port: int) -> ASGIApp:
    """Put the whole application behind its guard."""
    host = f"{ADDRESS}:{port}"
    # Cookies do not know ports: a second kiosk on this machine must not take over the first one's.
    pages = _Pages(parts, cookie=f"helpstand_{port}")
    routes = [
        *api.routes(parts.site, parts.shell.info, parts.search, parts.visits, parts.sessions, pages.cookie),
        *access.routes(
            parts.shell.info, Barcodes(parts.site, parts.shell.info), parts.search, parts.speaker, parts.sessions, pages.cookie
        ),
        *shop.routes(parts.site, parts.shell, parts.shop, parts.speaker, parts.sessions, pages.cookie),
        *handover.routes(parts.intake, parts.sessions, pages.cookie),
        *counting.routes(parts.counter or counting.Counting(parts.intake, parts.visits), parts.sessions, pages.cookie),
        Route(f"{API}{{path:path}}", _api_missing, methods=["GET", "POST"]),
        Route("/", pages.start, methods=["GET"]),
        Route("/{path:path}", pages.file, methods=["GET"]),
    ]
    # A bare router: Starlette's own application would answer errors before the guard sees them.
    return Guard(Router(routes, redirect_slashes=False), host)


async def _api_missing(_request: Request) -> Response:
    return api.failure(404, "There is nothing at this address.")


class _Pages:
    """Pages and files: everything outside the api."""

    def __init__(self, parts: Parts, cookie: str) -> None:
        self.parts = parts
        self.cookie = cookie
        self._files = Files(parts.shell)

    async def start(self, request: Request) -> Response:
        """Show the first screen; with a key, open the door to a session."""
        if "key" in request.query_params:
            return self._enter(request)
        shell = self.parts.shell
        if shell.safe_on:
            return self._html(request, shell.safe())
        if not shell.attract_on:
            return RedirectResponse(f"/{shell.info.default}/", 303, NO_STORE)
        return self._html(request, shell.attract(request.query_params.get("lang")))

    def _enter(self, request: Request) -> Response:
        visit = self.parts.visits.look()
        # In the middle of a visit the key was made because a page broke down: the shopper goes on from home.
        busy = visit.state in (State.ACTIVE, State.WARNING)
        onward = RedirectResponse(f"/{self.parts.visits.lang or self.parts.shell.info.default}/" if busy else "/", 303, NO_STORE)
        # HEAD is a question, not a visit: it must not use up the key.
        if request.method == "HEAD" or self.parts.sessions.valid(request.cookies.get(self.cookie, "")):
            return onward
        session = self.parts.sessions.redeem(request.query_params["key"])
        if session is None:
            return self._html(request, self.parts.shell.notice(None, "key_used"), 403)
        onward.set_cookie(self.cookie, session, httponly=True, samesite="strict", path="/")
        return onward

    async def file(self, request: Request) -> Response:
        """Show a file of the site, or of the kiosk's own layer."""
        path = request.scope["path"]
        if path.startswith(SHELL):
            return self._shell_file(request, path.removeprefix(SHELL))
        if self.parts.shell.safe_on and not path.startswith("/assets/"):
            return RedirectResponse("/", 303, NO_STORE)
        found = find(self.parts.site, path)
        if found:
            return self._files.answer(request, found, lang=path.split("/")[1])
        if not path.endswith("/") and find(self.parts.site, f"{path}/index.html"):
            # Only a folder that exists in the site is named, so the target is always one of our own.
            return RedirectResponse(f"{path}/", 307, {"cache-control": "no-cache"})
        return self._missing(request, path)

    def _shell_file(self, request: Request, name: str) -> Response:
        if name == "store.css":
            body = self.parts.shell.store_css.encode()
            return whole(request, body, TYPES[".css"], etag_of(body))
        if name == "staff" and self.parts.shop.door.exists:
            return self._html(request, self.parts.shell.staff())
        file = find(self.parts.shell.folder, f"/{name}")
        if file and file.suffix in {".css", ".js"}:
            body = file.read_bytes()
            return whole(request, body, TYPES[file.suffix], etag_of(body))
        return self._missing(request, SHELL + name)

    def _missing(self, request: Request, path: str) -> Response:
        shell = self.parts.shell
        first = path.split("/")[1]
        lang = first if shell.info.knows(first) else shell.info.default
        own = find(self.parts.site, f"/{lang}/404.html")
        if own is None:
            return self._html(request, shell.notice(lang, "missing"), 404)
        html = anchored(own.read_text(encoding="utf-8", errors="replace"), f"/{lang}/404.html")
        return self._html(request, shell.dress(html, lang), 404)

    def _html(self, request: Request, html: str, status: int = 200) -> Response:
        body = html.encode()
        return whole(request, body, TYPES[".html"], etag_of(body), status)


class Server:
    """Runs the application in a thread of its own; `start` and `stop` both end within their limits."""

    def __init__(self, sock: socket.socket, app: ASGIApp) -> None:
        self.port: int = sock.getsockname()[1]
        self._sock = sock
        config = uvicorn.Config(
            app,
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            log_level="critical",  # what matters is told by the guard, without a shopper's words in it
            access_log=False,
            server_header=False,
            proxy_headers=False,  # nobody stands before this server
            timeout_keep_alive=15,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=16_384,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="kiosk-server", daemon=True)

    @property
    def host(self) -> str:
        """The one name that this server answers to."""
        return f"{ADDRESS}:{self.port}"

    @property
    def connections(self) -> set[Any]:
        """The connections that are open now."""
        return self._server.server_state.connections

    @property
    def alive(self) -> bool:
        """Whether the server's thread still runs."""
        return self._thread.is_alive()

    def start(self, seconds: float = 10.0) -> None:
        """Return as soon as the server answers; RuntimeError when it does not in time."""
        self._thread.start()
        end = time.monotonic() + seconds
        while not self._server.started:
            if time.monotonic() > end or not self._thread.is_alive():
                raise RuntimeError(f"the kiosk's server did not start within {seconds:.0f} seconds")
            time.sleep(0.005)

    def stop(self, seconds: float = 4.0) -> None:
        """Ask the server to end and wait no longer than this for it."""
        self._server.should_exit = True
        self._thread.join(seconds)
        self._sock.close()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._sock]))
