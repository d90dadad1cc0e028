"""The page of routes: where cases go, what waits, what failed and why, and the buttons that cure it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from service.connectors.targets import NAMES
from service.desk.pages import NO_STORE
from service.routing import CONDITIONS, DESK
from service.store import deliveries as store_of
from service.store import people
from service.store.deliveries import State, Which
from service.store.insights import MARK, event_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.requests import Request

    from service.connectors.targets import Target
    from service.desk.courier import Courier
    from service.desk.pages import Pages
    from service.desk.sessions import Person, Sessions
    from service.store import Store

SHOWN = {"open": store_of.OPEN, "failed": (State.FAILED, State.UNCLEAR), "waiting": (State.WAITING,), "done": (State.DONE,)}
STATES = {
    State.WAITING: "Waits",
    State.DONE: "Handed on",
    State.FAILED: "Failed",
    State.UNCLEAR: "Please look there",
}


class RoutesPage:
    """Answers /routes."""

    def __init__(self, store: Store, sessions: Sessions, pages: Pages, courier: Courier | None) -> None:
        self._store = store
        self._sessions = sessions
        self._pages = pages
        self._courier = courier

    def routes(self) -> list[BaseRoute]:
        """Return the addresses of this page."""
        return [
            Route("/routes", self.show, methods=["GET"]),
            Route("/routes/{action}", self.act, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show everything."""
        return await run_in_threadpool(self._show, request)

    def _show(self, request: Request) -> Response:
        person = self._pages.person(request)
        shown = request.query_params.get("show", "open")
        states = SHOWN.get(shown, store_of.OPEN)
        with self._store.read() as connection:
            rows = store_of.listed(connection, states)
            tallied, off = store_of.tallied(connection), store_of.off(connection)
            defects = {row.reference: _defect(connection, row.reference) for row in rows if row.reference.startswith(MARK)}
        told: dict[str, Any] = {"rows": rows, "shown": shown if shown in SHOWN else "open", "states": STATES, "off": off}
        told["defects"] = defects
        return self._pages.page(
            "routes.html", person, **told, targets=self._targets(tallied), rules=self._rules(), makers=self._makers()
        )

    def _targets(self, tallied: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
        known = dict(self._courier.routes.targets) if self._courier else {}
        names = [*known, *(name for name in sorted(tallied) if name not in known)]
        return [{"name": name, **_about(known.get(name)), **_counted(tallied.get(name, {}))} for name in names]

    def _rules(self) -> list[dict[str, Any]]:
        rules = self._courier.routes.rules if self._courier else ()
        found = []
        for rule in rules:
            wanted = [(name, getattr(rule, name)) for name in CONDITIONS if getattr(rule, name) not in ((), None)]
            when = [(name.capitalize(), _words(value)) for name, value in wanted]
            to = ["stays at this desk" if name == DESK else name for name in rule.to]
            found.append({"when": when, "to": to, "priority": rule.priority or "", "group": rule.group})
        return found

    def _makers(self) -> list[dict[str, Any]]:
        rules = self._courier.routes.defects if self._courier else ()
        names = ("product", "route")
        return [
            {"when": [(name.capitalize(), _words(getattr(rule, name))) for name in names if getattr(rule, name)], "to": rule.to}
            for rule in rules
        ]

    async def act(self, request: Request) -> Response:
        """Try again, believe that it arrived, or switch a target on."""
        form = await request.form(max_files=0, max_fields=10)
        told = {name: value.replace("\x00", "") for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(self._act, request, told)

    def _act(self, request: Request, form: dict[str, str]) -> Response:
        person = self._sessions.checked(request, form.get("token", ""))
        change = self._change(person, request.path_params["action"], form)
        if not self._store.writing(change):
            raise HTTPException(409, "Somebody was faster: this is not as it was. Look at the page again.")
        return RedirectResponse("/routes", 303, NO_STORE)

    def _change(self, person: Person, action: str, form: dict[str, str]) -> Callable[[Connection], bool]:
        which = Which(form.get("store", ""), form.get("reference", ""), form.get("target", ""))
        now = self._sessions.now()
        if action == "switch-on" and not person.may("manager"):
            raise HTTPException(403, "Only a manager may switch a target on again.")
        changes: dict[str, Callable[[Connection], bool]] = {
            "again": lambda connection: store_of.again(connection, which, now),
            "arrived": lambda connection: store_of.arrived(connection, which, now),
            "switch-on": lambda connection: store_of.switch_on(connection, which.target, now),
        }
        if action not in changes:
            raise HTTPException(404, "There is nothing to do at this address.")

        def change(connection: Connection) -> bool:
            done = changes[action](connection)
            if done:
                people.note(connection, person.name, f"routes: {action}", f"{which.reference} {which.target}".strip(), now)
            return done

        return change


def _defect(connection: Connection, name: str) -> str:
    """Return a defect in words."""
    event = event_named(connection, name)
    return "{product} {model}, {code}".format(**event["data"]).replace(" ,", ",") if event else name


def _about(target: Target | None) -> dict[str, str]:
    if target is None:
        return {"kind": "no longer in routes.yml", "where": ""}
    url = getattr(target, "url", "")
    return {"kind": NAMES[getattr(target, "kind", "")], "where": urlsplit(url).netloc or getattr(target, "to", "")}


def _counted(states: dict[str, int]) -> dict[str, int]:
    failed = states.get(State.FAILED, 0) + states.get(State.UNCLEAR, 0)
    return {"waiting": states.get(State.WAITING, 0), "failed": failed, "done": states.get(State.DONE, 0)}


def _words(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, tuple) else "yes" if value else "no"
