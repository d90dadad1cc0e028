"""The desk as one application: kiosks at /api, people everywhere else."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount

from service.desk.answer_pages import AnswerPages
from service.desk.api import create_api
from service.desk.guard import Guard
from service.desk.insights import NOWHERE
from service.desk.kiosks import KioskPages
from service.desk.mail.pages import MailPages
from service.desk.new_case import NewCasePages
from service.desk.pages import Pages
from service.desk.project import ALONE, Project
from service.desk.routes_page import RoutesPage
from service.desk.sessions import Sessions
from service.desk.upkeep import upkeep
from service.desk.writer import Writer
from service.store.tidy import CASE_MONTHS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from service.desk.courier import Courier
    from service.desk.keyring import Keyring
    from service.desk.mail.post_office import PostOffice
    from service.desk.oidc import OidcSettings
    from service.store import Store


@dataclass(frozen=True)
class Parts:
    """What the desk is made of."""

    store: Store
    keys: Keyring
    secure: bool = False
    """Whether people reach it by https: then cookies and headers say so."""
    oidc: OidcSettings | None = None
    """The company's own sign-in, beside local accounts."""
    project: Project = ALONE
    """The folder of the guides, for opening hours, coverage and changes."""
    sites: tuple[str, ...] = ()
    """Origins of the help center on the web whose pages may hand cases over, and tell what they counted."""
    case_months: int = CASE_MONTHS
    """Months after its end until a case is erased; 0 keeps it for ever."""
    courier: Courier | None = None
    """Who hands cases on; without one they stay here."""
    mail: PostOffice | None = None
    site: str = ""
    """Where the guides are on the web, for links in answers."""


def create_app(parts: Parts) -> ASGIApp:
    """Put everything behind the guard. What was posted is written before the server ends."""
    sessions = Sessions(parts.store, secure=parts.secure)
    company = parts.oidc.name if parts.oidc else ""
    pages = Pages(parts.store, sessions, company=company, project=parts.project, mail=parts.mail, site=parts.site)
    more: list[MailPages | AnswerPages | KioskPages | RoutesPage | NewCasePages] = [
        MailPages(pages, parts.store, sessions, parts.mail),
        AnswerPages(pages, parts.store, sessions, parts.site),
        NewCasePages(pages, parts.store, sessions, parts.project, parts.mail.settings.prefix if parts.mail else ""),
        KioskPages(parts.store, pages),
        RoutesPage(parts.store, sessions, pages, parts.courier),
    ]
    writer = Writer(parts.store)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        routes_file = parts.courier.routes if parts.courier else NOWHERE
        daily = asyncio.create_task(upkeep(parts.store, parts.case_months, routes_file))
        if parts.mail:
            parts.mail.start()
        yield
        if parts.mail:
            parts.mail.close()
        daily.cancel()
        writer.close()

    api = create_api(parts.store, writer, parts.keys, sites=parts.sites, project=parts.project)
    routes: list[BaseRoute] = [Mount("/api", api), *(route for part in more for route in part.routes()), *pages.routes()]
    if parts.oidc:
        routes.append(_company(parts.oidc, parts.store, sessions, secure=parts.secure))
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: pages.failed})
    return Guard(app, secure=parts.secure)


def _company(settings: OidcSettings, store: Store, sessions: Sessions, *, secure: bool) -> Mount:
    # Only a desk that signs in this way needs those packages.
    from service.desk.oidc import Company  # noqa: PLC0415

    return Company(settings, store, sessions).routes(secure=secure)
