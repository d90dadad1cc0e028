"""routes.yml is checked whole; the page shows what waits and what failed, and its buttons cure it."""

from __future__ import annotations

import base64
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from service.connectors.config import Routes, RoutesError, load_routes
from service.connectors.http import Answer, Http, NotSentError, forbidden
from service.connectors.letter import customer, json_of, subject_of
from service.connectors.making import connectors_of
from service.connectors.outcome import Parcel
from service.connectors.webhook import Webhook, body_of
from service.desk.app import Parts, create_app
from service.desk.command import command
from service.desk.courier import Courier
from service.desk.keyring import Keyring
from service.desk.server import Running
from service.insights import Cluster
from service.messages import CaseRequest
from service.routing import Rule, choose, told_of
from service.store import Store
from service.store import deliveries as store_of
from service.store.deliveries import State, Which
from service.store.insights import name_of, raise_clusters
from service.webhooks import SecretError, read_secret, signed_headers
from tests.service.conftest import NOW, form
from tests.service.desk_demo import PASSWORD, fill

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.usefixtures("cheap_passwords")]

WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
FILE = """targets:
  workshop:
    kind: zammad
    url: https://zammad.shop.example
    secret: env:ZAMMAD_TOKEN
    group: Repairs
    without_mail: counter@shop.example
  office: {kind: mail, host: mail.shop.example, sender: desk@shop.example, to: office@shop.example}
  maker: {kind: webhook, url: https://maker.example/hooks/desk, secret: file:hook.secret}
routes:
  - {flow: complaint, safety: true, to: [workshop, maker], priority: urgent}
  - {flow: [repair, exchange], language: [de, en], to: workshop}
  - {flow: question, to: office}
  - to: desk
defects:
  - {product: washer, to: maker}
"""


def case(**changes: Any) -> CaseRequest:
    """Return a case."""
    return CaseRequest.model_validate({**form(**changes), "reference": "NH-7K3M9-QXD4R-9", "accepted_at": NOW, "store": "city"})


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that is right."""
    monkeypatch.setenv("ZAMMAD_TOKEN", "right")
    (tmp_path / "hook.secret").write_text(WHSEC, encoding="ascii")
    path = tmp_path / "routes.yml"
    path.write_text(FILE, encoding="utf-8")
    return path


# --- the file ----------------------------------------------------------------------------------------------------------


def test_the_first_rule_that_fits_decides(file: Path) -> None:
    """By flow, safety, language; what nothing fits stays here."""
    routes = load_routes(file)
    asked = [
        (case(), (1, (), "normal")),
        (
            case(details={"flow": "complaint", "kind": "broken", "remedy": "repair", "safety_risk": True}),
            (1, ("workshop", "maker"), "urgent"),
        ),
        (case(details={"flow": "repair"}, language="de-AT"), (2, ("workshop",), "normal")),
        (case(details={"flow": "repair"}, language="fr"), (4, (), "normal")),
        (case(details={"flow": "question"}), (3, ("office",), "normal")),
        (case(details={"flow": "person"}), (4, (), "urgent")),
    ]
    for request, (rule, targets, priority) in asked[1:]:
        choice = choose(routes.rules, request, routes.products)
        assert (choice.rule, choice.targets, choice.priority) == (rule, targets, priority)
    assert choose(routes.rules, asked[0][0], {}).rule == 4
    assert set(connectors_of(routes)) == {"workshop", "office", "maker"}


def test_a_rule_may_ask_for_the_route_of_a_product(tmp_path: Path) -> None:
    """It is read from the products' files, where writers keep it."""
    (tmp_path / "products").mkdir()
    (tmp_path / "products" / "kettle.yml").write_text("name: K\nroute: kitchen\n", encoding="utf-8")
    path = tmp_path / "routes.yml"
    path.write_text("products: products\nroutes:\n  - {route: kitchen, to: desk}\n  - to: desk\n", encoding="utf-8")
    routes = load_routes(path)
    assert choose(routes.rules, case(), routes.products).rule == 1
    assert choose(routes.rules, case(product="lamp"), routes.products).rule == 2


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """With its line, its cause and its cure."""
    path = tmp_path / "routes.yml"
    path.write_text(
        """product: content/products
targets:
  workshop: {kind: zamad, url: https://zammad.shop.example, secret: env:X}
  maker: {kind: webhook, url: http://maker.example/hook, secrt: env:X}
  plain: {kind: osticket, url: https://t.example, secret: hunter2, without_mail: nobody}
  box: {kind: mail, host: m.example, tls: "no", sender: a@b.example, to: c@d.example}
routes:
  - {flow: repiar, to: workshop}
  - {flow: [repair, complaint], to: [workshp, desk]}
  - {flow: complaint, product: kettle, to: desk}
  - {route: kitchen, to: desk}
""",
        encoding="utf-8",
    )
    with pytest.raises(RoutesError) as error:
        load_routes(path)
    assert error.value.problems == [
        "routes.yml:1: unknown key 'product'. Did you mean 'products'?",
        "routes.yml:3: unknown kind 'zamad'. Did you mean 'zammad'?",
        "routes.yml:4: 'http://maker.example/hook' must begin with https:// (http:// only on this machine).",
        "routes.yml:4: 'secret' is missing: whsec_… of Standard Webhooks.",
        "routes.yml:4: unknown key 'secrt'. Did you mean 'secret'?",
        "routes.yml:5: 'nobody' is not a mail address such as desk@shop.example.",
        "routes.yml:5: a secret never stands in this file. Write env:NAME or file:PATH, and put it there.",
        "routes.yml:6: only a mail server on this machine may be spoken to without TLS.",
        "routes.yml:8: unknown flow 'repiar'. Did you mean 'repair'?",
        "routes.yml:9: there is no target 'workshp'. Did you mean 'workshop'?",
        "routes.yml:10: this rule is never reached: the one in line 9 takes all its cases. Move it up.",
        "routes.yml:11: `route` is the route of a product. Write `products: content/products`, where they stand.",
        "routes.yml:11: the last rule must take every case that is left. Add at the end: - to: desk.",
    ]
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("routes: [", "not well-formed YAML"),
        ("- a", "keys with values"),
        ("", "the last rule must take every case"),
        ("routes: {to: desk}", "'routes' must be a list"),
        ("routes:\n  - to: desk\nroutes: []", "a second time"),
        ("targets: {a: &x {kind: mail}, b: *x}", "anchors"),
        (
            "targets: {desk: {kind: webhook, url: 'https://a.example', secret: 'env:NOT_SET_ANYWHERE'}}\nroutes: [{to: desk}]",
            "'desk' means this desk",
        ),
        (
            "targets: {a: {kind: webhook, url: 'https://u:p@a.example', secret: 'env:X'}}\nroutes: [{to: desk}]",
            "without a name, a password",
        ),
        ("targets: {a: {kind: webhook, url: 'https://a.example', secret: 'file:none'}}\nroutes: [{to: desk}]", "cannot be read"),
    ],
)
def test_broken_files_are_told(tmp_path: Path, text: str, words: str) -> None:
    """Never a traceback."""
    path = tmp_path / "routes.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RoutesError, match=words):
        load_routes(path)


def test_the_command_checks(file: Path, tmp_path: Path) -> None:
    """Exit code 0 and the rules in words; 1 with everything that is wrong; no file is fine."""
    run = CliRunner()
    right = run.invoke(command, ["--routes", str(file), "routes"])
    assert right.exit_code == 0, right.output
    assert "2. flow repair or exchange, language de or en -> workshop (Zammad)" in right.output
    assert "4. everything else -> stays at this desk" in right.output
    file.write_text(FILE.replace("- to: desk", "- {flow: idea, to: desk}"), encoding="utf-8")
    wrong = run.invoke(command, ["--routes", str(file), "routes", "--check"])
    assert wrong.exit_code == 1
    assert "the last rule must take every case that is left" in wrong.output
    assert "every case stays" in run.invoke(command, ["--routes", str(tmp_path / "none.yml"), "routes", "--check"]).output
    assert run.invoke(command, ["--routes", str(file), "--folder", str(tmp_path / "d")]).exit_code == 1


def test_the_example_in_the_manual_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator who copies it gets what stands there."""
    root = Path(__file__).resolve().parents[2]
    text = (root / "docs" / "operators.md").read_text(encoding="utf-8")
    (example,) = (block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "targets:" in block)
    path = tmp_path / "routes.yml"
    path.write_text(example.replace("content/products", str(root / "content" / "products")), encoding="utf-8")
    monkeypatch.setenv("ZAMMAD_TOKEN", "x")
    monkeypatch.setenv("MAIL_PASSWORD", "x")
    (tmp_path / "maker.secret").write_text(WHSEC, encoding="ascii")
    routes = load_routes(path)
    assert choose(routes.rules, case(details={"flow": "repair"}), routes.products).targets == ("workshop",)
    assert told_of(routes.defects, "kettle", routes.products) == ("maker",)


# --- what leaves -------------------------------------------------------------------------------------------------------


def test_a_subject_is_one_line_of_bounded_length() -> None:
    """However long and broken the words are."""
    subject = subject_of(case(words="a\r\nBcc: x@y.example " + "long " * 90))
    assert subject.startswith("[NH-7K3M9-QXD4R-9] Complaint (kettle): a Bcc: x@y.example long")
    assert len(subject) <= 150
    assert subject.isprintable()


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "030 1234",
        "<a@b>",
        "@",
        "a@b",
        "ü@b.example",
        "a b@c.example",
    ],
)
def test_only_one_plain_address_is_a_customer(address: str) -> None:
    """Anything else would be a door into mail headers."""
    assert customer(case(reply={"how": "mail", "address": address})) == ""
    assert customer(case(reply={"how": "mail", "address": " a.b+c@d.example "})) == "a.b+c@d.example"


def test_a_thin_event_holds_nothing_that_was_typed() -> None:
    """No words, no name, no address; a full one that is too large for the standard goes thin by itself."""
    thin = json_of(case(), thin=True)
    assert set(thin) == {"reference", "accepted_at", "store", "product", "page", "details"}
    large = case(tried=[{"asked": "ü" * 254, "answered": "ü" * 254}] * 40)
    assert len(body_of(Parcel(large, "there", 0), thin=False)) < 20_000


def test_secrets_are_those_of_the_standard() -> None:
    """24 to 64 bytes in base64 behind whsec_; several sign beside each other while one follows the other."""
    assert len(read_secret(WHSEC)) == 24
    for wrong in (
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_short",
        "whsec_???",
        "whsec_" + base64.b64encode(bytes(65)).decode(),
    ):
        with pytest.raises(SecretError):
            read_secret(wrong)
    signed = signed_headers((bytes(24), bytes(25)), "msg", 1, b"{}")["webhook-signature"].split(" ")
    assert len(signed) == 2
    assert all(one.startswith("v1,") for one in signed)
    with pytest.raises(ValueError, match="full stop"):
        signed_headers((bytes(24),), "a.b", 1, b"")


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "192.168.0.9",
        "169.254.169.254",
        "::1",
        "127.0.0.1",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
        "0.0.0.0",
        "224.0.0.1",
        "fd00::1",
    ],
)
def test_the_own_network_is_closed_to_names(address: str) -> None:
    """A name that leads to a machine of our own reaches nothing; link-local never, the rest only where it was allowed."""
    assert forbidden(address, loopback=False, internal=False)
    never = address.startswith(("169.254", "fe80", "0.", "224"))
    assert bool(forbidden(address, loopback=False, internal=True)) is never


def test_public_addresses_are_open() -> None:
    """And this machine for its own names."""
    assert not forbidden("93.184.215.14", loopback=False, internal=False)
    assert not forbidden("127.0.0.1", loopback=True, internal=False)


def test_a_name_that_leads_home_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that is looked at is the one that is connected to: DNS has no second say."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: found)
    with pytest.raises(NotSentError, match="the own network"):
        Http("https://desk.example").request("GET", "/")
    with pytest.raises(NotSentError, match="only https"):
        Http("http://desk.example").request("GET", "/")


@pytest.mark.parametrize(
    ("told", "seconds"), [("120", 120), ("Mon, 02 Feb 2026 02:42:00 GMT", 120), ("soon", 0), ("-5", 0), ("", 0), ("9" * 40, 0)]
)
def test_retry_after_is_read_in_both_forms(told: str, seconds: float) -> None:
    """Seconds or a date; rubbish is none."""
    assert Answer(429, {"retry-after": told}, b"").retry_after(1_770_000_000) == seconds


# --- the page ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def numbers(store: Store) -> list[str]:
    """Fill the desk; three of its cases are on their way."""
    now = datetime.now(UTC).replace(microsecond=0)
    numbers = fill(store, now)
    at = int(now.timestamp() * 1000)

    def change(connection: Any) -> None:
        for which in store_of.unrouted(connection):
            place = numbers.index(which.reference)
            store_of.route(
                connection,
                which,
                [("workshop",), ("maker",), ("office",), ("workshop",)][place] if place < 4 else (),
                "normal",
                "",
                at,
            )
        told = [
            {"state": State.FAILED.value, "why": "it was refused: 422 Unprocessable Entity", "tries": 1},
            {"why": "410 Gone: the other side wants no messages any more", "tries": 1},
            {"why": "mail.shop.example: Connection refused", "tries": 4, "due_at": at + 7_200_000},
            {
                "state": State.DONE.value,
                "done_at": at,
                "due_at": store_of.NEVER,
                "their_id": "22019",
                "their_state": "open",
                "tries": 1,
            },
        ]
        for place, target in enumerate(("workshop", "maker", "office", "workshop")):
            store_of.settle(connection, Which("nordhaven-city", numbers[place], target), **told[place])
        defect = Cluster("washer", "WM 8", "E18", 5, at, at)
        raise_clusters(connection, [defect], at)
        store_of.begin(connection, name_of(defect, at), ("maker",), at)
        store_of.switch_off(connection, "maker", "410 Gone: the other side wants no messages any more", at)

    store.writing(change)
    return numbers


@pytest.fixture
def address(store: Store, numbers: list[str], file: Path, private: bytes) -> Iterator[str]:
    """Serve a desk whose courier does nothing by itself."""
    with Running(create_app(Parts(store, Keyring([private]), courier=Courier(store, load_routes(file), {})))) as server:
        yield server.address


def signed_in(address: str, name: str = "ada") -> httpx.Client:
    """Return a browser's twin that has signed in."""
    client = httpx.Client(base_url=address, headers={"origin": address}, timeout=60)
    assert client.post("/sign-in", data={"name": name, "password": PASSWORD, "back": "/"}).status_code == 303
    return client


def test_the_page_tells_what_waits_and_why(address: str, numbers: list[str], store: Store) -> None:
    """And its buttons try again, believe, and switch on, for whom they are."""
    ada, tom = signed_in(address), signed_in(address, "tom")
    page = ada.get("/routes").text
    for words in (
        "Waits: switched off",
        "Switch on again",
        "4 tries",
        "Connection refused",
        "422 Unprocessable",
        "stays at this desk",
        "Defect: washer WM 8, E18",
        "Defects for the maker",
    ):
        assert words in page
    assert "22019" in ada.get("/routes?show=done").text
    assert "Switch on again" not in tom.get("/routes").text
    token, theirs = (client.get("/routes").text.partition('name="token" value="')[2][:64] for client in (ada, tom))
    key = {"store": "nordhaven-city", "reference": numbers[0], "target": "workshop"}
    assert tom.post("/routes/again", data=key).status_code == 403, "without the token"
    assert tom.post("/routes/again", data={**key, "token": theirs}).status_code == 303
    assert tom.post("/routes/arrived", data={**key, "token": theirs}).status_code == 409, "it waits again"
    assert tom.post("/routes/switch-on", data={"target": "maker", "token": theirs}).status_code == 403
    assert ada.post("/routes/switch-on", data={"target": "maker", "token": token}).status_code == 303
    assert ada.post("/routes/switch-on", data={"target": "maker", "token": token}).status_code == 409
    assert ada.post("/routes/burn", data={"token": token}).status_code == 404
    with store.read() as connection:
        (row,) = store_of.of_case(connection, numbers[0])
        assert (row.state, row.why) == (State.WAITING, "")
        assert store_of.off(connection) == {}
    ada.close()
    tom.close()
    with httpx.Client(base_url=address) as nobody:
        assert nobody.get("/routes").status_code == 303


def test_without_routes_every_case_stays(store: Store, private: bytes) -> None:
    """The page says how to change that; nothing piles up."""
    fill(store, datetime.now(UTC).replace(microsecond=0))
    courier = Courier(store, Routes())
    courier.give_routes()
    with store.read() as connection:
        assert store_of.unrouted(connection) == []
        assert store_of.tallied(connection) == {}
    with Running(create_app(Parts(store, Keyring([private]), courier=courier))) as server:
        client = signed_in(server.address)
        assert "Every case stays at this desk" in client.get("/routes").text
        client.close()


def test_two_desks_share_the_work(store: Store, numbers: list[str]) -> None:
    """A case gets its route once, and a try has one owner."""
    which = Which("nordhaven-city", numbers[2], "office")
    now = int(datetime.now(UTC).timestamp() * 1000) + 8_000_000
    assert store.writing(lambda connection: store_of.lease(connection, which, now)) is not None
    assert store.writing(lambda connection: store_of.lease(connection, which, now)) is None
    later = store.writing(lambda connection: store_of.lease(connection, which, now + store_of.LEASE))
    assert later is not None
    assert later[1] is True, "the try before was cut off"
    rules = (Rule(to=("office",)),)
    for courier in (Courier(store, Routes(rules), {}), Courier(store, Routes(rules), {})):
        courier.give_routes()
    assert isinstance(connectors_of(Routes()), dict)


def test_the_courier_starts_and_stops(store: Store, private: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """In threads of its own, which end."""
    monkeypatch.setattr("service.desk.courier.LOOK", 0.01)
    courier = Courier(store, Routes((Rule(to=("there",)),)), {"there": Webhook(Http("http://127.0.0.1:1"), (bytes(24),))})
    courier.start()
    courier.stop()
    assert not any(thread.is_alive() for thread in courier._threads)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_routes_in_a_real_browser(address: str, numbers: list[str], browser: Browser, width: int) -> None:
    """No sideways scrolling, no finding of axe; "try again" by a click."""
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    page.goto(f"{address}/routes")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/routes")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("button", name=f"Try {numbers[0]} again").click()
    page.wait_for_selector(".deliveries > .waiting")
    assert page.locator(".deliveries > .failed").count() == 0
    context.close()
