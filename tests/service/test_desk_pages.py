"""The desk's pages let the right people in, keep what they write, and show strangers' words as words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from service.desk.app import Parts, create_app
from service.desk.keyring import Keyring
from service.desk.passwords import WeakPasswordError, hashed, is_right
from service.desk.server import Running
from service.messages import CaseRequest, Flow, Repair
from service.reference import new_reference
from service.store import Store
from service.store.cases import load, receive
from service.store.people import disable_account
from service.store.tables import audit, sessions
from tests.service.conftest import NOW, form
from tests.service.desk_demo import PASSWORD, fill, fill_kiosks

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.databases("sqlite")

BACK = ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nset-cookie: x"]
WEAK = [("short", "at least 12"), ("adaadaadaada1", "easy to guess"), ("aaaaaaaaaaaaaa", "easy to guess")]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}'; DROP TABLE cases;--"


@pytest.fixture(autouse=True)
def _quick(request: pytest.FixtureRequest) -> None:
    """Let passwords cost next to nothing, but where they are what is tested."""
    if "password" not in request.node.name or "address" in request.fixturenames:
        request.getfixturevalue("cheap_passwords")


@pytest.fixture
def numbers(store: Store) -> list[str]:
    """Return the numbers of the made-up cases."""
    return fill(store, datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def address(store: Store, numbers: list[str], private: bytes) -> Iterator[str]:
    """Serve the desk."""
    with Running(create_app(Parts(store, Keyring([private])))) as server:
        yield server.address


def signed_in(address: str, name: str = "ada", password: str = PASSWORD) -> httpx.Client:
    """Return a browser's twin that has signed in."""
    client = httpx.Client(base_url=address, headers={"origin": address}, timeout=120)
    answer = client.post("/sign-in", data={"name": name, "password": password, "back": "/"})
    assert answer.status_code == 303, answer.text
    return client


def token_of(client: httpx.Client, path: str) -> str:
    """Read the token that stands in the forms of a page."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', client.get(path).text)
    assert found
    return found[1]


def test_nobody_sees_a_case_without_signing_in(address: str, numbers: list[str]) -> None:
    """Every page leads to the sign-in and back to where one wanted to go."""
    with httpx.Client(base_url=address, timeout=120) as client:
        for path in ("/", f"/case/{numbers[0]}", "/?status=all", "/new"):
            answer = client.get(path)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/sign-in?back=%2F")


def test_the_cookie_is_out_of_reach(address: str, store: Store) -> None:
    """No script reads it, no other site sends it along with a form, and the store knows only its hash."""
    client = signed_in(address)
    with httpx.Client(base_url=address, headers={"origin": address}, timeout=120) as other:
        cookie = other.post("/sign-in", data={"name": "ada", "password": PASSWORD}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    with store.read() as connection:
        stored = set(connection.execute(select(sessions.c.hash)).scalars())
    assert client.cookies["desk"] not in stored
    assert client.get("/").headers["cache-control"] == "no-store"
    client.close()


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("ada' OR 1=1 --", "x")])
def test_a_wrong_password_says_no_more_than_that(address: str, name: str, password: str) -> None:
    """Whether there is such a person is not told."""
    with httpx.Client(base_url=address, headers={"origin": address}, timeout=120) as client:
        answer = client.post("/sign-in", data={"name": name, "password": password})
    assert answer.status_code == 401
    assert "Name or password is wrong" in answer.text


def test_guessing_is_slowed_down(address: str) -> None:
    """After eight tries the desk asks for patience."""
    with httpx.Client(base_url=address, headers={"origin": address}, timeout=120) as client:
        answers = [client.post("/sign-in", data={"name": "ada", "password": "guess"}) for _ in range(10)]
    assert [answer.status_code for answer in answers[:8]] == [401] * 8
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].text


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nset-cookie: x"]
)
def test_the_way_back_stays_at_home(address: str, back: str) -> None:
    """No link can lead through the sign-in to another host."""
    with httpx.Client(base_url=address, headers={"origin": address}, timeout=120) as client:
        answer = client.post("/sign-in", data={"name": "ada", "password": PASSWORD, "back": back})
    assert answer.headers["location"] == "/"


def test_a_form_of_another_site_does_nothing(address: str, numbers: list[str], store: Store) -> None:
    """Without the token, from another origin, or without a session, a post is refused."""
    client = signed_in(address)
    path = f"/case/{numbers[2]}"
    token = token_of(client, path)
    tries = [
        ({"text": "x"}, {}, 403),
        ({"text": "x", "token": "0" * 64}, {}, 403),
        ({"text": "x", "token": token}, {"origin": "https://evil.example"}, 403),
        ({"text": "x", "token": token}, {"sec-fetch-site": "cross-site"}, 403),
    ]
    for data, headers, status in tries:
        assert client.post(f"{path}/note", data=data, headers=headers).status_code == status
    client.cookies.clear()
    assert client.post(f"{path}/note", data={"text": "x", "token": token}).status_code == 401
    with store.read() as connection:
        assert len(load(connection, numbers[2]).events) == 1
    client.close()


def test_a_clerks_day(address: str, numbers: list[str], store: Store) -> None:
    """Assign, note, answer, hear more, close, open again: each is kept with who did it, and the page tells it."""
    client = signed_in(address)
    path = f"/case/{numbers[2]}"
    token = token_of(client, path)
    steps = [
        ("assign", {"to": "tom"}),
        ("level", {"level": "2"}),
        ("note", {"text": "It climbs 18 mm."}),
        ("reply", {"text": "Up to 18 mm.", "how": "mail"}),
        ("answer", {"text": "And the RV 30?"}),
        ("reply", {"text": "22 mm, yes.", "how": "phone", "close": "1"}),
        ("reopen", {}),
        ("close", {"outcome": "solved"}),
    ]
    for action, data in steps:
        answer = client.post(f"{path}/{action}", data={**data, "token": token})
        assert answer.status_code == 303, answer.text
    page = client.get(path).text
    for words in ("assigned it to Tom Ruiz", "to level 2", "It climbs 18 mm.", "The customer wrote", "22 mm, yes.", "Open again"):
        assert words in page
    with store.read() as connection:
        case = load(connection, numbers[2])
    assert [event.kind.value for event in case.events[1:]] == [
        *["assigned", "level", "noted", "replied", "answered", "replied", "closed", "reopened", "closed"]
    ]
    assert {event.by for event in case.events[1:]} == {"ada"}
    client.close()


def test_a_question_is_sorted_as_what_it_is(address: str, numbers: list[str], store: Store) -> None:
    """Kind, product and model change everywhere; how it came in stays; what cannot be kept stands in the form again."""
    client = signed_in(address)
    path = f"/case/{numbers[2]}"
    told = {"token": token_of(client, path), "flow": "repair", "product": "Bike Light", "model": "BL 30", "error_code": "E4"}
    assert client.post(f"{path}/sort", data={**told, "kind": "broken"}).status_code == 303
    page = client.get(path).text
    for words in ("<h1>Repair: bike-light</h1>", "sorted it</span>", "as repair: bike-light BL 30", "<bdi>E4</bdi>"):
        assert words.removesuffix("</span>") in page
    assert numbers[2] in client.get("/", params={"status": "all", "flow": "repair", "words": "bike-light"}).text
    assert numbers[2] not in client.get("/", params={"status": "all", "flow": "question"}).text
    with store.read() as connection:
        case = load(connection, numbers[2])
    assert (case.request.flow, case.request.product, case.request.model) == (Flow.REPAIR, "bike-light", "BL 30")
    assert case.events[0].data["case"]["details"] == {"flow": "question"}
    long = client.post(
        f"{path}/sort", data={**told, "flow": "complaint", "kind": "broken", "remedy": "refund", "model": "M" * 65}
    )
    assert long.status_code == 409
    assert "The model can have at most 64 characters. Shorten it." in long.text
    wrong = client.post(f"{path}/sort", data={**told, "flow": "complaint", "product": "<b>", "model": "my model"})
    assert wrong.status_code == 409
    for words in (
        "only letters, digits, dots and hyphens, such as bike-light",
        'value="&lt;b&gt;"',
        'value="my model"',
        "<details open><summary>It is about",
    ):
        assert words in wrong.text
    client.post(f"{path}/erase", data={"token": told["token"]})
    with store.read() as connection:
        case = load(connection, numbers[2])
    assert (case.request.flow, case.request.product, case.request.model) == (Flow.REPAIR, "bike-light", "")
    assert "E4" not in str(case.events)
    client.close()


def test_what_the_form_told_is_not_lost_by_sorting(address: str, numbers: list[str], store: Store) -> None:
    """A serial number goes on when only the model is added, and is still shown when a repair turns out to be a complaint."""
    client = signed_in(address)
    path = f"/case/{numbers[1]}"
    told = {"token": token_of(client, path), "flow": "repair", "product": "washer", "model": "WM 8", "error_code": "E18"}
    assert client.post(f"{path}/sort", data=told).status_code == 303
    with store.read() as connection:
        details = load(connection, numbers[1]).request.details
    assert isinstance(details, Repair)
    assert (details.serial, details.error_code, details.repeats) == ("WM-2231-8890", "E18", True)
    risky = {**told, "flow": "complaint", "kind": "broken", "remedy": "refund", "safety_risk": "true"}
    for tick in (risky, {name: value for name, value in risky.items() if name != "safety_risk"}):
        assert client.post(f"{path}/sort", data=tick).status_code == 303
    assert "<bdi>WM-2231-8890</bdi>" in client.get(path).text
    with store.read() as connection:
        assert not load(connection, numbers[1]).urgent, "the tick was taken away again"
    client.close()


def test_what_was_written_is_not_lost_when_a_colleague_was_faster(address: str, numbers: list[str]) -> None:
    """The page says what happened meanwhile, and the answer is still in the form."""
    client, other = signed_in(address), signed_in(address, "tom")
    path = f"/case/{numbers[2]}"
    other.post(f"{path}/note", data={"text": "mine", "token": token_of(other, path)})
    token = token_of(client, path)
    assert client.post(f"{path}/note", data={"text": " ", "token": token}).status_code == 409
    other.post(f"{path}/close", data={"outcome": "solved", "token": token_of(other, path)})
    answer = client.post(f"{path}/reply", data={"text": "my long answer", "token": token})
    assert answer.status_code == 409
    assert "This case is closed. Open it again first." in answer.text
    assert "my long answer</textarea>" in answer.text
    client.close()
    other.close()


def test_a_note_that_was_refused_is_not_in_the_answer(address: str, numbers: list[str]) -> None:
    """Words for colleagues stand in the field of the note again, one press from nobody but colleagues."""
    client = signed_in(address)
    path = f"/case/{numbers[2]}"
    told = {"token": token_of(client, path), "text": "He shouts."}
    answer = client.post(f"{path}/note", data=told, files={"photos": ("x.jpg", b"no picture", "image/jpeg")})
    assert answer.status_code == 409
    fields = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", answer.text)
    assert fields == ["", "He shouts.", ""]
    client.close()


def test_the_list_says_who_and_what_last(address: str, numbers: list[str]) -> None:
    """The customer's name, the last words once there are some, colleagues by their names; late and mine are one press away."""
    client = signed_in(address)
    path = f"/case/{numbers[2]}"
    token = token_of(client, path)
    client.post(f"{path}/answer", data={"text": "And a carpet?", "token": token})
    client.post(f"{path}/assign", data={"to": "ada", "token": token})
    page = client.get("/").text
    for words in ("Jo Weber", "And a carpet?", "Tom Ruiz", "Waits, and wants a quiet place", '<a href="/?status=late">'):
        assert words in page
    assert re.findall(r'<a href="/case/([^"]+)">', client.get("/?status=late").text) == [numbers[1]]
    assert re.findall(r'<a href="/case/([^"]+)">', client.get("/?assignee=me").text) == [numbers[2]]
    client.close()


def test_the_next_case_is_the_most_pressing_free_one(address: str, numbers: list[str]) -> None:
    """Never a colleague's: the burning kettle is Tom's, so the person who waits is next for Ada, and for Tom the kettle."""
    ada, tom = signed_in(address), signed_in(address, "tom")
    assert f'<a href="/case/{numbers[6]}">Next: Person now' in ada.get(f"/case/{numbers[1]}").text
    assert f'<a href="/case/{numbers[0]}">Next: Complaint, kettle' in tom.get(f"/case/{numbers[6]}").text
    ada.close()
    tom.close()


def test_somebody_who_calls_gets_a_case(address: str, store: Store) -> None:
    """With a number and a promise; what is missing is said, and what was typed is still there."""
    client = signed_in(address, "tom")
    token = token_of(client, "/new")
    told = {"token": token, "flow": "repair", "how": "phone", "name": "Ann Lee", "words": "It leaks.", "language": "en"}
    refused = client.post("/new", data=told)
    assert refused.status_code == 409
    assert "It leaks." in refused.text
    assert client.post("/new", data={**told, "address": "030 55", "words": "x" * 501}).status_code == 409
    made = client.post("/new", data={**told, "address": "030 55", "product": "Bike light", "kind": "broken"})
    assert made.status_code == 303
    page = client.get(made.headers["location"]).text
    for words in ("taken down by Tom Ruiz", "It leaks.", "bike-light", "promised by", "tel:03055"):
        assert words in page
    hurt = {**told, "flow": "complaint", "how": "counter", "kind": "broken", "remedy": "refund", "safety_risk": "true"}
    reference = client.post("/new", data=hurt).headers["location"].removeprefix("/case/")
    with store.read() as connection:
        case = load(connection, reference)
    assert case.urgent
    assert case.request.surface == "desk"
    assert client.post("/new", data={**told, "token": "0" * 64}).status_code == 403
    client.close()


def test_strangers_words_are_words(address: str, store: Store) -> None:
    """Markup, templates and SQL in every field are shown as they were typed."""
    reference = new_reference("NH")
    told = form(words=HOSTILE, model=HOSTILE[:64], reply={"how": "mail", "address": HOSTILE, "name": HOSTILE})
    case = CaseRequest.model_validate(
        {**told, "reference": reference, "accepted_at": NOW, "tried": [{"asked": HOSTILE, "answered": HOSTILE}]}
    )
    store.writing(lambda connection: receive(connection, [(case, "h", "kiosk:x", 0)]))
    client = signed_in(address)
    for path in (f"/case/{reference}", "/?status=all", f"/?status=all&words={HOSTILE[:20]}"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in client.get(f"/case/{reference}").text
    client.close()


def test_a_number_leads_to_its_case(address: str, numbers: list[str]) -> None:
    """Typed in any way; words are searched for; a wrong number says what is wrong."""
    client = signed_in(address)
    typed = numbers[0].lower().replace("-", " ")
    assert client.get("/", params={"words": typed}).headers["location"] == f"/case/{numbers[0]}"
    assert "1 case with “burning”" in client.get("/", params={"words": "burning", "status": "all"}).text
    assert "compare it once more" in client.get("/case/NH-7K3M9-QXD4R-8").text
    assert client.get(f"/case/{new_reference('NH')}").status_code == 404
    client.close()


def test_only_a_manager_erases(address: str, numbers: list[str], store: Store) -> None:
    """And it is written down who did."""
    clerk, manager = signed_in(address, "tom"), signed_in(address)
    path = f"/case/{numbers[0]}"
    assert clerk.post(f"{path}/erase", data={"token": token_of(clerk, path)}).status_code == 403
    assert "Erase" not in clerk.get(path).text
    assert manager.post(f"{path}/erase", data={"token": token_of(manager, path)}).status_code == 303
    page = manager.get(path).text
    assert "Kim Miller" not in page
    with store.read() as connection:
        noted = [(row.by, row.what) for row in connection.execute(select(audit)) if row.about == numbers[0]]
    assert ("ada", "erased") in noted
    assert ("tom", "looked at") in noted
    clerk.close()
    manager.close()


def test_figures_are_for_managers_and_say_what_they_say(address: str) -> None:
    """As a page, as JSON and as CSV; nonsense in the dates shows the last thirty days."""
    clerk, manager = signed_in(address, "tom"), signed_in(address)
    for path in ("/figures", "/figures.json", "/figures.csv", "/insights", "/insights.json", "/insights-defects.csv"):
        assert clerk.get(path).status_code == 403
        assert manager.get(path).status_code == 200
    page = manager.get("/figures", params={"first": "never", "last": "9999-99-99"}).text
    assert "not measured" in page
    assert "Answers 4 or 5 ÷ all answers" in page
    assert manager.get("/figures", params={"first": "0001-01-01", "last": "9999-12-31"}).status_code == 200
    told = manager.get("/figures.json").json()["figures"]
    assert told["csat"]["value"] is None
    assert told["first-response"]["why_none"] == "withheld: fewer than 10"
    assert manager.get("/figures.csv").text.splitlines()[0] == "figure,value,unit,of,why none,at least,definition"
    clerk.close()
    manager.close()


def test_a_manager_hands_out_a_case_and_it_is_written_down(address: str, numbers: list[str], store: Store) -> None:
    """As a file; a clerk may not; a number that is none leads nowhere."""
    clerk, manager = signed_in(address, "tom"), signed_in(address)
    assert clerk.get(f"/case/{numbers[0]}/export.zip").status_code == 403
    answer = manager.get(f"/case/{numbers[0]}/export.zip")
    assert answer.headers["content-disposition"] == f'attachment; filename="{numbers[0]}.zip"'
    assert answer.content.startswith(b"PK")
    assert manager.get(f"/case/{new_reference('NH')}/export.zip").status_code == 404
    with store.read() as connection:
        noted = [row.by for row in connection.execute(select(audit)) if row.what == "exported"]
    assert noted == ["ada"]
    clerk.close()
    manager.close()


def test_whoever_leaves_is_out_at_once(address: str, store: Store) -> None:
    """A disabled account's open pages stop at the next click; signing out forgets the session."""
    tom, ada = signed_in(address, "tom"), signed_in(address)
    store.writing(lambda connection: disable_account(connection, "tom", 0))
    assert tom.get("/").status_code == 303
    cookie = ada.cookies["desk"]
    ada.post("/sign-out", data={"token": token_of(ada, "/")})
    assert httpx.get(address + "/", cookies={"desk": cookie}).status_code == 303
    tom.close()
    ada.close()


@pytest.mark.parametrize(
    ("password", "words"), [("short", "at least 12"), ("adaadaadaada1", "easy to guess"), ("aaaaaaaaaaaaaa", "easy to guess")]
)
def test_a_weak_password_is_refused_with_a_better_idea(password: str, words: str) -> None:
    """Length, the name in it, and repetition are looked at."""
    with pytest.raises(WeakPasswordError, match=words):
        hashed("ada", password)


def test_a_password_is_kept_as_argon2id() -> None:
    """Each time with other salt; nobody's password is ever right."""
    stored = hashed("ada", PASSWORD)
    assert stored.startswith("$argon2id$")
    assert stored != hashed("ada", PASSWORD)
    assert is_right(stored, PASSWORD)
    assert not is_right(stored, PASSWORD + "!")
    assert not is_right("", "nobody has this password")
    assert not is_right("rubbish", PASSWORD)


def is_beside_its_words(box: Locator) -> bool:
    """Tell whether a checkbox begins its line, with its words right after it, in a line that is high enough to hit."""
    return bool(
        box.evaluate("""box => {
            const words = document.createRange()
            words.selectNodeContents(box.nextSibling)
            const [at, after, line] = [box, words, box.parentElement].map((one) => one.getBoundingClientRect())
            return at.left === line.left && at.width >= 24 && at.height >= 24 && line.height >= 44
                && after.left - at.right <= 24 && after.top >= at.top - 8 && after.bottom <= at.bottom + 8
        }""")
    )


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_in_a_real_browser(address: str, store: Store, numbers: list[str], browser: Browser, width: int) -> None:
    """Signed in by typing; no page scrolls sideways, none has a finding of axe or a word on the console; a checkbox has words."""
    fill_kiosks(store, datetime.now(UTC).replace(microsecond=0))
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else said.append(request.url))

    def looked_at() -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    page.goto(address)
    looked_at()
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address + "/")
    looked_at()
    page.goto(f"{address}/figures")
    looked_at()
    for path in ("kiosks", "routes", "insights"):
        page.goto(f"{address}/{path}")
        looked_at()
    page.goto(f"{address}/new")
    looked_at()
    page.goto(f"{address}/case/{numbers[6]}")
    looked_at()
    page.get_by_role("button", name="I was there").click()
    page.wait_for_selector("text=Open again")
    page.get_by_role("link", name="Next: ").first.click()
    page.wait_for_url(f"**/case/{numbers[1]}")
    page.goto(address)
    page.locator(".cases a", has_text=numbers[0]).click()
    page.wait_for_url(f"**/case/{numbers[0]}")
    looked_at()
    page.get_by_text("It is about something else").click()
    assert is_beside_its_words(page.get_by_label("Somebody could be hurt"))
    page.get_by_label("Answer", exact=True).fill("We come and look.")
    page.reload()
    assert page.get_by_label("Answer", exact=True).input_value() == "We come and look."
    page.get_by_role("button", name="Answered and solved").click()
    page.wait_for_selector("text=Open again")
    assert "We come and look." in page.locator(".events").inner_text()
    assert said == []
    context.close()
