"""From a question at the kiosk to an answer at the desk, in a real browser, with real servers on both sides."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from bench.surfaces import served
from guides.settings import load_settings
from kiosk.calling import Caller, CallError
from kiosk.calls import Calls
from kiosk.handover import open_intake
from kiosk.log import Log
from kiosk.sessions import Holder
from kiosk.shop import ShopParts
from kiosk.site import read_info
from service.desk.app import Parts as DeskParts
from service.desk.app import create_app
from service.desk.keyring import Keyring
from service.desk.server import Running
from service.outbox import Identity, OutboxErrand, introduce
from service.reference import parse_reference
from service.store import Store, open_store
from service.store.cases import load
from service.store.kiosks import new_code
from tests.engine.conftest import built
from tests.kiosk.conftest import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.kiosk.conftest import Live

STORE = """name: City
hours: {monday: "09:30-20:00", tuesday: "09:30-20:00", wednesday: "09:30-20:00", thursday: "09:30-20:00", friday: "09:30-20:00"}
contacts: {mail: help@shop.example}
emergency_number: "112"
time_zone: Europe/Berlin
reference_prefix: NH
"""
CONFIG = "site_name: Shop\ndocs_dir: content/en\nplugins: [helpstand]\nextra: {helpstand: {languages: [en]}}\n"
GUIDE = """---
title: Switch on
type: howto
product: lamp
stage: use
review_by: "2036-01-31"
summary: Light in a second.
owner: Tests
---

1. Press the switch.
"""
PRODUCT = "name: Lamp\nsummary: A lamp.\ncategory: light\nmodels: [SL 30]\n"


class Network:
    """The agent's way out, as plain as can be."""

    def request(self, method: str, url: str, body: bytes, headers: object) -> _Answer:
        """Ask the desk."""
        answer = httpx.request(method, url, content=body, headers=dict(headers))  # type: ignore[call-overload]
        return _Answer(answer.status_code, answer.content)


class _Answer:
    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a shop of one guide."""
    root = tmp_path_factory.mktemp("shop")
    files = {"mkdocs.yml": CONFIG, "stores/city.yml": STORE, "content/en/lamp/on.md": GUIDE, "content/products/lamp.yml": PRODUCT}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    built(load_settings(root / "mkdocs.yml"), root / "site")
    return root / "site"


@pytest.fixture
def desk(blank: Path, tmp_path: Path, private: bytes) -> Iterator[tuple[Store, str]]:
    """Run a desk."""
    path = tmp_path / "desk.sqlite"
    path.write_bytes(blank.read_bytes())
    store = open_store(f"sqlite:///{path}", migrated=True)
    with Running(create_app(DeskParts(store, Keyring([private])))) as server:
        yield store, server.address
    store.close()


@pytest.fixture
def enrolled(desk: tuple[Store, str], tmp_path: Path) -> Identity:
    """Enrol a kiosk as its agent does."""
    store, address = desk
    code = store.writing(lambda connection: new_code(connection, "city-1", "city", int(time.time() * 1000)))
    identity = Identity(tmp_path / "state")
    introduce(identity, Network(), address, code)
    return identity


@pytest.fixture
def kiosk(shop: Path, enrolled: Identity) -> Iterator[Live]:
    """Run the kiosk's server with its outbox."""
    intake = open_intake(enrolled.folder, read_info(shop).in_store("city"))
    assert intake is not None
    yield from serve(shop, intake=intake)
    intake.outbox.close()


def test_a_case_goes_from_the_kiosk_to_the_desk(kiosk: Live, desk: tuple[Store, str], enrolled: Identity) -> None:
    """Kept at once with the cable out; when the agent gets through, the desk has it and the kiosk has not."""
    kiosk.enter()
    form = {"details": {"flow": "question"}, "words": "Is it dimmable?", "reply": {"how": "mail", "address": "a@b.example"}}
    answer = kiosk.post("/api/case", form)
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["reference"].startswith("NH-")
    assert receipt["answer_by"]
    intake = kiosk.parts.intake
    assert intake is not None
    OutboxErrand(desk[1], intake.outbox, enrolled).send(Network())
    assert intake.outbox.waiting() == (0, None)
    with desk[0].read() as connection:
        case = load(connection, receipt["reference"])
    assert (case.request.words, case.request.store, case.request.surface) == ("Is it dimmable?", "city", "kiosk")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"details": {"flow": "theft"}}, ["details"]),
        ({"details": {"flow": "question"}, "words": "x" * 501}, ["words"]),
        ({"details": {"flow": "complaint", "kind": "broken"}}, ["details.complaint.remedy"]),
        ({}, ["details"]),
    ],
)
def test_a_wrong_form_names_its_fields_and_none_of_the_words(kiosk: Live, body: dict[str, object], fields: list[str]) -> None:
    """What was typed is repeated nowhere."""
    kiosk.enter()
    answer = kiosk.post("/api/case", body)
    assert (answer.status_code, answer.json()) == (400, {"error": "form", "fields": fields})


def test_a_page_cannot_choose_the_number(kiosk: Live) -> None:
    """Number, shop and promise are the kiosk's own; without a session nothing is taken."""
    body = {"details": {"flow": "idea"}, "reference": "NH-11111-11111-1", "store": "other", "accepted_at": "2020-01-01T00:00:00Z"}
    assert kiosk.post("/api/case", body).status_code == 401
    kiosk.enter()
    assert kiosk.post("/api/case", body).json()["reference"] != "NH-11111-11111-1"
    for junk in ("[1]", "{", '"x"'):
        assert kiosk.client.post("/api/case", content=junk, headers={"origin": kiosk.origin}).status_code == 400


def test_the_code_of_a_number_is_drawn(kiosk: Live) -> None:
    """As small as can be, and nothing but numbers."""
    picture = kiosk.client.get("/api/case/NH-7K3M9-QXD4R-9/qr.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert 'width="232"' in picture.text  # 21 modules and the quiet zone, 8 points each: version 1
    assert kiosk.client.get("/api/case/%3Cscript%3E/qr.svg").status_code == 400


def test_a_kiosk_without_a_desk_takes_nothing(shop: Path, tmp_path: Path) -> None:
    """It says so to the page, which then shows no form."""
    assert open_intake(None, read_info(shop)) is None
    assert open_intake(tmp_path, read_info(shop)) is None
    for live in serve(shop):
        live.enter()
        assert live.client.get("/api/case").json() == {"open": False}
        assert live.post("/api/case", {"details": {"flow": "idea"}}).status_code == 503
        break


def opened(browser: Browser, live: Live, said: list[str], size: tuple[int, int] = (1080, 1920)) -> Page:
    """Open the guide at the kiosk and go to the person, as a shopper does."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    # The policy names powers that this Chromium does not know yet.
    page.on("console", lambda message: None if "Permissions-Policy" in message.text else said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live.origin}/?key={live.parts.sessions.issue(Holder.WINDOW)}")
    page.goto(f"{live.origin}/en/lamp/on.html")
    page.locator(".k-bar__button--person").click()
    page.wait_for_selector("[data-handover]:not([hidden])")
    return page


@pytest.mark.browser
@pytest.mark.slow
def test_a_colleague_is_called(browser: Browser, shop: Path, enrolled: Identity) -> None:
    """One press; the screen says when somebody was called, and where to go when nobody can be."""
    calls = Calls(enrolled.folder)
    intake = open_intake(enrolled.folder, read_info(shop).in_store("city"))
    stop, works, said = threading.Event(), [True], []  # type: ignore[var-annotated]

    def ring(call: object) -> None:
        if not works[0]:
            raise CallError("no")

    thread = threading.Thread(target=Caller(calls, [ring], Log(None)).run, args=(stop,))
    thread.start()
    try:
        for live in serve(shop, intake=intake, shop=ShopParts(calls=calls)):
            page = opened(browser, live, said)
            page.get_by_role("button", name="Call a colleague").click()
            told = page.locator("[data-call][data-state=called] [role=status]")
            assert re.fullmatch(r"A colleague was called at \d\d:\d\d\. Please wait here\.", told.inner_text(timeout=60_000))
            assert Axe().run(page, context="[data-call]").violations_count == 0
            # A hand-over of the flow "person" rings too; within the minute it is the same call.
            page.locator('input[value="person"]').check()
            page.get_by_role("button", name="Hand over").click()
            page.wait_for_selector(".receipt:not([hidden])")
            works[0] = False
            made = calls.find(1)
            assert made is not None
            assert calls.find(2) is None
            calls.settle(1, None)
            page.get_by_role("button", name="Call a colleague").click()
            failed = page.locator("[data-call][data-state=failed] [role=status]").inner_text(timeout=60_000)
            assert failed == "Nobody could be called. Please go to the service counter."
            page.context.close()
    finally:
        stop.set()
        thread.join(10)
    assert said == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_shopper_hands_over(browser: Browser, kiosk: Live, desk: tuple[Store, str], enrolled: Identity) -> None:
    """One press to the form, at most six fields, a receipt with number, promise and code; the desk knows the page."""
    said: list[str] = []
    page = opened(browser, kiosk, said)
    for flow in ("person", "question", "complaint", "repair", "return", "exchange", "accessory", "idea"):
        page.locator(f'input[value="{flow}"]').check()
        fields = page.locator(".handover-form :is(select, textarea, input:not([type=radio]))")
        assert sum(field.is_visible() for field in fields.all()) <= 6, flow
    page.locator('input[value="complaint"]').check()
    assert Axe().run(page, context=".handover").violations_count == 0
    page.get_by_label("In your words").fill("It smells of burning.")
    page.get_by_label("Somebody could be hurt").check()
    page.get_by_role("button", name="Hand over").click()
    assert page.get_by_label("Mail address or phone number").get_attribute("aria-invalid") == "true"
    page.get_by_label("Mail address or phone number").fill("kim@customer.example")
    page.get_by_role("button", name="Hand over").click()
    page.wait_for_selector(".receipt:not([hidden])")
    reference = page.locator("[data-reference]").inner_text()
    assert "We answer by" in page.locator("[data-by]").inner_text()
    page.wait_for_function("document.querySelector('[data-code]').naturalWidth > 0")
    assert Axe().run(page, context=".handover").violations_count == 0
    assert said == []
    page.context.close()
    intake = kiosk.parts.intake
    assert intake is not None
    OutboxErrand(desk[1], intake.outbox, enrolled).send(Network())
    with desk[0].read() as connection:
        case = load(connection, reference)
    assert case.urgent
    assert (case.request.page, case.request.product, case.request.reply.address) == ("lamp/on", "lamp", "kim@customer.example")


@pytest.mark.browser
@pytest.mark.slow
def test_a_static_host_writes_a_mail(browser: Browser, shop: Path) -> None:
    """The form says that it opens a mail; the number in it passes the check that the desk makes."""
    with served(shop, shop) as address:
        page = browser.new_page()
        page.goto(f"{address.web}/en/person.html#repair")
        page.wait_for_selector("[data-handover]:not([hidden])")
        assert page.locator('input[value="repair"]').is_checked()
        assert "cannot hand it over by itself" in page.locator("[data-mailed]").inner_text()
        assert "Photos go by mail" in page.locator("[data-mailed]").inner_text()
        assert page.locator("input[type=file]").count() == 0, "nobody here could take a photo"
        made = page.evaluate(
            "async () => { const m = await import(document.querySelector('script[src*=handover]').src);"
            " return Array.from({length: 200}, () => m.reference('HS')) }"
        )
        page.close()
    assert [str(parse_reference(number)) for number in made] == made
    assert len(set(made)) == 200
