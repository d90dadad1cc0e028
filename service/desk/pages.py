"""The desk's pages: sign in, the queue, a case, and everything that can be done to it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from service.cases import CannotError
from service.desk import words
from service.desk.actions import events_of
from service.desk.figures import as_csv, as_json, figures_of, span
from service.desk.sessions import Person, Sessions, at_home
from service.metrics import DEFINITIONS
from service.reference import ReferenceProblem, parse_reference
from service.store import people
from service.store.cases import PAGE_ROWS, Filter, NoCaseError, add, erase, listed, load, tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from service.store import Store

THEME = Path(__file__).resolve().parents[2] / "theme"
NO_STORE = {"cache-control": "no-store"}


class Pages:
    """Answers people; every page is rendered from theme/desk."""

    def __init__(self, store: Store, sessions: Sessions, theme: Path = THEME, company: str = "") -> None:
        self._store = store
        self._sessions = sessions
        self._theme = theme
        self._environment = Environment(
            loader=FileSystemLoader(theme / "desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            flows=words.FLOWS, statuses=words.STATUSES, happened=words.EVENTS, outcomes=words.OUTCOMES, told=words.told
        )
        self._environment.globals["company"] = company
        self._environment.filters["moment"] = words.moment

    def routes(self) -> list[BaseRoute]:
        """Return all addresses for people."""
        return [
            Route("/sign-in", self.sign_in, methods=["GET", "POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/", self.queue, methods=["GET"]),
            Route("/figures", self.figures, methods=["GET"]),
            Route("/figures.json", self.figures, methods=["GET"]),
            Route("/figures.csv", self.figures, methods=["GET"]),
            Route("/case/{reference}", self.case, methods=["GET"]),
            Route("/case/{reference}/{action}", self.act, methods=["POST"]),
            Mount("/assets", StaticFiles(directory=self._theme / "site" / "assets")),
            Mount("/desk", StaticFiles(directory=self._theme / "desk" / "assets")),
        ]

    async def sign_in(self, request: Request) -> Response:
        """Ask for name and password, and let somebody in."""
        if request.method == "GET":
            return self._page("sign-in.html", None, wrong=False, name="", back=at_home(request.query_params.get("back", "/")))
        form = await request.form(max_files=0, max_fields=10)
        name, back = _field(form, "name").strip(), at_home(_field(form, "back"))
        secret = await run_in_threadpool(self._sessions.sign_in, request, name, _field(form, "password"))
        if secret is None:
            return self._page("sign-in.html", None, 401, wrong=True, name=name, back=back)
        response = RedirectResponse(back, 303, NO_STORE)
        self._sessions.set_cookie(response, secret)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session."""
        form = await request.form(max_files=0, max_fields=10)
        await run_in_threadpool(self._sessions.checked, request, _field(form, "token"))
        await run_in_threadpool(self._sessions.sign_out, request)
        response = RedirectResponse("/sign-in", 303, {**NO_STORE, "clear-site-data": '"cache", "storage"'})
        response.delete_cookie(self._sessions.cookie, path="/")
        return response

    async def queue(self, request: Request) -> Response:
        """Show the cases that wait, the most pressing first."""
        return await run_in_threadpool(self._queue, request)

    def _queue(self, request: Request) -> Response:
        person = self._person(request)
        wanted = _filter(request, person)
        try:
            return RedirectResponse(f"/case/{parse_reference(wanted.words)}", 303, NO_STORE)
        except ReferenceProblem:
            pass  # words to search for, not a number
        now = self._sessions.now()
        with self._store.read() as connection:
            rows, total = listed(connection, wanted)
            counted = tally(connection, now)
            colleagues = people.everybody(connection)
        cases = [
            {**row._asdict(), "left": words.left(row.answer_by, now) if row.first_reply_at is None else ("", "")} for row in rows
        ]
        told: dict[str, Any] = {"page": wanted.page, "pages": max(1, -(-total // PAGE_ROWS)), "query": _query(wanted)}
        return self._page(
            "queue.html", person, cases=cases, total=total, tally=counted, wanted=wanted, colleagues=colleagues, now=now, **told
        )

    async def case(self, request: Request) -> Response:
        """Show one case with everything that was tried and said."""
        return await run_in_threadpool(self._case, request)

    def _case(self, request: Request, problem: str = "", draft: str = "", status: int = 200) -> Response:
        person = self._person(request)
        reference = _reference(request)
        now = self._sessions.now()
        with self._store.read() as connection:
            try:
                found = load(connection, reference)
            except NoCaseError as error:
                raise HTTPException(404, str(error)) from None
            colleagues = people.everybody(connection)
        if request.method == "GET":
            self._store.writing(lambda connection: people.note(connection, person.name, "looked at", reference, now))
        left = words.left(found.answer_by, now) if found.first_reply_at is None else ("", "")
        told: dict[str, Any] = {"case": found, "left": left, "details": words.details(found), "colleagues": colleagues}
        return self._page("case.html", person, status, **told, problem=problem, draft=draft, now=now)

    async def figures(self, request: Request) -> Response:
        """Show the figures of a time, or hand them out."""
        return await run_in_threadpool(self._figures, request)

    def _figures(self, request: Request) -> Response:
        person = self._person(request)
        if not person.may("manager"):
            raise HTTPException(403, "Figures are for managers.")
        now = self._sessions.now()
        first, last = span(request.query_params, datetime.fromtimestamp(now / 1000, UTC).date())
        found = figures_of(self._store, first, last, now)
        if request.url.path.endswith(".json"):
            return JSONResponse(as_json(found), headers=NO_STORE)
        if request.url.path.endswith(".csv"):
            headers = {**NO_STORE, "content-disposition": f'attachment; filename="figures-{first}-{last}.csv"'}
            return Response(as_csv(found), media_type="text/csv; charset=utf-8", headers=headers)
        return self._page("figures.html", person, figures=found, definitions=DEFINITIONS, first=first, last=last)

    async def act(self, request: Request) -> Response:
        """Let something happen to a case, then show it again."""
        form = await request.form(max_files=0, max_fields=20)
        return await run_in_threadpool(self._act, request, form)

    def _act(self, request: Request, form: FormData) -> Response:
        person = self._sessions.checked(request, _field(form, "token"))
        reference, action = _reference(request), request.path_params["action"]
        now = self._sessions.now()
        told = {name: _field(form, name) for name in form}
        try:
            self._store.writing(self._change(person, reference, action, told, now))
        except CannotError as error:
            # What was written must not be lost because a colleague was faster.
            return self._case(request, str(error), told.get("text", ""), 409)
        except (NoCaseError, KeyError):
            raise HTTPException(404, f"There is no case {reference}, or nothing to do at this address.") from None
        return RedirectResponse(f"/case/{reference}#last", 303, NO_STORE)

    def _change(
        self, person: Person, reference: str, action: str, form: dict[str, str], now: int
    ) -> Callable[[Connection], None]:
        if action == "erase" and not person.may("manager"):
            raise HTTPException(403, "Only a manager may erase a case.")

        def change(connection: Connection) -> None:
            if action == "erase":
                erase(connection, reference, person.name, now)
                people.note(connection, person.name, "erased", reference, now)
                return
            for event in events_of(action, form, person.name, now):
                add(connection, reference, event)

        return change

    def _person(self, request: Request) -> Person:
        person = self._sessions.person(request)
        if person is None:
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            raise HTTPException(303, "", {"location": f"/sign-in?{urlencode({'back': back})}"})
        return person

    def _page(self, template: str, person: Person | None, status: int = 200, **values: Any) -> Response:
        html = self._environment.get_template(template).render(person=person, **values)
        return HTMLResponse(html, status, NO_STORE)

    def manager(self, request: Request) -> Person:
        """Return who is signed in, if they may see more than cases."""
        person = self._person(request)
        if not person.may("manager"):
            raise HTTPException(403, "This page is for managers.")
        return person

    def now(self) -> int:
        """Return the moment in milliseconds."""
        return self._sessions.now()

    def page(self, template: str, person: Person, **values: Any) -> Response:
        """Return a page of theme/desk."""
        return self._page(template, person, **values)

    async def failed(self, request: Request, error: Exception) -> Response:
        """Tell a person what did not work, on a page with a way on."""
        found = (
            error if isinstance(error, HTTPException) else HTTPException(500, "Something went wrong here. It was written down.")
        )
        if found.status_code == 303:
            return RedirectResponse(dict(found.headers or {})["location"], 303, NO_STORE)
        person = await run_in_threadpool(self._sessions.person, request)
        response = self._page("failed.html", person, found.status_code, text=found.detail)
        response.headers.update(found.headers or {})
        return response


def _reference(request: Request) -> str:
    try:
        return str(parse_reference(request.path_params["reference"]))
    except ReferenceProblem as error:
        raise HTTPException(404, str(error)) from None


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _filter(request: Request, person: Person) -> Filter:
    asked = request.query_params
    mine = asked.get("assignee", "")
    page, level = asked.get("page", "0"), asked.get("level", "0")
    return Filter(
        status=asked.get("status", "due"),
        store=asked.get("store", "")[:128],
        flow=asked.get("flow", "") if asked.get("flow", "") in words.FLOWS else "",
        assignee=person.name if mine == "me" else mine[:64],
        level=int(level) if level in {"1", "2", "3"} else 0,
        words=asked.get("words", "").replace("\x00", "").strip()[:100],
        page=int(page) if page.isdecimal() and len(page) < 6 else 0,
    )


def _query(wanted: Filter) -> str:
    told = {key: value for key, value in wanted._asdict().items() if value and key != "page"}
    return urlencode(told)
