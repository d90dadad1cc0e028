"""Signed in: a secret in a cookie, its hash in the store, and a token in every form that only our own pages know."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException

from service.desk.limits import Buckets
from service.desk.passwords import is_right
from service.store import people

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from service.store import Store

LONGEST = 12 * 3600
"""Seconds after which one signs in anew: a working day."""
IDLE = 2 * 3600
"""Seconds without a click, after which somebody has left."""
SEEN_EVERY = 60
LIVE_HEADER = "x-desk-live"
"""A page that only looks whether something is new says so: nobody clicked."""
SIGNED_OUT = "You are signed out. Sign in again; what you wrote is still in the form when you go back."
ROLES = ("clerk", "manager", "admin")


@dataclass(frozen=True)
class Person:
    """Who is signed in."""

    name: str
    shown_name: str
    role: str
    token: str
    """Stands in every form; a page of another site cannot know it."""

    def may(self, role: str) -> bool:
        """Whether the role is enough."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Sessions:
    """Signs people in and out, and knows them again."""

    def __init__(self, store: Store, *, secure: bool, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._secure = secure
        self._clock = clock
        # The prefix lets a browser take the cookie only by https and from this host.
        self.cookie = "__Host-desk" if secure else "desk"
        self._tries = Buckets(per_second=0.1, burst=8)

    def now(self) -> int:
        """Return the moment in milliseconds."""
        return int(self._clock() * 1000)

    def sign_in(self, request: Request, name: str, password: str) -> str | None:
        """Return a new session's secret, or None; a flood of tries ends with 429."""
        same_origin(request)
        wait = self._tries.wait(f"{request.client.host if request.client else ''} {name[:64]}")
        if wait:
            raise HTTPException(429, f"Too many tries. Wait {wait} seconds.", {"retry-after": str(wait)})
        with self._store.read() as connection:
            found = people.account(connection, name)
        if not is_right(found.password if found else "", password) or found is None:
            self._store.writing(lambda connection: people.note(connection, name[:64], "sign-in refused", "", self.now()))
            return None
        return self.begin(found.name, "signed in")

    def begin(self, name: str, how: str) -> str:
        """Begin a session of somebody who has proven who they are; return its secret."""
        secret = secrets.token_urlsafe(32)

        def start(connection: Connection) -> None:
            people.begin_session(connection, _digest(secret), name, self.now())
            people.note(connection, name, how, "", self.now())

        self._store.writing(start)
        return secret

    def person(self, request: Request) -> Person | None:
        """Return who is signed in."""
        secret = request.cookies.get(self.cookie, "")
        if not secret:
            return None
        now = self.now()
        with self._store.read() as connection:
            found = people.whose_session(connection, _digest(secret), now - LONGEST * 1000, now - IDLE * 1000)
        if found is None:
            return None
        account, last = found
        if now - last > SEEN_EVERY * 1000 and LIVE_HEADER not in request.headers:
            self._store.writing(lambda connection: people.seen(connection, _digest(secret), now))
        return Person(account.name, account.shown_name or account.name, account.role, _token(secret))

    def checked(self, request: Request, token: str) -> Person:
        """Return who posted this form; refuse it when it came from elsewhere."""
        same_origin(request)
        person = self.person(request)
        if person is None:
            raise HTTPException(401, SIGNED_OUT)
        if not hmac.compare_digest(token.encode(), person.token.encode()):
            raise HTTPException(403, "This form is not from this desk, or is too old. Open the page again.")
        return person

    def sign_out(self, request: Request) -> None:
        """End the session."""
        secret = request.cookies.get(self.cookie, "")
        over = self.now() - 2 * LONGEST * 1000
        self._store.writing(lambda connection: people.end_session(connection, _digest(secret), over))

    def set_cookie(self, response: Response, secret: str) -> None:
        """Hand the secret to the browser, out of the reach of scripts."""
        response.set_cookie(self.cookie, secret, max_age=LONGEST, httponly=True, secure=self._secure, samesite="lax", path="/")


def same_origin(request: Request) -> None:
    """Refuse a form that was posted by a page of another site; browsers always say where a post comes from."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    if foreign or site not in {None, "same-origin", "none"} or (origin is None and site is None):
        raise HTTPException(403, "This form came from another site.")


def at_home(address: str) -> str:
    """Return an address of our own: never one of another host."""
    own = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address and address.isprintable()
    return address if own else "/"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(secret: str) -> str:
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()
