"""The company's own sign-in lets in whom it vouches for, with the role of their groups, and nobody who forged anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from service.desk.app import Parts, create_app
from service.desk.keyring import Keyring
from service.desk.oidc import OidcError, OidcSettings, claim, load_oidc, role_of
from service.desk.server import Running
from service.store import Store
from service.store.people import Account, disable_account, save_account
from service.store.tables import accounts, audit, sessions
from tests.service.provider import CLIENT, SECRET, Provider

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture(scope="module")
def company() -> Iterator[Provider]:
    """Run a provider."""
    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(company: Provider) -> Provider:
    """Return the provider, honest again."""
    company.person = {"sub": "u-1", "preferred_username": "kim", "name": "Kim <Miller>", "groups": ["desk", "other"]}
    company.lie, company.signed_with = {}, "own"
    return company


def settings(issuer: str, **changes: Any) -> OidcSettings:
    """Return the desk's settings; its address is not known before it runs."""
    told = {"issuer": issuer, "address": "http://127.0.0.1:1", "client_id": CLIENT, "client_secret": SECRET}
    return OidcSettings.model_validate({**told, "name": "Nordhaven", "roles": {"desk": "clerk", "leads": "manager"}, **changes})


@pytest.fixture
def desk(store: Store, private: bytes, provider: Provider) -> Iterator[httpx.Client]:
    """Run a desk that knows the provider; return a browser that follows redirects."""
    app = create_app(Parts(store, Keyring([private]), oidc=settings(provider.issuer)))
    with Running(app) as server, httpx.Client(base_url=server.address, timeout=120) as client:
        yield client


def go(desk: httpx.Client, back: str = "/") -> httpx.URL:
    """Begin a sign-in as a browser does; return the address to which the provider sends back."""
    begun = desk.get("/company/go", params={"back": back})
    assert begun.status_code == 302, begun.text
    return httpx.URL(httpx.get(begun.headers["location"], timeout=120).headers["location"])


def come_back(desk: httpx.Client, to: httpx.URL) -> httpx.Response:
    """Go where the provider sends; the desk's address stands for the registered one."""
    return desk.get(to.raw_path.decode())


def test_the_provider_lets_somebody_in(desk: httpx.Client, store: Store) -> None:
    """With name and role of today, to the page they wanted; what they are called is shown as words."""
    assert "Sign in with Nordhaven" in desk.get("/sign-in").text
    answer = come_back(desk, go(desk, "/?status=all"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/?status=all")
    page = desk.get("/")
    assert page.status_code == 200
    assert "Kim &lt;Miller&gt;" in page.text
    with store.read() as connection:
        row = connection.execute(select(accounts)).one()
        told = set(connection.execute(select(audit.c.what)).scalars())
    assert (row.name, row.role, row.subject, row.password) == ("kim", "clerk", "u-1", "")
    assert "signed in with Nordhaven" in told
    refused = desk.post("/sign-in", data={"name": "kim", "password": ""}, headers={"origin": str(desk.base_url).rstrip("/")})
    assert refused.status_code == 401


LIES: list[tuple[str, dict[str, Any]]] = [
    ("own", {"nonce": "another"}),
    ("own", {"nonce": None}),
    ("own", {"aud": "another-client"}),
    ("own", {"aud": None}),
    ("own", {"iss": "https://evil.example"}),
    ("own", {"iss": None}),
    ("own", {"exp": 1_700_000_000}),
    ("own", {"exp": None}),
    ("own", {"sub": None}),
    ("foreign", {}),
    ("none", {}),
    ("hs256", {}),
]


@pytest.mark.parametrize(("signed", "lie"), LIES)
def test_a_forged_or_foreign_token_opens_nothing(
    desk: httpx.Client, store: Store, provider: Provider, signed: str, lie: dict[str, Any]
) -> None:
    """Wrong nonce, audience, issuer, time or signature: refused, and no more is said than that."""
    provider.lie, provider.signed_with = lie, signed
    answer = come_back(desk, go(desk))
    assert answer.status_code == 401
    assert "did not work" in answer.text
    with store.read() as connection:
        assert connection.execute(select(sessions)).all() == []
        assert connection.execute(select(accounts)).all() == []


def test_the_way_back_belongs_to_the_browser_that_began(desk: httpx.Client) -> None:
    """A wrong state, none, another browser, and the same way a second time: refused."""
    to = go(desk)
    assert come_back(desk, to.copy_set_param("state", "guessed")).status_code == 401
    to = go(desk)
    assert come_back(desk, to.copy_remove_param("state")).status_code == 401
    to = go(desk)
    with httpx.Client(base_url=desk.base_url, timeout=120) as other:
        assert come_back(other, to).status_code == 401
    to = go(desk)
    assert come_back(desk, to).status_code == 303
    assert come_back(desk, to).status_code == 401
    assert come_back(desk, httpx.URL("/company/back?error=access_denied&state=x")).status_code == 401
    assert "evil" not in come_back(desk, go(desk, "//evil.example")).headers["location"]


def test_groups_decide(desk: httpx.Client, store: Store, provider: Provider) -> None:
    """The highest role counts, it follows the groups at the next sign-in, and without a group nobody comes in."""
    provider.person["groups"] = ["desk", "leads"]
    come_back(desk, go(desk))
    assert desk.get("/figures").status_code == 200
    provider.person |= {"groups": ["desk"], "preferred_username": "kim.brandt"}
    come_back(desk, go(desk))
    assert desk.get("/figures").status_code == 403
    with store.read() as connection:
        assert [row.name for row in connection.execute(select(accounts))] == ["kim"]
    provider.person["groups"] = ["strangers"]
    answer = come_back(desk, go(desk))
    assert (answer.status_code, "none of your groups" in answer.text) == (403, True)
    store.writing(lambda connection: disable_account(connection, "kim", 1))
    provider.person["groups"] = ["desk"]
    assert come_back(desk, go(desk)).status_code == 403


def test_a_name_alone_opens_no_account(desk: httpx.Client, store: Store, provider: Provider) -> None:
    """Neither a local account's, nor that of somebody who had the name before."""
    store.writing(lambda connection: save_account(connection, Account("ada", "Ada", "admin", "x"), 1))
    provider.person["preferred_username"] = "ada"
    assert come_back(desk, go(desk)).status_code == 403
    provider.person["preferred_username"] = "kim"
    assert come_back(desk, go(desk)).status_code == 303
    provider.person["sub"] = "u-2"
    assert come_back(desk, go(desk)).status_code == 403


def test_a_provider_that_is_down_is_told(store: Store, private: bytes) -> None:
    """Local accounts go on working; the page says so."""
    down = settings("http://127.0.0.1:9")
    with Running(create_app(Parts(store, Keyring([private]), oidc=down))) as server:
        answer = httpx.get(f"{server.address}/company/go", timeout=120)
    assert (answer.status_code, "local account" in answer.text) == (503, True)


def test_settings_are_checked_whole(tmp_path: Path) -> None:
    """Every mistake at once, with the file; no file is no sign-in."""
    assert load_oidc(tmp_path) is None
    (tmp_path / "oidc.toml").write_text('issuer = "http://company.example"\nclientid = "x"\n[roles]\na = "boss"\n')
    with pytest.raises(OidcError) as caught:
        load_oidc(tmp_path)
    text = str(caught.value)
    assert all(word in text for word in ("oidc.toml", "issuer", "clientid", "roles.a", "client_secret", "address"))
    (tmp_path / "oidc.toml").write_text("issuer =")
    with pytest.raises(OidcError, match="not valid TOML"):
        load_oidc(tmp_path)


def test_claims_are_found_where_providers_put_them() -> None:
    """Flat, nested, one word, a name with dots, junk."""
    nested = {"realm_access": {"roles": ["leads", 7, ""]}, "https://x.example/groups": "desk", "a": {"b": 1}}
    assert claim(nested, "realm_access.roles") == ["leads"]
    assert claim(nested, "https://x.example/groups") == ["desk"]
    assert claim(nested, "a.b.c") == claim(nested, "nothing") == []
    made = settings("https://company.example", role_claim="realm_access.roles")
    assert (role_of(nested, made), role_of({}, made)) == ("manager", None)
