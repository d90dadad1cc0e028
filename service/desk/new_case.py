"""A case that begins at the desk: somebody calls, or stands at the counter, and has no number yet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from service.desk.actions import cannot_be_kept, product_of, told_of
from service.desk.mail.letters import LANGUAGES
from service.desk.project import ALWAYS, Project
from service.hours import answer_by
from service.messages import MOST_WORDS, CaseRequest
from service.receipt import PROMISES
from service.reference import DEFAULT_PREFIX, new_reference
from service.store.cases import receive, stores

if TYPE_CHECKING:
    from starlette.requests import Request

    from service.desk.pages import Pages
    from service.desk.sessions import Sessions
    from service.store import Store

NO_STORE = {"cache-control": "no-store"}
EMPTY = {"flow": "question", "how": "phone", "language": "en"}
FIELDS = ("flow", "name", "how", "address", "product", "words", "language", "store", "kind", "remedy", "safety_risk")


class NewCasePages:
    """Shows the form, and keeps what was told on the phone or at the counter."""

    def __init__(self, pages: Pages, store: Store, sessions: Sessions, project: Project, prefix: str = "") -> None:
        self._pages = pages
        self._store = store
        self._sessions = sessions
        self._project = project
        self._prefix = prefix or DEFAULT_PREFIX

    def routes(self) -> list[BaseRoute]:
        """Return the addresses."""
        return [Route("/new", self.form, methods=["GET"]), Route("/new", self.make, methods=["POST"])]

    async def form(self, request: Request) -> Response:
        """Show an empty form."""
        return await run_in_threadpool(self._form, request, EMPTY, "")

    def _form(self, request: Request, told: dict[str, str], problem: str) -> Response:
        person = self._pages.signed_in(request)
        with self._store.read() as connection:
            shops = stores(connection)
        filled = {**dict.fromkeys(FIELDS, ""), **told}
        lists = {"shops": shops, "languages": sorted(LANGUAGES), "most": MOST_WORDS}
        return self._pages.show("new.html", person, 409 if problem else 200, filled=filled, problem=problem, **lists)

    async def make(self, request: Request) -> Response:
        """Begin the case, and show it."""
        form = await request.form(max_files=0, max_fields=20)
        told = {name: value.replace("\x00", "").strip() for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(self._make, request, told)

    def _make(self, request: Request, told: dict[str, str]) -> Response:
        person = self._sessions.checked(request, told.get("token", ""))
        kept = {name: told[name] for name in FIELDS if name in told}
        if told.get("how") in {"mail", "phone"} and not told.get("address"):
            return self._form(request, kept, "Type the phone number or the mail address to answer to.")
        if not told.get("words") and not told.get("name"):
            return self._form(request, kept, "Write down what was said, or who it was.")
        now = self._sessions.now()
        try:
            case = self._case(told, datetime.fromtimestamp(now // 1000, UTC))
        except ValidationError as error:
            return self._form(request, kept, cannot_be_kept(error))
        self._store.writing(lambda connection: receive(connection, [(case, "", person.name, now)]))
        return RedirectResponse(f"/case/{case.reference}", 303, NO_STORE)

    def _case(self, told: dict[str, str], now: datetime) -> CaseRequest:
        how = told.get("how", "")
        request = CaseRequest.model_validate(
            {
                "reference": new_reference(self._prefix),
                "accepted_at": now,
                "surface": "desk",
                "store": told.get("store", ""),
                "language": told.get("language", "") or "en",
                "details": told_of(told),
                "words": told.get("words", "").replace("\r\n", "\n"),
                "reply": {
                    "how": how,
                    "address": told.get("address", "") if how in {"mail", "phone"} else "",
                    "name": told.get("name", ""),
                },
                "product": product_of(told),
            }
        )
        hours = self._project.hours().get(request.store, ALWAYS)
        return request.model_copy(update={"answer_by": answer_by(hours, PROMISES[request.flow], now)})
