"""The desk's web server, in a thread of its own or in front."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import TYPE_CHECKING, Self

import uvicorn

if TYPE_CHECKING:
    from starlette.types import ASGIApp

STOP_SECONDS = 20


def bind(host: str, port: int) -> socket.socket:
    """Take the address; OSError when somebody has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once (TCP_NODELAY) only where the protocol is named.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(512)
    except OSError:
        sock.close()
        raise
    return sock


def make(app: ASGIApp, *, trusted_proxies: str = "") -> uvicorn.Server:
    """Make a server that bounds heads and idle connections; only named proxies are believed about whom they speak for."""
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies or None,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=STOP_SECONDS,
        h11_max_incomplete_event_size=32_768,
        limit_concurrency=1000,
    )
    return uvicorn.Server(config)


class Running:
    """A server in a thread, for tests and trials."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self._sock = bind(host, port)
        self.address = f"http://{host}:{self._sock.getsockname()[1]}"
        self._server = make(app)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve(sockets=[self._sock])), daemon=True)

    def __enter__(self) -> Self:
        """Return when the server answers."""
        self._thread.start()
        end = time.monotonic() + 15
        while not self._server.started:
            if time.monotonic() > end or not self._thread.is_alive():
                raise RuntimeError("the desk's server did not start")
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        """End the server; what was taken in is written."""
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)
        self._sock.close()
