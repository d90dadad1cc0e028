"""The story of an answer: out by a mail server, back by a mailbox, a robot between, and the pages that tell it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from service.cases import Kind, Status
from service.desk.app import Parts, create_app
from service.desk.keyring import Keyring
from service.desk.mail.post_office import PostOffice
from service.desk.mail.settings import MailSettings
from service.desk.ready_answers import checked, filled
from service.desk.server import Running
from service.store import Store, mail
from service.store.cases import load
from service.store.tables import audit
from tests.service.conftest import until
from tests.service.desk_demo import PASSWORD as SIGN_IN
from tests.service.desk_demo import fill
from tests.service.mail_servers import USER, Imap, Smtp
from tests.service.test_desk_pages import signed_in, token_of
from tests.service.test_mail_in import letter, photo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.usefixtures("cheap_passwords")]

SITE = "https://help.shop.example/"


@pytest.fixture
def numbers(store: Store) -> list[str]:
    """Return the numbers of the made-up cases."""
    return fill(store, datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def office(store: Store, servers: tuple[Smtp, Imap]) -> PostOffice:
    """Return the desk's mail; the mailbox is looked into by the tests."""
    smtp, imap = servers
    told = {
        "address": "help@shop.example",
        "name": "Nordhaven Home",
        "prefix": "NH",
        "smtp": {"host": "127.0.0.1", "port": smtp.port, "security": "none"},
        "imap": {
            "host": "127.0.0.1",
            "port": imap.port,
            "security": "none",
            "user": USER,
            "password_variable": "DESK_IMAP",
            "every": 3600,
        },
    }
    return PostOffice(store, MailSettings.model_validate(told), Path())


@pytest.fixture
def address(store: Store, numbers: list[str], office: PostOffice, private: bytes) -> Iterator[str]:
    """Serve the desk, with its mail."""
    with Running(create_app(Parts(store, Keyring([private]), mail=office, site=SITE))) as server:
        yield server.address


@pytest.fixture
def ada(address: str) -> Iterator[httpx.Client]:
    """Return a manager who has signed in."""
    client = signed_in(address)
    yield client
    client.close()


def events(store: Store, reference: str) -> list[Kind]:
    """Return what happened to a case."""
    with store.read() as connection:
        return [event.kind for event in load(connection, reference).events]


def test_the_story_of_an_answer(
    ada: httpx.Client, store: Store, numbers: list[str], servers: tuple[Smtp, Imap], office: PostOffice
) -> None:
    """The clerk answers on the page, a robot and the customer answer by mail: both land in the case, nobody answers a robot."""
    smtp, imap = servers
    assert office.watcher
    path = f"/case/{numbers[2]}"
    sent = {"text": "Up to 18 mm.", "how": "mail", "to": "jo@customer.example", "token": token_of(ada, path)}
    assert ada.post(f"{path}/reply", data=sent).status_code == 303
    until(lambda: smtp.kept, "the answer goes out")
    (out,) = smtp.kept
    assert out.recipients == ["jo@customer.example"]
    until(lambda: "Mail sent to jo@customer.example" in ada.get(path).text, "the page says that it was sent")
    message, subject = str(out.mail["Message-ID"]), str(out.mail["Subject"])
    robot = letter("I am away.", "jo@customer.example", In_Reply_To=message, Subject="Away", Auto_Submitted="auto-replied")
    imap.put(robot)
    imap.put(
        letter("Then it is too low for ours.", "Jo Weber <jo@customer.example>", In_Reply_To=message, Subject=f"Re: {subject}")
    )
    until(
        lambda: (office.watcher and office.watcher.run_once()) or events(store, numbers[2])[-1] is Kind.ANSWERED, "both come in"
    )
    assert events(store, numbers[2]) == [Kind.RECEIVED, Kind.REPLIED, Kind.NOTED, Kind.ANSWERED]
    page = ada.get(path).text
    for words in ("A machine wrote", "I am away.", "from jo@customer.example", "Then it is too low for ours."):
        assert words in page
    with store.read() as connection:
        assert load(connection, numbers[2]).status is Status.WAITING
        assert mail.counts(connection) == {"waiting": 0, "troubled": 0, "held": 0}
    again = {**sent, "text": "The RV 30 climbs 22 mm.", "close": "1"}
    assert ada.post(f"{path}/reply", data=again).status_code == 303
    until(lambda: len(smtp.kept) == 2, "the second answer goes out")
    second = smtp.kept[1].mail
    assert second["Subject"] == f"[{numbers[2]}] Re: Your request"
    thread = str(second["References"]).split()
    assert thread[0] == message
    assert second["In-Reply-To"] == thread[-1] != message
    with store.read() as connection:
        assert load(connection, numbers[2]).status is Status.CLOSED


def test_a_mail_of_a_stranger_becomes_a_case_and_the_receipt_is_answered(
    ada: httpx.Client, store: Store, servers: tuple[Smtp, Imap], office: PostOffice
) -> None:
    """The receipt goes out with nobody to return it to; a robot's answer to it gets none."""
    smtp, imap = servers
    assert office.watcher
    imap.put(letter("Is it dimmable?", "new@customer.example", Subject="Lamp"))
    until(lambda: (office.watcher and office.watcher.run_once()) or len(list_of(ada, "dimmable")) == 1, "the case is there")
    office.wake()
    until(lambda: smtp.kept, "the receipt goes out")
    (receipt,) = smtp.kept
    assert (receipt.sender, receipt.recipients) == ("", ["new@customer.example"])
    assert receipt.mail["Auto-Submitted"] == "auto-replied"
    (reference,) = list_of(ada, "dimmable")
    answered = letter(
        "Thanks, I am a robot.", "new@customer.example", In_Reply_To=str(receipt.mail["Message-ID"]), Precedence="bulk"
    )
    imap.put(answered)
    until(
        lambda: (office.watcher and office.watcher.run_once()) or events(store, reference)[-1] is Kind.NOTED,
        "the robot's mail is noted",
    )
    office.sender.run_once()
    assert len(smtp.kept) == 1


def list_of(client: httpx.Client, words: str) -> list[str]:
    """Return the numbers that a search finds."""
    page = client.get("/", params={"status": "all", "words": words}).text
    return re.findall(r'<li class="[^"]*"><a href="/case/([A-Z0-9-]+)">', page)


def test_what_did_not_arrive_is_seen_and_sent_again(
    ada: httpx.Client, store: Store, numbers: list[str], servers: tuple[Smtp, Imap]
) -> None:
    """On the queue, on the case with the server's words, and on the page of mail; one press sends it again."""
    smtp, _ = servers
    smtp.faults = ["550 rcpt"]
    path = f"/case/{numbers[2]}"
    token = token_of(ada, path)
    ada.post(f"{path}/reply", data={"text": "Yes.", "how": "mail", "to": "jo@customer.example", "token": token})
    until(lambda: events(store, numbers[2])[-1] is Kind.RETURNED, "the refusal is told")
    assert "did not arrive" in ada.get("/").text
    page = ada.get(path).text
    assert "Mail was refused to jo@customer.example" in page
    assert "550 so it is" in ada.get("/mail").text
    found = re.search(r'name="id" value="([^"]+)"', page)
    assert found
    message = found[1].replace("&lt;", "<").replace("&gt;", ">")
    answer = ada.post("/mail/again", data={"token": token, "id": message, "back": "case"})
    assert answer.headers["location"] == path
    until(lambda: smtp.kept, "it goes out again")
    assert ada.post("/mail/again", data={"token": "0" * 64, "id": message}).status_code == 403


def test_a_server_that_is_down_is_seen(ada: httpx.Client, store: Store) -> None:
    """The page says since when, why, and that nothing is lost."""
    now = int(time.time() * 1000)
    down = mail.Server("smtp", "", None, now - 86_400_000, now + 60_000, 9, "127.0.0.1:25: Connection refused")
    store.writing(lambda connection: mail.note_server(connection, down))
    page = ada.get("/mail").text
    for words in ("Not working since", "Nothing is lost", "Connection refused"):
        assert words in page


def test_held_mails_are_looked_at_and_decided(ada: httpx.Client, store: Store, office: PostOffice) -> None:
    """As words, never as markup; taken in or thrown away by a person, which is written down."""
    now = int(time.time() * 1000)
    for text in ("<script>alert(1)</script>", "Offer"):
        office.taker.take(letter(text, X_Spam_Flag="YES", Subject=text), now)
    page = ada.get("/mail").text
    assert "the mail server takes it for spam" in page
    assert "<script>alert" not in page
    ids = re.findall(r"/mail/held/([0-9a-f]{64})", page)
    assert len(ids) == 2
    token = token_of(ada, "/")
    assert "&lt;script&gt;" in "".join(ada.get(f"/mail/held/{one}").text for one in ids)
    assert ada.post("/mail/take", data={"token": token, "id": ids[0]}).headers["location"].startswith("/case/NH-")
    assert ada.post("/mail/drop", data={"token": token, "id": ids[1]}).headers["location"] == "/mail"
    assert ada.get(f"/mail/held/{ids[1]}").status_code == 404
    assert ada.post("/mail/burn", data={"token": token}).status_code == 404
    with store.read() as connection:
        assert mail.held(connection) == []
        noted = [row.what for row in connection.execute(audit.select()) if "held mail" in row.what]
    assert sorted(noted) == ["threw a held mail away", "took a held mail in"]


def test_photos_are_added_at_the_desk(ada: httpx.Client, store: Store, numbers: list[str], address: str) -> None:
    """With a note or with what the customer said; strangers see none, and what is no photo is told without losing the words."""
    path = f"/case/{numbers[2]}"
    token = token_of(ada, path)
    files = [("photos", ("lid.jpg", photo(), "image/jpeg"))]
    assert ada.post(f"{path}/note", data={"token": token, "text": ""}, files=files).status_code == 303
    page = ada.get(path).text
    found = re.search(r'src="(/case/[^"]+/photo/[0-9a-f]{32}\.jpg)"', page)
    assert found
    assert 'alt="lid.jpg"' in page
    picture = ada.get(found[1])
    assert (picture.headers["content-type"], picture.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert httpx.get(address + found[1], timeout=120).status_code == 303
    assert ada.get(found[1].replace(numbers[2], numbers[0])).status_code == 404
    wrong = ada.post(
        f"{path}/answer", data={"token": token, "text": "my long words"}, files=[("photos", ("x.jpg", b"<svg/>", "image/jpeg"))]
    )
    assert (wrong.status_code, "x.jpg: no photo" in wrong.text) == (409, True)
    stranger = httpx.post(f"{address}{path}/note", data={"text": "x"}, files=files, headers={"origin": address}, timeout=120)
    assert stranger.status_code == 401


def test_merging_shows_both_stories(ada: httpx.Client, store: Store, numbers: list[str]) -> None:
    """The first points to the second, the second tells the first; nonsense is refused in words."""
    first, second = numbers[0], numbers[2]
    token = token_of(ada, f"/case/{first}")
    for into, words in [(first, "into itself"), ("NH-7K3M9-QXD4R-8", "compare it once more"), ("x", "not a reference number")]:
        answer = ada.post(f"/case/{first}/merge", data={"token": token, "into": into})
        assert (answer.status_code, words in answer.text) == (409, True), into
    done = ada.post(f"/case/{first}/merge", data={"token": token, "into": second.lower()})
    assert done.headers["location"] == f"/case/{second}#last"
    assert f'Merged into <a href="/case/{second}">' in ada.get(f"/case/{first}").text
    page = ada.get(f"/case/{second}").text
    assert "merged another case into it:" in page
    assert "smell of burning" in page
    assert ada.post(f"/case/{second}/merge", data={"token": token, "into": first}).status_code == 409
    assert events(store, first)[-1] is Kind.MERGED
    assert events(store, second)[-1] is Kind.JOINED


def test_filters(ada: httpx.Client, numbers: list[str]) -> None:
    """By level, by nobody, by shop."""
    token = token_of(ada, f"/case/{numbers[2]}")
    ada.post(f"/case/{numbers[2]}/level", data={"token": token, "level": "3"})
    third = ada.get("/", params={"status": "all", "level": "3"}).text
    assert (numbers[2] in third, numbers[1] in third) == (True, False)
    nobody = ada.get("/", params={"status": "all", "assignee": "-"}).text
    assert (numbers[0] in nobody, numbers[1] in nobody) == (False, True)
    assert numbers[0] not in ada.get("/", params={"status": "all", "store": "elsewhere"}).text


def test_an_open_page_learns_what_is_new_without_a_click(ada: httpx.Client, store: Store, numbers: list[str]) -> None:
    """One word changes with the case; looking counts neither as a view nor as a sign of life."""
    live = {"x-desk-live": "1"}
    before = ada.get(f"/case/{numbers[2]}/at", headers=live).json()["at"]
    queue = ada.get("/at", headers=live).json()["at"]
    assert f'data-at="{before}"' in ada.get(f"/case/{numbers[2]}", headers=live).text
    with store.read() as connection:
        assert not [row for row in connection.execute(audit.select()) if row.what == "looked at"]
    ada.post(f"/case/{numbers[2]}/note", data={"token": token_of(ada, "/"), "text": "x"}, files={"photos": ("", b"")})
    assert ada.get(f"/case/{numbers[2]}/at", headers=live).json()["at"] != before
    assert ada.get("/at", headers=live).json()["at"] != queue
    assert ada.get("/case/NH-7K3M9-QXD4R-8/at").status_code == 404


def test_paper(ada: httpx.Client, numbers: list[str]) -> None:
    """One page with everything, the number as a code, and nothing to press but print."""
    page = ada.get(f"/case/{numbers[0]}/print").text
    for words in (numbers[0], "smell of burning", "Does the lamp in the handle light up?", "data:image/svg+xml", "Printed "):
        assert words in page
    assert "<textarea" not in page


def test_ready_answers(ada: httpx.Client, address: str, numbers: list[str]) -> None:
    """Written by a manager, filled in for the case, changed, and used no more; a clerk only reads."""
    token = token_of(ada, "/")
    text = "Hello {name},\nplease look here: {guide:robot/clean}\nYour last page: {guide}\n{reference}"
    assert ada.post("/answers", data={"token": token, "title": "Cleaning", "language": "en", "text": text}).status_code == 303
    page = ada.get(f"/case/{numbers[2]}").text
    found = re.search(r'name="put_in" value="([0-9a-f]{16})"', page)
    assert found
    put_in = ada.get(f"/case/{numbers[2]}", params={"put_in": found[1]}).text
    assert f"Hello Jo Weber,\nplease look here: {SITE}en/robot/clean.html\n{numbers[2]}</textarea>" in put_in
    ada.post("/answers", data={"token": token, "id": found[1], "title": "Clean it", "language": "de", "text": "Neu."})
    page = ada.get("/answers").text
    assert ("Clean it" in page, "Cleaning" in page) == (True, False)
    ada.post("/answers", data={"token": token, "id": found[1], "title": "", "text": "", "withdraw": "1"})
    assert "Clean it" not in ada.get("/answers").text
    wrong = ada.post("/answers", data={"token": token, "title": "x", "text": "Hello {nmae}"})
    assert (wrong.status_code, "Did you mean {name}?" in wrong.text) == (409, True)
    tom = signed_in(address, "tom")
    assert tom.post("/answers", data={"token": token_of(tom, "/"), "title": "x", "text": "y"}).status_code == 403
    tom.close()


def test_links_need_the_address_of_the_guides(store: Store, numbers: list[str]) -> None:
    """Without it a link is refused when it is written, and its line left out where it stands already."""
    with pytest.raises(Exception, match=r"set site in desk\.toml"):
        checked("t", "see {guide}", "")
    with store.read() as connection:
        found = load(connection, numbers[4])
    assert filled("Hello {name}, hi\nSee {guide:a/b}\nBye {x}", found, "") == "Hello, hi\nBye {x}"


def test_a_wrong_address_keeps_the_words(ada: httpx.Client, numbers: list[str], store: Store) -> None:
    """The clerk is told, nothing is sent or noted, and the answer is still in the form."""
    path = f"/case/{numbers[2]}"
    answer = ada.post(f"{path}/reply", data={"text": "long words", "how": "mail", "to": "jo@", "token": token_of(ada, path)})
    assert answer.status_code == 409
    assert "is no mail address" in answer.text
    assert ">long words</textarea>" in answer.text
    assert events(store, numbers[2]) == [Kind.RECEIVED]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (390, 844)])
def test_mail_in_a_real_browser(
    address: str,
    store: Store,
    numbers: list[str],
    browser: Browser,
    servers: tuple[Smtp, Imap],
    office: PostOffice,
    width: int,
    height: int,
) -> None:
    """Answer, see it go out and the customer's come in without a reload; no finding of axe, nothing wider than the screen."""
    smtp, imap = servers
    office.taker.take(letter("Offer", X_Spam_Flag="YES"), int(time.time() * 1000))
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: None if "Permissions-Policy" in message.text else said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def looked_at() -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    page.goto(address)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(SIGN_IN)
    page.keyboard.press("Enter")
    page.wait_for_url(address + "/")
    page.goto(f"{address}/answers")
    page.get_by_label("Title").fill("Hello")
    page.get_by_label("Text").fill("Hello {name},\n")
    page.get_by_role("button", name="Keep").click()
    page.wait_for_selector("text=Change")
    looked_at()
    page.goto(f"{address}/case/{numbers[2]}")
    page.get_by_role("button", name="Hello").click()
    assert page.get_by_label("Answer", exact=True).input_value() == "Hello Jo Weber,"
    page.get_by_role("button", name="Answer", exact=True).click()
    page.wait_for_selector("text=Mail sent to jo@customer.example", timeout=90_000)
    made = EmailMessage()
    made["From"], made["In-Reply-To"], made["Subject"] = "jo@customer.example", smtp.ids[0], "Re: hello"
    made.set_content("Here is the label.")
    made.add_attachment(photo((400, 300)), maintype="image", subtype="jpeg", filename="label.jpg")
    imap.put(made)
    assert office.watcher
    office.watcher.run_once()
    page.wait_for_selector("text=Here is the label.", timeout=90_000)
    page.wait_for_selector(".photos img", timeout=90_000)
    looked_at()
    for path in ("/mail", f"/case/{numbers[2]}/print", "/?status=all"):
        page.goto(address + path)
        looked_at()
    page.goto(f"{address}/mail")
    page.get_by_role("link", name="My kettle").click()
    looked_at()
    assert said == []
    context.close()
