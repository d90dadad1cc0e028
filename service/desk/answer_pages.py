"""The page of answers that lie ready: managers write them, everybody reads them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from service.cases import CannotError
from service.desk.mail.letters import LANGUAGES
from service.desk.ready_answers import PLAIN, checked
from service.store import people
from service.store.ready_answers import ReadyAnswer, all_answers, save_answer

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request

    from service.desk.pages import Pages
    from service.desk.sessions import Sessions
    from service.store import Store

NO_STORE = {"cache-control": "no-store"}
NEW = ReadyAnswer("", "", "en", "")


class AnswerPages:
    """Shows and keeps ready answers."""

    def __init__(self, pages: Pages, store: Store, sessions: Sessions, site: str) -> None:
        self._pages = pages
        self._store = store
        self._sessions = sessions
        self._site = site

    def routes(self) -> list[BaseRoute]:
        """Return the addresses."""
        return [Route("/answers", self.overview, methods=["GET"]), Route("/answers", self.save, methods=["POST"])]

    async def overview(self, request: Request) -> Response:
        """Show all answers, and the form for one."""
        return await run_in_threadpool(self._overview, request)

    def _overview(self, request: Request, problem: str = "", tried: ReadyAnswer | None = None) -> Response:
        person = self._pages.signed_in(request)
        with self._store.read() as connection:
            answers = all_answers(connection)
        asked = request.query_params.get("id", "")
        chosen = tried or next((answer for answer in answers if answer.id == asked), NEW)
        told = {"answers": answers, "chosen": chosen, "problem": problem, "gaps": PLAIN, "languages": sorted(LANGUAGES)}
        return self._pages.show("answers.html", person, 409 if problem else 200, **told, site=self._site)

    async def save(self, request: Request) -> Response:
        """Keep an answer, or take it out of use."""
        form = await request.form(max_files=0, max_fields=10)
        told = {name: value.replace("\x00", "") for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(self._save, request, told)

    def _save(self, request: Request, form: dict[str, str]) -> Response:
        person = self._sessions.checked(request, form.get("token", ""))
        if not person.may("manager"):
            raise HTTPException(403, "Ready answers are written by managers.")
        language = form.get("language", "")
        answer = ReadyAnswer(
            form.get("id", "")[:32], form.get("title", ""), language if language in LANGUAGES else "en", form.get("text", "")
        )
        withdrawn = "withdraw" in form
        try:
            title, text = (answer.title, answer.text) if withdrawn else checked(answer.title, answer.text, self._site)
        except CannotError as error:
            return self._overview(request, str(error), answer)
        now = self._sessions.now()

        def change(connection: Connection) -> None:
            known = {one.id for one in all_answers(connection)}
            name = answer.id if answer.id in known else secrets.token_hex(8)
            save_answer(connection, ReadyAnswer(name, title, answer.language, text), person.name, now, withdrawn=withdrawn)
            people.note(connection, person.name, "withdrew a ready answer" if withdrawn else "wrote a ready answer", name, now)

        if not withdrawn or answer.id:
            self._store.writing(change)
        return RedirectResponse("/answers", 303, NO_STORE)
