"""Each connector speaks as the other side's document says, and however often it must try, the other side has a case once."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from service.cases import Kind
from service.connectors.config import Routes
from service.connectors.outcome import Later, Parcel, Standing
from service.connectors.targets import KINDS, Target
from service.desk.courier import Courier
from service.messages import CaseRequest
from service.reference import new_reference
from service.routing import Rule
from service.store import Store
from service.store import deliveries as store_of
from service.store.cases import erase, load, receive
from service.store.deliveries import State
from tests.service.conftest import NOW, form
from tests.service.receivers import (
    AFTER,
    BEFORE,
    OK,
    OsTicketReceiver,
    Receiver,
    SmtpReceiver,
    WebhookReceiver,
    ZammadReceiver,
    ZendeskReceiver,
)

pytestmark = pytest.mark.databases("sqlite")

WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BEGIN = 1_770_000_000_000
SIDES = ("mail", "webhook", "zammad", "zendesk", "osticket")
FAULTS = {
    "mail": [BEFORE, AFTER, "421", "450", "451"],
    "webhook": [BEFORE, AFTER, "500", "502", "429/30", "503/120", "404", "302"],
    "zammad": [BEFORE, AFTER, "500", "502", "503/20", "429/60", "401"],
    "zendesk": [BEFORE, AFTER, "500", "503/30", "429/93", "409"],
    "osticket": [BEFORE, AFTER, "500", "503", "401"],
}


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.at = BEGIN / 1000

    def __call__(self) -> float:
        """Return the moment in seconds."""
        return self.at


class Side:
    """One other side with the courier that hands on to it."""

    def __init__(self, store: Store, receiver: Any, target: Target, secrets: tuple[str, ...], clock: Clock) -> None:
        self.store, self.receiver, self.clock = store, receiver, clock
        routes = Routes((Rule(to=("there",)),), {"there": target}, {"there": secrets})
        self.courier = Courier(store, routes, clock=clock, chance=lambda: 0.0)

    def hand_over(self, n: int = 1, **changes: Any) -> list[str]:
        """Let cases come in, and give them their route."""
        numbers = [new_reference("NH") for _ in range(n)]
        cases = [
            CaseRequest.model_validate({**form(**changes), "reference": number, "accepted_at": NOW, "store": "city"})
            for number in numbers
        ]
        now = int(self.clock() * 1000)
        self.store.writing(lambda connection: receive(connection, [(case, case.reference, "kiosk:x", now) for case in cases]))
        self.courier.give_routes()
        return numbers

    def row(self, number: str) -> Any:
        """Return how a case's delivery stands."""
        with self.store.read() as connection:
            return store_of.of_case(connection, number)[0]

    def serve_until(self, done: Callable[[], bool], days: float = 20) -> None:
        """Let the courier work, and the clock jump from one due moment to the next."""
        end = self.clock.at + days * 86_400
        while not done():
            self.courier.serve("there")
            with self.store.read() as connection:
                waiting = store_of.listed(connection, [State.WAITING], 1000)
            if not waiting:
                return
            self.clock.at = max(self.clock.at, min(row.due_at for row in waiting) / 1000)
            assert self.clock.at < end

    def made(self) -> list[str]:
        """Return the subject of everything that the other side has."""
        match self.receiver:
            case SmtpReceiver():
                return [str(mail["Subject"]) for mail in self.receiver.mails.values()]
            case WebhookReceiver():
                return [f"[{event['data']['reference']}]" for event in self.receiver.events.values()]
            case ZammadReceiver():
                return [ticket["title"] for ticket in self.receiver.tickets]
            case _:
                return [ticket["subject"] for ticket in self.receiver.tickets]


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands."""
    return Clock()


@pytest.fixture
def side_of(store: Store, clock: Clock) -> Iterator[Callable[..., Side]]:
    """Return a maker of other sides."""
    with ExitStack() as stack:

        def make(kind: str, **changes: Any) -> Side:
            receiver = stack.enter_context(receiver_of(kind))
            if isinstance(receiver, Receiver):
                receiver.now = clock
            told = {**target_of(kind, receiver), **changes}
            secrets = {"mail": (), "webhook": (WHSEC,)}.get(kind, ("right",))
            return Side(store, receiver, KINDS[kind].model_validate(told), secrets, clock)

        yield make


def receiver_of(kind: str) -> Any:
    """Return an other side of a kind."""
    made: dict[str, Callable[[], Any]] = {
        "mail": SmtpReceiver,
        "webhook": lambda: WebhookReceiver(WHSEC),
        "zammad": lambda: ZammadReceiver("right"),
        "zendesk": lambda: ZendeskReceiver("agent@shop.example", "right"),
        "osticket": lambda: OsTicketReceiver("right"),
    }
    return made[kind]()


def target_of(kind: str, receiver: Any) -> dict[str, Any]:
    """Return what routes.yml would say of it."""
    nobody = {"without_mail": "counter@shop.example"}
    if kind == "mail":
        return {
            "kind": kind, "host": "127.0.0.1", "port": receiver.port, "tls": "no", "seconds": 5,
            "sender": "desk@shop.example", "to": "service@shop.example",
        }  # fmt: skip
    told = {"kind": kind, "url": receiver.address, "secret": "env:UNUSED", "seconds": 5}
    more: dict[str, dict[str, Any]] = {
        "webhook": {},
        "zammad": {**nobody, "group": "Repairs"},
        "zendesk": {**nobody, "user": "agent@shop.example"},
        "osticket": {**nobody, "to": "support@shop.example"},
    }
    return {**told, **more[kind]}


def retried(side: Side, kind: str, retries: int, seed: int) -> None:
    """Force retries of every sort on deliveries, and count what the other side has afterwards."""
    chance = random.Random(seed)
    plan = [chance.choice(FAULTS[kind]) for _ in range(retries)]
    # A good answer now and then, so that faults meet cases at each of their tries.
    side.receiver.faults = [fault for one in plan for fault in ((one, OK) if chance.random() < 0.3 else (one,))]
    numbers = side.hand_over(max(2, retries // 8))

    def all_done() -> bool:
        return all(side.row(number).state == State.DONE for number in numbers)

    side.serve_until(all_done)
    while side.receiver.faults:
        numbers.extend(side.hand_over())
        side.serve_until(all_done)
    made = side.made()
    assert len(made) == len(set(made)) == len(numbers), "each case is there once"
    assert {subject[1:].partition("]")[0] for subject in made} == set(numbers)
    assert getattr(side.receiver, "wrong", []) == []


@pytest.mark.parametrize("kind", SIDES)
def test_forced_retries_double_nothing(side_of: Callable[..., Side], kind: str) -> None:
    """A sample: lines cut before and after, answers of all sorts; each case is there exactly once."""
    retried(side_of(kind), kind, 8, seed=8)


@pytest.mark.long
@pytest.mark.parametrize("kind", SIDES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hundred_forced_retries_double_nothing(side_of: Callable[..., Side], kind: str, seed: int) -> None:
    """100 forced retries, 0 duplicates, 0 lost."""
    retried(side_of(kind), kind, 100, seed)


@pytest.mark.parametrize("kind", SIDES)
def test_a_case_is_told_whole(side_of: Callable[..., Side], kind: str) -> None:
    """The words, the path, who asks and how to answer arrive; what was typed stays text."""
    side = side_of(kind)
    words = "It stops. <b>Hot!</b> {{7*7}} 'DROP\r\nBcc: all@evil.example"
    tried = [{"page": "kettle/does-not-heat"}, {"asked": "Does it blink?", "answered": "Yes"}]
    (number,) = side.hand_over(words=words, tried=tried)
    side.serve_until(lambda: side.row(number).state != State.WAITING)
    assert side.row(number).state == State.DONE, side.row(number).why
    raw = json.dumps(list(side.receiver.events.values())) if kind == "webhook" else ""
    raw = (
        raw or "".join(str(mail) for mail in side.receiver.mails.values())
        if kind in {"mail", "webhook"}
        else json.dumps(side.receiver.tickets)
    )
    if kind == "mail":
        (mail,) = side.receiver.mails.values()
        raw = mail.get_body(("plain",)).get_content()
        assert mail["Bcc"] is None
        assert mail["Reply-To"] == "kim.miller@customer.example"
        assert mail["Subject"].startswith(f"[{number}] Complaint (kettle): It stops.")
        (attachment,) = mail.iter_attachments()
        assert CaseRequest.model_validate_json(attachment.get_content()).reference == number
    for part in ("It stops. <b>Hot!</b> {{7*7}}", "Does it blink?", "kim.miller@customer.example", "kettle/does-not-heat"):
        assert part in raw
    with side.store.read() as connection:
        noted = [event.data["text"] for event in load(connection, number).events if event.kind is Kind.NOTED]
    assert noted[0].startswith("Handed on to there (")


@pytest.mark.parametrize("kind", ["zammad", "zendesk", "osticket"])
def test_who_told_no_mail_gets_the_shops_address(side_of: Callable[..., Side], kind: str) -> None:
    """A ticket needs a customer; a telephone number, rubbish or two addresses are none."""
    side = side_of(kind)
    told = [{"how": "phone", "address": "030 1234"}, {"how": "mail", "address": "a@b.example, c@d.example"}, {"how": "none"}]
    numbers = [side.hand_over(reply=reply)[0] for reply in told]
    side.serve_until(lambda: all(side.row(number).state == State.DONE for number in numbers))
    assert json.dumps(side.receiver.tickets).count("counter@shop.example") >= 3
    assert side.receiver.wrong == []


def test_a_gone_webhook_is_switched_off_and_says_so(side_of: Callable[..., Side]) -> None:
    """410: nothing is sent any more, everything is kept, and goes out when somebody switches it on again."""
    side = side_of("webhook")
    side.receiver.faults = ["410"]
    numbers = side.hand_over(3)
    for _ in range(5):
        side.courier.serve("there")
        side.clock.at += 3600
    assert len(side.receiver.came) == 1
    with side.store.read() as connection:
        assert "410 Gone" in store_of.off(connection)["there"].why
    assert {side.row(number).state for number in numbers} == {State.WAITING}
    side.store.writing(lambda connection: store_of.switch_on(connection, "there", int(side.clock() * 1000)))
    side.serve_until(lambda: all(side.row(number).state == State.DONE for number in numbers))
    assert len(side.receiver.events) == 3


@pytest.mark.parametrize(
    ("kind", "code", "seconds"), [("webhook", "503/120", 120), ("zendesk", "429/93", 93), ("zammad", "429/400", 400)]
)
def test_who_asks_for_peace_gets_it(side_of: Callable[..., Side], kind: str, code: str, seconds: int) -> None:
    """Retry-After counts for everything that waits for this target."""
    side = side_of(kind)
    side.receiver.faults = [code]
    numbers = side.hand_over(3)
    side.courier.serve("there")
    assert {round((side.row(number).due_at - BEGIN) / 1000) for number in numbers} == {seconds}
    side.clock.at += seconds - 1
    side.courier.serve("there")
    assert len(side.receiver.came) == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [("zammad", "422"), ("zendesk", "422"), ("osticket", "400"), ("osticket", "403"), ("mail", "550"), ("mail", "554")],
)
def test_what_will_never_be_taken_is_given_up_at_once(side_of: Callable[..., Side], kind: str, code: str) -> None:
    """And staff see why; tried again by hand it goes out."""
    side = side_of(kind)
    side.receiver.faults = [code]
    (number,) = side.hand_over()
    side.courier.serve("there")
    row = side.row(number)
    assert row.state == State.FAILED
    assert code in row.why
    with side.store.read() as connection:
        assert "Not handed on" in load(connection, number).events[-1].data["text"]
    which = store_of.Which(row.store, row.reference, row.target)
    assert side.store.writing(lambda connection: store_of.again(connection, which, int(side.clock() * 1000)))
    side.serve_until(lambda: side.row(number).state == State.DONE)
    assert len(side.made()) == 1


@pytest.mark.parametrize("kind", ["mail", *(pytest.param(kind, marks=pytest.mark.long) for kind in SIDES if kind != "mail")])
def test_a_week_without_the_other_side_loses_nothing(side_of: Callable[..., Side], kind: str) -> None:
    """Refused connections for seven days, at ever longer distances; then all of it goes out, once."""
    side = side_of(kind)
    numbers = side.hand_over(3)
    side.receiver.faults = [BEFORE] * 500
    start = side.clock.at
    side.serve_until(lambda: side.clock.at > start + 7 * 86_400)
    tries = [side.row(number).tries for number in numbers]
    assert all(8 <= n <= 40 for n in tries), tries
    side.receiver.faults = []
    side.serve_until(lambda: all(side.row(number).state == State.DONE for number in numbers))
    assert len(side.made()) == 3


@pytest.mark.long
def test_it_ends(side_of: Callable[..., Side]) -> None:
    """After two weeks a delivery is given up, and says so."""
    side = side_of("webhook")
    (number,) = side.hand_over()
    side.receiver.faults = ["500"] * 100
    side.serve_until(lambda: side.row(number).state != State.WAITING)
    row = side.row(number)
    assert row.state == State.FAILED
    assert row.why.startswith("given up after")
    assert "500 Internal Server Error" in row.why


def test_the_plan_is_that_of_the_standard(side_of: Callable[..., Side]) -> None:
    """0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h: the times since the start are those of the specification."""
    side = side_of("webhook")
    side.receiver.faults = ["500"] * 10
    side.hand_over()
    since = []
    for _ in range(10):
        since.append(round(side.clock.at - BEGIN / 1000))
        side.courier.serve("there")
        with side.store.read() as connection:
            side.clock.at = store_of.listed(connection, [State.WAITING])[0].due_at / 1000
    assert since == [0, 5, 305, 2105, 9305, 27305, 63305, 113705, 185705, 272105]
    assert len({headers["webhook-id"] for _, _, headers, _ in side.receiver.came}) == 1
    assert len({headers["webhook-timestamp"] for _, _, headers, _ in side.receiver.came}) == 10


def test_osticket_by_json_is_never_sent_twice(side_of: Callable[..., Side]) -> None:
    """With help topic and priority; an answer that is lost is a matter for a person, who says that it is there."""
    side = side_of("osticket", by="json", to=None, topic=7)
    side.receiver.faults = [AFTER, OK]
    lost, fine = side.hand_over(2)
    side.serve_until(lambda: side.row(fine).state == State.DONE or side.row(lost).state == State.DONE)
    rows = {side.row(number).state: side.row(number) for number in (lost, fine)}
    assert set(rows) == {State.UNCLEAR, State.DONE}
    assert "look there for" in rows[State.UNCLEAR].why
    assert [ticket["topicId"] for ticket in side.receiver.tickets] == [7, 7]
    which = store_of.Which(*rows[State.UNCLEAR][:3])
    assert side.store.writing(lambda connection: store_of.arrived(connection, which, int(side.clock() * 1000)))
    side.clock.at += 86_400
    side.courier.serve("there")
    assert len(side.receiver.came) == 2


@pytest.mark.parametrize("kind", SIDES)
def test_a_desk_killed_while_it_sends_doubles_nothing(side_of: Callable[..., Side], kind: str) -> None:
    """The try is counted before it is made: whoever takes over sees it, and looks first."""
    side = side_of(kind)
    (number,) = side.hand_over()
    row = side.row(number)
    which = store_of.Which(*row[:3])
    now = int(side.clock() * 1000)
    leased = side.store.writing(lambda connection: store_of.lease(connection, which, now))
    assert leased
    with side.store.read() as connection:
        request = load(connection, number).request
    # Sent, and killed before a word of it could be written down.
    side.courier._connectors["there"].deliver(Parcel(request, "there", now), now)
    side.courier.serve("there")
    assert side.row(number).state == State.WAITING, "the dead desk still has it"
    side.clock.at += store_of.LEASE / 1000
    side.serve_until(lambda: side.row(number).state == State.DONE)
    assert len(side.made()) == 1


def test_a_case_erased_meanwhile_is_not_sent(side_of: Callable[..., Side]) -> None:
    """Nobody hands on what must be forgotten."""
    side = side_of("webhook")
    (number,) = side.hand_over()
    side.store.writing(lambda connection: erase(connection, number, "ada", BEGIN))
    side.courier.serve("there")
    assert side.receiver.came == []
    assert "erased" in side.row(number).why


@pytest.mark.parametrize(("kind", "state", "says"), [("zammad", "closed", "closed"), ("zendesk", "solved", "solved")])
def test_how_it_stands_there_is_read_back(side_of: Callable[..., Side], kind: str, state: str, says: str) -> None:
    """Every quarter of an hour, until it is closed there; then the case says so."""
    side = side_of(kind)
    (number,) = side.hand_over()
    side.courier.serve("there")
    side.clock.at += 900
    side.courier.serve("there")
    assert side.row(number).their_state == "new"
    side.receiver.tickets[0]["state" if kind == "zammad" else "status"] = state
    side.clock.at += 900
    side.receiver.faults = ["500"]
    side.courier.serve("there")
    assert side.row(number).their_state == "new", "a failed question changes nothing"
    side.clock.at += 900
    side.courier.serve("there")
    assert side.row(number).their_state == says
    asked = len(side.receiver.came)
    side.clock.at += 86_400
    side.courier.serve("there")
    assert len(side.receiver.came) == asked
    with side.store.read() as connection:
        assert load(connection, number).events[-1].data["text"].endswith(f"says: {says}.")


def test_zendesk_forgets_keys_and_not_ids(side_of: Callable[..., Side]) -> None:
    """The answer is lost, and the next tries fail for more than two hours: the key is forgotten, the external id finds it."""
    side = side_of("zendesk")
    side.receiver.faults = [AFTER, *["500"] * 4]
    (number,) = side.hand_over()
    side.serve_until(lambda: side.row(number).state == State.DONE)
    assert side.clock.at - BEGIN / 1000 > ZendeskReceiver.KEY_SECONDS
    assert side.receiver.lookups == ["miss"]
    assert side.row(number).their_id == "1"


def test_a_mistake_of_ours_is_told_and_holds_up_nobody(side_of: Callable[..., Side], caplog: pytest.LogCaptureFixture) -> None:
    """The delivery waits for its next try; the log has the place, not the words."""
    side = side_of("webhook")
    (number,) = side.hand_over()

    class Broken:
        reads_back = False

        def deliver(self, parcel: Parcel, now: int) -> Any:
            raise KeyError(parcel.case.words)

        def look(self, their_id: str) -> Standing | Later:
            raise AssertionError(f"nobody looks for {their_id}")

    side.courier._connectors = {"there": Broken()}
    side.courier.serve("there")
    assert "KeyError" in side.row(number).why
    assert "kettle stops" not in caplog.text
    assert "test_connectors.py" in caplog.text
