"""Answers go out once each: with the server gone for a week, with broken lines, with a desk that is killed in the middle."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.cases import CannotError, CaseEvent, Kind, Status
from service.desk.mail import smtp as smtp_module
from service.desk.mail.post_office import PostOffice
from service.desk.mail.sender import LATER, MINUTE
from service.desk.mail.settings import MailSettings
from service.messages import CaseRequest
from service.reference import new_reference
from service.store import Store, mail
from service.store.cases import add, erase, load, receive
from tests.service.conftest import NOW, form
from tests.service.mail_servers import PASSWORD, USER, Smtp, running

pytestmark = pytest.mark.databases("sqlite")

START = NOW.timestamp()
DAY = 86_400


class Clock:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> float:
        """Return the moment in seconds."""
        return self.at


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    """Run a mail server."""
    state = Smtp()
    with running(state):
        yield state


def settings(port: int, **changes: object) -> MailSettings:
    """Return the settings of a desk with a mail server on this machine."""
    server = {"host": "127.0.0.1", "port": port, "security": "none", "seconds": 120}
    told = {"address": "help@shop.example", "name": "Nordhaven Home", "prefix": "NH", "smtp": server}
    return MailSettings.model_validate({**told, **changes})


def office(store: Store, smtp: Smtp, clock: Clock, **changes: object) -> PostOffice:
    """Return the mail of a desk."""
    return PostOffice(store, settings(smtp.port, **changes), Path(), clock)


def case(store: Store, **changes: object) -> str:
    """Let a case come in; return its number."""
    request = CaseRequest.model_validate(
        {"reference": new_reference("NH"), "accepted_at": NOW, "store": "city", **form(**changes)}
    )
    store.writing(lambda connection: receive(connection, [(request, request.reference, "kiosk:city-1", int(START * 1000))]))
    return request.reference


def answer(post: PostOffice, store: Store, clock: Clock, reference: str, text: str = "Bring it in.") -> str:
    """Answer a case as its page does; return the Message-ID."""
    now = int(clock.at * 1000)

    def change(connection: object) -> str:
        told = post.answer(connection, load(connection, reference), text, "kim.miller@customer.example", now)  # type: ignore[arg-type]
        add(connection, reference, CaseEvent(Kind.REPLIED, "ada", now, {"text": text, "how": "mail", "mail": told}))  # type: ignore[arg-type]
        return told["id"]

    return store.writing(change)


def state_of(store: Store, message: str) -> str:
    """Return what became of a mail."""
    with store.read() as connection:
        row = mail.by_id(connection, message)
    assert row is not None
    return str(row.state)


def test_an_answer_is_a_proper_mail(store: Store, smtp: Smtp, clock: Clock) -> None:
    """From the desk, to the customer, the number in the subject, a stable Message-ID, plain letters, lines with dots whole."""
    post = office(store, smtp, clock)
    reference = case(store, language="de")
    message = answer(post, store, clock, reference, "Grüße\n.\n..\nשלום " + "x" * 2000)
    assert post.sender.run_once() == 1
    (kept,) = smtp.kept
    assert (kept.sender, kept.recipients) == ("help@shop.example", ["kim.miller@customer.example"])
    read = kept.mail
    assert read["From"].addresses[0].display_name == "Nordhaven Home"
    assert read["Subject"] == f"[{reference}] Ihr Anliegen"
    assert (read["Message-ID"], read["Auto-Submitted"], read["Content-Language"]) == (message, None, "de")
    body = read.get_content().replace("\r\n", "\n")
    assert body.startswith("Grüße\n.\n..\nשלום " + "x" * 2000)
    assert f"Ihre Nummer ist {reference}" in body
    assert max(len(line) for line in kept.content.split(b"\r\n")) <= 998
    assert kept.content.isascii()
    assert state_of(store, message) == mail.SENT
    assert post.sender.run_once() == 0


def test_a_server_that_is_gone_for_a_week_loses_and_doubles_nothing(store: Store, clock: Clock) -> None:
    """Five answers wait, however often it is tried; when the server is back each goes out once."""
    smtp = Smtp()
    with running(smtp):
        pass  # now the port is known, and nobody listens
    post = office(store, smtp, clock)
    messages = [answer(post, store, clock, case(store), f"answer {number}") for number in range(5)]
    for _ in range(7 * 2):
        clock.at += DAY / 2
        assert post.sender.run_once() == 0
    with store.read() as connection:
        server = mail.server(connection, "smtp")
        assert mail.counts(connection)["waiting"] == 5
    assert "refused" in server.error.lower()
    assert server.failed_since == int((START + DAY / 2) * 1000)
    assert server.next_at - clock.at * 1000 <= 15 * MINUTE
    with running(smtp):
        clock.at += 900
        assert post.sender.run_once() == 5
        assert post.sender.run_once() == 0
    assert sorted(smtp.ids) == sorted(messages)
    assert {state_of(store, message) for message in messages} == {mail.SENT}


def test_it_is_asked_less_and_less_often(store: Store, clock: Clock) -> None:
    """After a minute, two, four, eight, then every quarter of an hour: a server that is down is not run down."""
    smtp = Smtp()
    with running(smtp):
        pass
    post = office(store, smtp, clock)
    answer(post, store, clock, case(store))
    pauses = []
    for _ in range(7):
        post.sender.run_once()
        with store.read() as connection:
            pauses.append((mail.server(connection, "smtp").next_at - int(clock.at * 1000)) // MINUTE)
        clock.at += pauses[-1] * 60
    assert pauses == [1, 2, 4, 8, 15, 15, 15]


@pytest.mark.parametrize("fault", ["450 rcpt", "451 body", "421 mail", "cut rcpt", "cut data"])
def test_what_did_not_go_out_goes_out_later_once(store: Store, smtp: Smtp, clock: Clock, fault: str) -> None:
    """Not wanted now, or cut before the last word: the mail goes out once, at a later try."""
    post = office(store, smtp, clock)
    reference = case(store)
    message = answer(post, store, clock, reference)
    smtp.faults = [fault]
    assert post.sender.run_once() == 0
    assert state_of(store, message) == mail.WAITING
    clock.at += 6 * 60
    assert post.sender.run_once() == 1
    assert smtp.ids == [message]
    with store.read() as connection:
        assert load(connection, reference).status is Status.ANSWERED


def test_one_that_is_not_wanted_does_not_hold_up_the_others(store: Store, smtp: Smtp, clock: Clock) -> None:
    """The second and third go out over the same line."""
    post = office(store, smtp, clock)
    messages = [answer(post, store, clock, case(store)) for _ in range(3)]
    smtp.faults = ["450 rcpt"]
    assert post.sender.run_once() == 2
    assert sorted([*smtp.ids, *(one for one in messages if state_of(store, one) == mail.WAITING)]) == sorted(messages)


def test_a_refused_mail_is_told_on_the_case(store: Store, smtp: Smtp, clock: Clock) -> None:
    """It is the desk's turn again, with the server's words; sent again by a person it goes out."""
    post = office(store, smtp, clock)
    reference = case(store)
    message = answer(post, store, clock, reference)
    smtp.faults = ["550 rcpt"]
    assert post.sender.run_once() == 0
    with store.read() as connection:
        found = load(connection, reference)
    assert (found.status, found.events[-1].kind, found.events[-1].data["text"]) == (Status.WAITING, Kind.RETURNED, "550 so it is")
    clock.at += 30 * DAY
    assert post.sender.run_once() == 0
    assert store.writing(lambda connection: mail.again(connection, message, int(clock.at * 1000))) is not None
    assert post.sender.run_once() == 1
    assert smtp.ids == [message]


def test_tries_have_an_end(store: Store, smtp: Smtp, clock: Clock) -> None:
    """Five days of "not now" are enough: then a person decides."""
    post = office(store, smtp, clock)
    reference = case(store)
    message = answer(post, store, clock, reference)
    smtp.faults = ["450 rcpt"] * 200
    for wait in (*LATER, 0):
        post.sender.run_once()
        clock.at += wait * 60
    assert sum(LATER) * 60 >= 5 * DAY
    assert state_of(store, message) == mail.REFUSED
    with store.read() as connection:
        assert "given up after 65 tries" in load(connection, reference).events[-1].data["text"]
    left = len(smtp.faults)
    clock.at += DAY
    post.sender.run_once()
    assert len(smtp.faults) == left


def test_a_line_that_breaks_after_the_last_word_doubles_nothing(store: Store, smtp: Smtp, clock: Clock) -> None:
    """Nobody can know whether the server has it: it is told, and no machine sends it again."""
    post = office(store, smtp, clock)
    reference = case(store)
    message = answer(post, store, clock, reference)
    smtp.faults = ["cut body"]
    assert post.sender.run_once() == 0
    assert state_of(store, message) == mail.UNSURE
    with store.read() as connection:
        assert load(connection, reference).events[-1].data["state"] == mail.UNSURE
    for _ in range(10):
        clock.at += DAY
        post.sender.run_once()
    assert smtp.ids == [message]


class Killed(BaseException):
    """The power is cut."""


@pytest.mark.parametrize(
    ("place", "after", "kept"),
    [("connect", mail.SENT, 1), ("hand_over", mail.SENT, 1), ("begin", mail.UNSURE, 0), ("done", mail.UNSURE, 1)],
)
def test_a_desk_that_is_killed_loses_and_doubles_nothing(
    store: Store, smtp: Smtp, clock: Clock, monkeypatch: pytest.MonkeyPatch, place: str, after: str, kept: int
) -> None:
    """Before the words go, the next desk sends them; from then on a person decides: never two of the same."""
    post = office(store, smtp, clock)
    message = answer(post, store, clock, case(store))
    real = smtp_module.hand_over

    def hand_over(line: object, sender: str, to: str, content: bytes, begin: Callable[[], None]) -> str:
        if place == "hand_over":
            raise Killed
        if place == "begin":
            begin()
            raise Killed
        said = real(line, sender, to, content, begin)  # type: ignore[arg-type]
        if place == "done":
            raise Killed
        return str(said)

    def connect(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(smtp_module, "hand_over", hand_over)
        if place == "connect":
            patched.setattr(smtp_module, "connect", connect)
        with pytest.raises(Killed):
            post.sender.run_once()
    again = office(store, smtp, clock)
    again.sender.run_once()
    clock.at += 16 * 60
    again.sender.run_once()
    assert (state_of(store, message), len(smtp.kept)) == (after, kept)


@pytest.mark.databases("sqlite", "postgresql")
def test_two_desks_send_each_mail_once(store: Store, smtp: Smtp, clock: Clock) -> None:
    """Ten mails, three senders at the same moment."""
    posts = [office(store, smtp, clock) for _ in range(3)]
    messages = [answer(posts[0], store, clock, case(store)) for _ in range(10)]
    failed: list[BaseException] = []

    def send(post: PostOffice) -> None:
        try:
            post.sender.run_once()
        except BaseException as error:  # noqa: BLE001, told below
            failed.append(error)

    threads = [threading.Thread(target=send, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    posts[0].sender.run_once()
    assert failed == []
    assert sorted(smtp.ids) == sorted(messages)


def test_an_erased_case_sends_nothing_more(store: Store, smtp: Smtp, clock: Clock) -> None:
    """What waited is gone with the case."""
    post = office(store, smtp, clock)
    reference = case(store)
    answer(post, store, clock, reference)
    store.writing(lambda connection: erase(connection, reference, "ada", int(clock.at * 1000)))
    assert post.sender.run_once() == 0
    assert smtp.kept == []


@pytest.mark.parametrize(
    "to", ["", "kim", "kim@", "kim miller@a.example", "a@b\r\nBcc: c@d.example", "a@b.example, c@d.example", "@", "ü@b.example"]
)
def test_what_is_no_address_is_refused_before_anything_is_written(store: Store, smtp: Smtp, clock: Clock, to: str) -> None:
    """The clerk is told; no header can be smuggled in."""
    post = office(store, smtp, clock)
    reference = case(store)
    with pytest.raises(CannotError, match=r"no mail address|Type the mail address|cannot go to"):
        store.writing(lambda connection: post.answer(connection, load(connection, reference), "x", to, 0))
    assert post.sender.run_once() == 0


def test_a_domain_with_other_letters_is_written_to(store: Store, smtp: Smtp, clock: Clock) -> None:
    """In the form that every server takes."""
    post = office(store, smtp, clock)
    reference = case(store)
    store.writing(
        lambda connection: post.answer(connection, load(connection, reference), "x", "kim@bücher.example", int(clock.at * 1000))
    )
    assert post.sender.run_once() == 1
    assert smtp.kept[0].recipients == ["kim@xn--bcher-kva.example"]


@pytest.mark.parametrize("secure", ["tls", "starttls"])
def test_the_line_is_secret_and_both_sides_are_known(
    store: Store, clock: Clock, certificate: tuple[Path, Path], tmp_path: Path, secure: str
) -> None:
    """Signed in over TLS with a password from a file; a server that is not the one, or not trusted, gets nothing."""
    cert, key = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    smtp = Smtp(tls=context, starttls=secure == "starttls")
    (tmp_path / "smtp.password").write_text(PASSWORD + "\n", encoding="utf-8")
    with running(smtp):
        server = {
            "host": "localhost",
            "port": smtp.port,
            "security": secure,
            "user": USER,
            "seconds": 120,
            "password_file": "smtp.password",
        }
        strange = PostOffice(store, settings(0, smtp=server), tmp_path, clock)
        answer(strange, store, clock, case(store))
        assert strange.sender.run_once() == 0
        assert not any("AUTH" in line for line in smtp.said)
        clock.at += 120
        post = PostOffice(store, settings(0, smtp={**server, "ca_file": str(cert)}), tmp_path, clock)
        assert post.sender.run_once() == 1
    with store.read() as connection:
        assert mail.server(connection, "smtp").failed_since is None


def test_a_wrong_password_is_the_servers_trouble_not_the_mails(
    store: Store, smtp: Smtp, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail waits; the page says what the server said, and never the password."""
    monkeypatch.setenv("DESK_SMTP", "a-wrong-one")
    server = {"host": "127.0.0.1", "port": smtp.port, "security": "none", "user": USER, "password_variable": "DESK_SMTP"}
    post = PostOffice(store, settings(0, smtp=server), Path(), clock)
    message = answer(post, store, clock, case(store))
    assert post.sender.run_once() == 0
    with store.read() as connection:
        found = mail.server(connection, "smtp")
    assert "535" in found.error
    assert "a-wrong-one" not in found.error
    assert state_of(store, message) == mail.WAITING
    monkeypatch.setenv("DESK_SMTP", PASSWORD)
    clock.at += 120
    assert post.sender.run_once() == 1


def test_a_server_that_never_answers_is_let_go(store: Store, clock: Clock) -> None:
    """It takes the connection and says nothing: after its time the mail waits again."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = {"host": "127.0.0.1", "port": silent.getsockname()[1], "security": "none", "seconds": 1}
        post = PostOffice(store, settings(0, smtp=server), Path(), clock)
        message = answer(post, store, clock, case(store))
        assert post.sender.run_once() == 0
    assert state_of(store, message) == mail.WAITING


def test_a_running_desk_sends_by_itself(store: Store, smtp: Smtp) -> None:
    """A thread of its own looks at once when it is woken, and ends when it is told."""
    post = PostOffice(store, settings(smtp.port), Path())
    clock = Clock()
    clock.at = time.time()
    post.start()
    message = answer(post, store, clock, case(store))
    post.wake()
    end = time.monotonic() + 60
    while not smtp.kept and time.monotonic() < end:
        time.sleep(0.02)
    post.close()
    assert smtp.ids == [message]
    assert state_of(store, message) == mail.SENT
