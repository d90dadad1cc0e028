"""The desk as one application: kiosks at /api/v1, people everywhere else."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount

from service.desk.api import create_api
from service.desk.guard import Guard
from service.desk.pages import Pages
from service.desk.routes_page import RoutesPage
from service.desk.sessions import Sessions
from service.desk.writer import Writer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from service.desk.courier import Courier
    from service.desk.keyring import Keyring
    from service.store import Store


@dataclass(frozen=True)
class Parts:
    """What the desk is made of."""

    store: Store
    keys: Keyring
    secure: bool = False
    """Whether people reach it by https: then cookies and headers say so."""
    courier: Courier | None = None
    """Who hands cases on; without one they stay here."""


def create_app(parts: Parts) -> ASGIApp:
    """Put everything behind the guard. What was posted is written before the server ends."""
    sessions = Sessions(parts.store, secure=parts.secure)
    pages = Pages(parts.store, sessions)
    routes_page = RoutesPage(parts.store, sessions, pages, parts.courier)
    writer = Writer(parts.store)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        writer.close()

    api = create_api(parts.store, writer, parts.keys)
    routes: list[BaseRoute] = [Mount("/api/v1", api), *routes_page.routes(), *pages.routes()]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: pages.failed})
    return Guard(app, secure=parts.secure)
