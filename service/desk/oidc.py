"""Sign-in through the company's own provider (OpenID Connect), beside local accounts: who it is, and which role that gives."""

from __future__ import annotations

import hashlib
import hmac
import logging
import tomllib
from typing import TYPE_CHECKING, Any, Literal

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from service.desk.sessions import ROLES, at_home
from service.store import people
from service.store.people import AccountRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.requests import Request

    from service.desk.sessions import Sessions
    from service.store import Store

FILE = "oidc.toml"
MINUTES = 10
"""For typing a password and a second factor at the provider."""
_log = logging.getLogger("helpstand.desk")
_Url = Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s?#]+$", description="an https address")


class OidcError(Exception):
    """The settings are wrong: every mistake, one per line."""


class OidcSettings(BaseModel):
    """`oidc.toml` in the desk's folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = _Url
    """Address of the provider, as it names itself in its tokens."""
    address: str = _Url
    """Address of this desk, as people type it. Register `<address>/company/back` at the provider."""
    client_id: str = Field(min_length=1)
    client_secret: str = Field(min_length=1)
    name: str = Field("your company", max_length=40)
    """Stands on the button: "Sign in with …"."""
    scope: str = "openid profile email"
    name_claim: str = "preferred_username"
    role_claim: str = "groups"
    """Where the provider tells groups; a dot goes one level down, as in `realm_access.roles`."""
    roles: dict[str, Literal["clerk", "manager", "admin"]] = Field(min_length=1)
    """Which group has which role here; whoever is in none is not let in."""


def load_oidc(folder: Path) -> OidcSettings | None:
    """Read the settings; None where there are none."""
    path = folder / FILE
    try:
        return OidcSettings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OidcError(f"{path}: is not valid TOML: {error}") from None
    except ValidationError as error:
        told = [f"{path}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False)]
        raise OidcError("\n".join(told)) from None


def claim(claims: Mapping[str, Any], path: str) -> list[str]:
    """Return the words of a claim; a claim of that whole name goes before one further down."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    return [word for word in (found if isinstance(found, list) else [found]) if isinstance(word, str) and word]


def role_of(claims: Mapping[str, Any], settings: OidcSettings) -> str | None:
    """Return the highest role that somebody's groups give, or None."""
    roles = {settings.roles[word] for word in claim(claims, settings.role_claim) if word in settings.roles}
    return max(roles, key=ROLES.index) if roles else None


class Company:
    """Sends people to the provider, and lets in whom it sends back. State, nonce, PKCE and the token's checks are Authlib's."""

    def __init__(self, settings: OidcSettings, store: Store, sessions: Sessions) -> None:
        self._settings = settings
        self._store = store
        self._sessions = sessions
        self._client = OAuth().register(
            "company",
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=settings.issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={"scope": settings.scope, "code_challenge_method": "S256", "timeout": 10},
        )

    def routes(self, *, secure: bool) -> Mount:
        """Return the two addresses, with a cookie of their own for the minutes in between."""
        # Derived, so that several desks beside each other know each other's: the way back may end at another one.
        key = hmac.new(self._settings.client_secret.encode(), b"desk sign-in", hashlib.sha256).hexdigest()
        cookie = Middleware(
            SessionMiddleware,
            secret_key=key,
            session_cookie="desk-company",
            max_age=MINUTES * 60,
            path="/company",
            same_site="lax",
            https_only=secure,
        )
        return Mount("/company", routes=[Route("/go", self.go), Route("/back", self.back)], middleware=[cookie])

    async def go(self, request: Request) -> Response:
        """Send somebody to the provider."""
        try:
            answer: Response = await self._client.authorize_redirect(
                request, self._settings.address.rstrip("/") + "/company/back"
            )
        except (httpx2.HTTPError, AuthlibBaseError, ValueError, RuntimeError) as error:
            _log.warning("the sign-in provider cannot be used: %s", type(error).__name__)
            raise HTTPException(
                503, f"{self._settings.name} does not answer. Try again, or sign in with a local account."
            ) from None
        request.session["to"] = at_home(request.query_params.get("back", "/"))
        answer.headers["cache-control"] = "no-store"
        return answer

    async def back(self, request: Request) -> Response:
        """Let in whom the provider vouches for."""
        to = str(request.session.pop("to", "/"))
        options = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
            "exp": {"essential": True},
            "sub": {"essential": True},
            "nonce": {"essential": True},
        }
        try:
            token = await self._client.authorize_access_token(request, claims_options=options, leeway=60)
            claims = dict(token["userinfo"])
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, KeyError, ValueError, RuntimeError) as error:
            # What was wrong with a token is for the log: whoever forged it learns nothing.
            _log.warning("a sign-in was refused: %s", type(error).__name__)
            raise HTTPException(401, f"The sign-in with {self._settings.name} did not work. Please try again.") from None
        secret = await run_in_threadpool(self._let_in, claims)
        response = RedirectResponse(to, 303, {"cache-control": "no-store"})
        self._sessions.set_cookie(response, secret)
        return response

    def _let_in(self, claims: Mapping[str, Any]) -> str:
        role = role_of(claims, self._settings)
        names = claim(claims, self._settings.name_claim) or claim(claims, "email") or claim(claims, "sub")
        name, now = names[0][:64], self._sessions.now()
        if role is None:
            self._store.writing(lambda connection: people.note(connection, name, "sign-in refused: no role", "", now))
            raise HTTPException(
                403, "You are signed in, but none of your groups has a role at this desk. Ask who looks after it."
            )
        shown = (claim(claims, "name") or [name])[0][:64]
        known = people.CompanyAccount(self._settings.issuer, claims["sub"], name, shown, role)
        try:
            own = self._store.writing(lambda connection: people.company_account(connection, known, now))
        except AccountRefusedError as error:
            raise HTTPException(403, str(error)) from None
        return self._sessions.begin(own, f"signed in with {self._settings.name}")
