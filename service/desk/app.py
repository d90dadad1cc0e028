"""The desk as one application: kiosks at /api/v1, people everywhere else."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount

from service.desk.answer_pages import AnswerPages
from service.desk.api import create_api
from service.desk.guard import Guard
from service.desk.mail.pages import MailPages
from service.desk.pages import Pages
from service.desk.sessions import Sessions
from service.desk.writer import Writer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from service.desk.keyring import Keyring
    from service.desk.mail.post_office import PostOffice
    from service.store import Store


@dataclass(frozen=True)
class Parts:
    """What the desk is made of."""

    store: Store
    keys: Keyring
    secure: bool = False
    """Whether people reach it by https: then cookies and headers say so."""
    mail: PostOffice | None = None
    site: str = ""
    """Where the guides are on the web, for links in answers."""


def create_app(parts: Parts) -> ASGIApp:
    """Put everything behind the guard. What was posted is written before the server ends."""
    sessions = Sessions(parts.store, secure=parts.secure)
    pages = Pages(parts.store, sessions, mail=parts.mail, site=parts.site)
    more: list[MailPages | AnswerPages] = [
        MailPages(pages, parts.store, sessions, parts.mail),
        AnswerPages(pages, parts.store, sessions, parts.site),
    ]
    writer = Writer(parts.store)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if parts.mail:
            parts.mail.start()
        yield
        if parts.mail:
            parts.mail.close()
        writer.close()

    api = create_api(parts.store, writer, parts.keys)
    routes: list[BaseRoute] = [Mount("/api/v1", api), *(route for part in more for route in part.routes()), *pages.routes()]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: pages.failed})
    return Guard(app, secure=parts.secure)
