"""The page of mail: how the servers are, what did not arrive, and what belongs to no case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from service.desk.mail.incoming import UnreadableError, read
from service.store import mail, people

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row
    from starlette.requests import Request

    from service.desk.mail.post_office import PostOffice
    from service.desk.pages import Pages
    from service.desk.sessions import Person, Sessions
    from service.store import Store

NO_STORE = {"cache-control": "no-store"}
MOST_SHOWN = 4_000


class MailPages:
    """Shows the mail to everybody of the desk, and does what they decide."""

    def __init__(self, pages: Pages, store: Store, sessions: Sessions, office: PostOffice | None) -> None:
        self._pages = pages
        self._store = store
        self._sessions = sessions
        self._office = office

    def routes(self) -> list[BaseRoute]:
        """Return the addresses."""
        return [
            Route("/mail", self.overview, methods=["GET"]),
            Route("/mail/held/{id}", self.held, methods=["GET"]),
            Route("/mail/{action}", self.act, methods=["POST"]),
        ]

    async def overview(self, request: Request) -> Response:
        """Show what waits, what did not arrive, and what is held."""
        return await run_in_threadpool(self._overview, request)

    def _overview(self, request: Request) -> Response:
        person = self._pages.signed_in(request)
        with self._store.read() as connection:
            servers = [("Going out", mail.server(connection, "smtp")), ("Coming in", mail.server(connection, "imap"))]
            unsent, held = mail.unsent(connection), mail.held(connection)
        settings = self._office.settings if self._office else None
        hosts = [part.host if part else "" for part in ((settings.smtp, settings.imap) if settings else (None, None))]
        both = list(zip(hosts, servers, strict=True))
        return self._pages.show("mail.html", person, settings=settings, servers=both, unsent=unsent, held=held)

    async def held(self, request: Request) -> Response:
        """Show a mail that is held, as words only."""
        return await run_in_threadpool(self._held, request)

    def _held(self, request: Request) -> Response:
        person = self._pages.signed_in(request)
        with self._store.read() as connection:
            row = mail.held_mail(connection, request.path_params["id"])
        if row is None:
            raise HTTPException(404, "This mail is not held any more.")
        return self._pages.show("held.html", person, row=row, text=_text_of(row))

    async def act(self, request: Request) -> Response:
        """Send a mail again, take a held one in, or throw it away."""
        form = await request.form(max_files=0, max_fields=10)
        told = {name: value for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(self._act, request, told)

    def _act(self, request: Request, form: dict[str, str]) -> Response:
        person = self._sessions.checked(request, form.get("token", ""))
        if self._office is None:
            raise HTTPException(409, "This desk has no mail: set [mail] in desk.toml.")
        match request.path_params["action"]:
            case "again":
                return self._again(person, form)
            case "take":
                return self._take(person, form.get("id", ""))
            case "drop":
                return self._drop(person, form.get("id", ""))
            case _:
                raise HTTPException(404, "There is nothing to do at this address.")

    def _again(self, person: Person, form: dict[str, str]) -> Response:
        now = self._sessions.now()

        def change(connection: Connection) -> str:
            row = mail.again(connection, form.get("id", ""), now)
            if row is not None:
                people.note(connection, person.name, "sent a mail again", row.reference, now)
            return row.reference if row is not None else ""

        reference = self._store.writing(change)
        if self._office:
            self._office.wake()
        return RedirectResponse(f"/case/{reference}" if reference and form.get("back") == "case" else "/mail", 303, NO_STORE)

    def _take(self, person: Person, digest: str) -> Response:
        now = self._sessions.now()
        with self._store.read() as connection:
            row = mail.held_mail(connection, digest)
        if row is None or self._office is None:
            return RedirectResponse("/mail", 303, NO_STORE)

        def note(connection: Connection) -> None:
            people.note(connection, person.name, "took a held mail in", "", now)

        taken = self._office.taker.take(bytes(row.content), now, also=note, held=digest)
        if taken.outcome == "held":
            raise HTTPException(409, f"This mail cannot be taken in: {taken.reason}. It is still held.")
        return RedirectResponse(f"/case/{taken.reference}" if taken.reference else "/mail", 303, NO_STORE)

    def _drop(self, person: Person, digest: str) -> Response:
        now = self._sessions.now()

        def change(connection: Connection) -> None:
            if mail.drop(connection, digest):
                people.note(connection, person.name, "threw a held mail away", "", now)

        self._store.writing(change)
        return RedirectResponse("/mail", 303, NO_STORE)


def _text_of(row: Row[object]) -> str:
    try:
        return read(bytes(row.content)).text[:MOST_SHOWN]
    except UnreadableError:
        return bytes(row.content[:MOST_SHOWN]).decode("utf-8", "replace")
