"""The desk's pages: sign in, the queue, a case, and everything that can be done to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from service.cases import CannotError, Case, Kind
from service.desk import params, words
from service.desk.actions import events_of
from service.desk.manager import ManagerPages
from service.desk.photos import taken_from
from service.desk.privacy import erase_family
from service.desk.project import ALONE, Project
from service.desk.ready_answers import filled, guide_link
from service.desk.sessions import LIVE_HEADER, SIGNED_OUT, Person, Sessions, at_home
from service.store import mail as mail_store
from service.store import people, photos
from service.store.cases import (
    NOBODY,
    PAGE_ROWS,
    Beside,
    Filter,
    NoCaseError,
    add,
    beside,
    following,
    last_change,
    listed,
    load,
    merge,
    named,
    products,
    stores,
    tally,
)
from service.store.ready_answers import all_answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from service.desk.mail.post_office import PostOffice
    from service.store import Store
    from service.store.photos import Photo

THEME = Path(__file__).resolve().parents[2] / "theme"
NO_STORE = {"cache-control": "no-store"}
MOST_FILES = 10
WITH_PHOTOS = {"note", "answer"}
PLACES = [
    ("/", "Cases", "clerk"),
    ("/new", "New case", "clerk"),
    ("/mail", "Mail", "clerk"),
    ("/answers", "Ready answers", "clerk"),
    ("/routes", "Routes", "clerk"),
    ("/figures", "Figures", "manager"),
    ("/insights", "Insights", "manager"),
    ("/kiosks", "Kiosks", "manager"),
]
"""The pages of the desk: address, name, and who sees them."""


class Pages:
    """Answers people; every page is rendered from theme/desk."""

    def __init__(
        self,
        store: Store,
        sessions: Sessions,
        theme: Path = THEME,
        company: str = "",
        project: Project = ALONE,
        mail: PostOffice | None = None,
        site: str = "",
    ) -> None:
        self._store = store
        self._project = project
        self._sessions = sessions
        self._theme = theme
        self._mail = mail
        self._site = site
        self._environment = Environment(
            loader=FileSystemLoader(theme / "desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            wrong=words.WRONG,
            remedies=words.REMEDIES,
            flows=words.FLOWS,
            statuses=words.STATUSES,
            happened=words.EVENTS,
            outcomes=words.OUTCOMES,
            told=words.told,
        )
        self._environment.globals.update(company=company, mail_states=words.MAILS, troubled=mail_store.TROUBLED, places=PLACES)
        self._environment.filters.update(moment=words.moment, day=words.day, number=words.number)

    def routes(self) -> list[BaseRoute]:
        """Return all addresses for people."""
        return [
            Route("/sign-in", self.sign_in, methods=["GET", "POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/", self.queue, methods=["GET"]),
            *ManagerPages(self._store, self._project, self._page, self._person, self._sessions.now).routes(),
            Route("/at", self.at, methods=["GET"]),
            Route("/case/{reference}", self.case, methods=["GET"]),
            Route("/case/{reference}/at", self.at, methods=["GET"]),
            Route("/case/{reference}/print", self.case, methods=["GET"]),
            Route("/case/{reference}/photo/{photo}.jpg", self.photo, methods=["GET"]),
            Route("/case/{reference}/{action}", self.act, methods=["POST"]),
            Mount("/assets", StaticFiles(directory=self._theme / "site" / "assets")),
            Mount("/desk", StaticFiles(directory=self._theme / "desk" / "assets")),
        ]

    async def sign_in(self, request: Request) -> Response:
        """Ask for name and password, and let somebody in."""
        if request.method == "GET":
            return self._page("sign-in.html", None, wrong=False, name="", back=at_home(request.query_params.get("back", "/")))
        form = await request.form(max_files=0, max_fields=10)
        name, back = params.field(form, "name").strip(), at_home(params.field(form, "back"))
        secret = await run_in_threadpool(self._sessions.sign_in, request, name, params.field(form, "password"))
        if secret is None:
            return self._page("sign-in.html", None, 401, wrong=True, name=name, back=back)
        response = RedirectResponse(back, 303, NO_STORE)
        self._sessions.set_cookie(response, secret)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session."""
        form = await request.form(max_files=0, max_fields=10)
        await run_in_threadpool(self._sessions.checked, request, params.field(form, "token"))
        await run_in_threadpool(self._sessions.sign_out, request)
        response = RedirectResponse("/sign-in", 303, {**NO_STORE, "clear-site-data": '"cache", "storage"'})
        response.delete_cookie(self._sessions.cookie, path="/")
        return response

    async def queue(self, request: Request) -> Response:
        """Show the cases that wait, the most pressing first."""
        return await run_in_threadpool(self._queue, request)

    def _queue(self, request: Request) -> Response:
        person = self._person(request)
        wanted = params.filter_of(request, person)
        now = self._sessions.now()
        with self._store.read() as connection:
            if number := params.number(wanted.words):
                if found := named(connection, number):
                    return RedirectResponse(f"/case/{found}", 303, NO_STORE)
                wanted = wanted._replace(words=number)
            rows, total = listed(connection, wanted, now)
            counted = tally(connection, now, person.name)
            about = beside(connection, [row.reference for row in rows])
            colleagues = people.everybody(connection)
            told: dict[str, Any] = {"stores": stores(connection), "at": last_change(connection)}
            told |= {"mails": mail_store.counts(connection)} if self._mail else {"mails": None}
        cases = [
            {
                **row._asdict(),
                "left": words.left(row.answer_by, now) if row.first_reply_at is None else ("", ""),
                "beside": about.get(row.reference, Beside()),
            }
            for row in rows
        ]
        told |= {"page": wanted.page, "pages": max(1, -(-total // PAGE_ROWS)), "query": params.query_of(wanted), "nobody": NOBODY}
        told |= {"number": number, "names": _names(colleagues)}
        told["here"] = f"/?{request.url.query}" if request.url.query else "/"
        told["filtered"] = bool(wanted.flow or wanted.level or wanted.store or wanted.assignee not in {"", person.name})
        return self._page(
            "queue.html", person, cases=cases, total=total, tally=counted, wanted=wanted, colleagues=colleagues, now=now, **told
        )

    async def case(self, request: Request) -> Response:
        """Show one case with everything that was tried and said."""
        return await run_in_threadpool(self._case, request)

    def _case(self, request: Request, problem: str = "", kept: dict[str, Any] | None = None, status: int = 200) -> Response:
        """Show a case; `kept` is what was written in a form of it that could not be taken."""
        person = self._person(request)
        reference = params.reference(request)
        now = self._sessions.now()
        with self._store.read() as connection:
            try:
                found = load(connection, reference)
            except NoCaseError as error:
                if other := named(connection, reference):
                    raise HTTPException(303, "", {"location": f"/case/{other}"}) from None
                raise HTTPException(404, str(error)) from None
            told: dict[str, Any] = self._about(connection, found, person)
        if request.method == "GET" and LIVE_HEADER not in request.headers:
            self._store.writing(lambda connection: people.note(connection, person.name, "looked at", reference, now))
        left = words.left(found.answer_by, now) if found.first_reply_at is None else ("", "")
        told |= {"case": found, "left": left, "details": words.details(found), "to": words.answer_to(found)}
        template = "print.html" if request.url.path.endswith("/print") else "case.html"
        if template == "print.html":
            told["code"] = segno.make_qr(reference, error="q").svg_data_uri(scale=4, border=2)
        answers = [answer._replace(text=filled(answer.text, found, self._site)) for answer in told["answers"]]
        asked = request.query_params.get("put_in", "")
        put_in = next((answer.text for answer in answers if answer.id == asked), "")
        told["about"] = {**words.about(found), **((kept or {}).get("sort") or {})}
        told["kept"] = {"reply": put_in, "note": "", "answer": "", "sort": None, **(kept or {})}
        mine = [answer for answer in answers if answer.language == found.request.language.split("-")[0]]
        told["answers"] = [(mine or answers), [answer for answer in answers if mine and answer not in mine]]
        return self._page(template, person, status, **told, problem=problem, now=now)

    def _about(self, connection: Connection, found: Case, person: Person) -> dict[str, Any]:
        """Read what belongs to a case and is not in its events."""
        request, colleagues = found.request, people.everybody(connection)
        mails, pictures = mail_store.of_case(connection, request.reference), photos.of_case(connection, request.reference)
        others = listed(connection, Filter("all", words=request.reply.address))[0] if request.reply.address else []
        return {
            "colleagues": colleagues,
            "products": products(connection),
            "names": _names(colleagues),
            "following": following(connection, request.reference, person.name),
            "mails": mails,
            "photos": pictures,
            "answers": all_answers(connection),
            "joined": [load(connection, event.data["from"]) for event in found.events if event.kind is Kind.JOINED],
            "others": sorted((row for row in others if row.reference != request.reference), key=_is_closed)[:8],
            "can_mail": bool(self._mail and self._mail.settings.smtp),
            "guide": guide_link(self._site, request.language, request.page),
            "at": _case_at(found, mails),
        }

    async def at(self, request: Request) -> Response:
        """Say, for a page that stays open, whether anything is new."""
        return await run_in_threadpool(self._at, request)

    def _at(self, request: Request) -> Response:
        self._person(request)
        with self._store.read() as connection:
            if "reference" not in request.path_params:
                return JSONResponse({"at": last_change(connection)}, headers=NO_STORE)
            reference = params.reference(request)
            try:
                found = load(connection, reference)
            except NoCaseError as error:
                raise HTTPException(404, str(error)) from None
            return JSONResponse({"at": _case_at(found, mail_store.of_case(connection, reference))}, headers=NO_STORE)

    async def photo(self, request: Request) -> Response:
        """Show a photo of a case; it is never kept by the browser."""
        return await run_in_threadpool(self._photo, request)

    def _photo(self, request: Request) -> Response:
        self._person(request)
        with self._store.read() as connection:
            found = photos.picture(connection, params.reference(request), request.path_params["photo"])
        if found is None:
            raise HTTPException(404, "There is no such photo.")
        return Response(found, media_type="image/jpeg", headers={**NO_STORE, "content-disposition": "inline"})

    async def act(self, request: Request) -> Response:
        """Let something happen to a case, then show it again."""
        # Whoever is not signed in is sent away before files are read.
        if await run_in_threadpool(self._sessions.person, request) is None:
            raise HTTPException(401, SIGNED_OUT)
        with_photos = request.path_params["action"] in WITH_PHOTOS
        async with request.form(max_files=MOST_FILES if with_photos else 0, max_fields=20) as form:
            files = [(one.filename or "photo", await one.read()) for one in form.getlist("photos") if isinstance(one, UploadFile)]
            return await run_in_threadpool(self._act, request, form, [file for file in files if file[1]])

    def _act(self, request: Request, form: FormData, files: list[tuple[str, bytes]]) -> Response:
        person = self._sessions.checked(request, params.field(form, "token"))
        reference, action = params.reference(request), request.path_params["action"]
        now = self._sessions.now()
        told = {name: params.field(form, name) for name in form}
        pictures, left_out = taken_from(files)
        if left_out:
            return self._case(request, "Not taken: " + "; ".join(left_out) + ".", {action: told.get("text", "")}, 409)
        try:
            self._store.writing(self._change(person, reference, action, told, now, pictures))
        except CannotError as error:
            # What was written must not be lost because a colleague was faster.
            kept = {"safety_risk": "", **told} if action == "sort" else told.get("text", "")
            return self._case(request, str(error), {action: kept}, 409)
        except (NoCaseError, KeyError):
            raise HTTPException(404, f"There is no case {reference}, or nothing to do at this address.") from None
        if self._mail:
            self._mail.wake()
        return RedirectResponse(f"/case/{told['into'] if action == 'merge' else reference}#last", 303, NO_STORE)

    def _change(
        self, person: Person, reference: str, action: str, form: dict[str, str], now: int, pictures: list[Photo]
    ) -> Callable[[Connection], None]:
        if action == "erase" and not person.may("manager"):
            raise HTTPException(403, "Only a manager may erase a case.")

        def change(connection: Connection) -> None:
            if action == "erase":
                erase_family(connection, reference, person.name, now)
                return
            if action == "merge":
                form["into"] = params.typed_reference(form.get("into", ""))
                merge(connection, reference, form["into"], person.name, now)
                return
            for event in events_of(action, form, person.name, now, with_photos=bool(pictures)):
                case = load(connection, reference)
                if pictures and action in WITH_PHOTOS:
                    event.data["photos"] = photos.keep(connection, case.request.store, reference, pictures, now)
                if self._mail and event.kind is Kind.REPLIED and event.data["how"] == "mail":
                    event.data["mail"] = self._mail.answer(connection, case, event.data["text"], form.get("to", "").strip(), now)
                add(connection, reference, event)

        return change

    def signed_in(self, request: Request) -> Person:
        """Return who is signed in, or lead to the sign-in."""
        return self._person(request)

    def show(self, template: str, person: Person, status: int = 200, **values: Any) -> Response:
        """Return a page of theme/desk."""
        return self._page(template, person, status, **values)

    def _person(self, request: Request) -> Person:
        person = self._sessions.person(request)
        if person is None:
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            raise HTTPException(303, "", {"location": f"/sign-in?{urlencode({'back': back})}"})
        return person

    def _page(self, template: str, person: Person | None, status: int = 200, **values: Any) -> Response:
        html = self._environment.get_template(template).render(person=person, **values)
        return HTMLResponse(html, status, NO_STORE)

    def person(self, request: Request) -> Person:
        """Return who is signed in; whoever is not is led to the sign-in and back."""
        return self._person(request)

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


def _names(colleagues: list[people.Account]) -> dict[str, str]:
    return {one.name: one.shown_name or one.name for one in colleagues}


def _is_closed(row: Row[Any]) -> bool:
    return bool(row.status == "closed")


def _case_at(case: Case, mails: dict[str, Any]) -> str:
    """Return a word that is another one when anything on the page of a case has changed."""
    return f"{len(case.events)}.{case.changed_at}.{'.'.join(sorted(f'{row.state}{row.tries}' for row in mails.values()))}"
