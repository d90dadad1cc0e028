"""Every figure is what its definition says: by hand, by our code, and by plain SQL."""

from __future__ import annotations

import random
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from sqlalchemy import text

from service.cases import CaseEvent, Kind, happened
from service.messages import CaseRequest, Count, Counter, Counts, Feedback, Heartbeat
from service.metrics import DEFINITIONS, Figure, Measured, figures, hidden
from service.reference import new_reference
from service.store import Store
from service.store.cases import add, receive
from service.store.figures import Slice, cases_between, contacts_between, counted, minutes_up
from service.store.ingest import Post, Read, take
from tests.service.conftest import HOURS, NOW, form

AT = int(NOW.timestamp() * 1000)
DAY = NOW.date().isoformat()
MINUTE = 60_000
DAYS = 24 * 60 * MINUTE

# --- by hand: the numbers below are the example ---------------------------------------------------------------------------
COUNTED = {
    ("visits", ""): 160,
    ("visits", "web"): 40,
    ("visits-solved", ""): 90,
    ("visits-unknown", ""): 40,
    ("solved", ""): 90,
    ("false-solution", ""): 9,
    ("handoff-opened", ""): 50,
    ("handoff-solved", ""): 10,
    ("handoff-sent", ""): 25,
    ("handoff-from-page", ""): 20,
    ("active-seconds", ""): 12_000,
    ("helpful", "1"): 36,
    ("helpful", "0"): 12,
    ("searches", ""): 300,
    ("searches-zero", ""): 30,
    ("searches-found", ""): 180,
    ("page-views", ""): 1000,
    ("csat", "1"): 4,
    ("csat", "3"): 6,
    ("csat", "4"): 10,
    ("csat", "5"): 20,
    ("nps", "10"): 10,
    ("nps", "9"): 5,
    ("nps", "8"): 10,
    ("nps", "6"): 3,
    ("nps", "0"): 2,
    ("ces", "7"): 6,
    ("ces", "4"): 4,
}
BY_HAND = {
    "csat": 75.0,  # 30 of 40
    "nps": 100 * (15 - 5) / 30,
    "ces": 5.8,  # (42 + 16) / 10
    "self-service-score": 8.0,
    "self-service": 45.0,
    "deflection": 20.0,
    "zero-result": 10.0,
    "search-success": 60.0,
    "unknown-end": 25.0,  # 40 of the 160 at kiosks
    "active-time": 75.0,  # seconds of each of these
    "helpful": 75.0,
    "false-solution": 10.0,
    "help-to-contact": 2.0,  # five of the 25 came from no page
    "coverage": 75.0,  # one cell of four has no guide
    "availability": 75.0,  # 1440 + 720 of 2880
}


def plain(_store: str, start: int, end: int) -> float:
    """Count every minute."""
    return (end - start) / MINUTE


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_the_example_by_hand(name: str) -> None:
    """The numbers of the example give the figures that were worked out on paper."""
    assert figures(Measured(COUNTED, up=[1440, 720], cells=[1, 0, 2, 1]), AT, plain)[name].value == pytest.approx(BY_HAND[name])


def test_what_is_not_measured_says_so() -> None:
    """Nothing is made up: no counts, no figures; nobody's time is taken."""
    found = figures(Measured({}), AT, plain)
    assert set(found) == set(DEFINITIONS)
    assert all(figure == Figure(None, 0, "not measured") for figure in found.values())


@pytest.mark.parametrize(("n", "shown"), [(9, False), (10, True)])
def test_small_numbers_are_withheld(n: int, shown: bool) -> None:
    """Under ten a figure could point at a person."""
    found = figures(Measured({("visits", ""): n, ("visits-solved", ""): 1, ("csat", "5"): 29}), AT, plain)
    assert (found["self-service"].value is not None) is shown
    assert found["self-service"].n == (10 if shown else 0), "how few is withheld too"
    assert found["csat"] == Figure(None, 29, "fewer than 30 answers")


def cases(store: Store, stories: list[list[tuple[Kind, int]]]) -> None:
    """Let cases come in, and let to each happen what its story says, so many minutes after it came."""
    for number, story in enumerate(stories):
        reply = {"how": "mail", "address": f"customer-{number}@customer.example", "name": "X"}
        request = CaseRequest.model_validate({"reference": new_reference(), "accepted_at": NOW, **form(reply=reply)})
        begun = AT + number
        store.writing(lambda connection, one=(request, request.reference, "kiosk:x", begun): receive(connection, [one]))  # type: ignore[misc]
        for kind, after in story:
            event = CaseEvent(kind, "ada", begun + after * MINUTE, {"text": "x", "outcome": "solved"})
            store.writing(lambda connection, one=(request.reference, event): add(connection, *one))  # type: ignore[misc]


def test_times_and_first_contacts_by_hand(store: Store) -> None:
    """Ten cases answered after 10 to 100 minutes, one still open after 600; two of ten closed needed more than one contact."""
    stories = [[(Kind.REPLIED, 10 * n)] for n in range(1, 10)] + [[]]
    stories[0] += [(Kind.ANSWERED, 20), (Kind.REPLIED, 50), (Kind.REPLIED, 55), (Kind.CLOSED, 60)]
    stories[1] += [(Kind.CLOSED, 60), (Kind.REOPENED, 70), (Kind.CLOSED, 80)]
    for story in stories[2:9]:
        story.append((Kind.NOTED, 100))
        story.append((Kind.CLOSED, 110))
    stories.append([(Kind.REPLIED, 100), (Kind.CLOSED, 120)])
    cases(store, stories)
    now = AT + 600 * MINUTE
    with store.read() as connection:
        measured = Measured({}, cases_between(connection, AT, AT + MINUTE), contacts=contacts_between(connection, 0, now))
    found = figures(measured, now, plain)
    # 10, 20, … 90, 100 and the open one: the middle of eleven is 60.
    assert found["first-response"].value == pytest.approx(60, abs=0.01)
    assert not found["first-response"].at_least, "the open one has waited longer already, and cannot raise the middle"
    # Ten first answers (550 minutes in all) and one after 30 minutes; the second in a row answers nothing.
    assert found["average-response"].value == pytest.approx(580 / 11, abs=0.01)
    assert found["first-contact"].why_none == "not measured", "nobody knows yet who comes again"
    assert figures(measured, now + 8 * DAYS, plain)["first-contact"] == Figure(80.0, 10)


def test_an_open_case_that_waits_shortly_makes_the_middle_at_least(store: Store) -> None:
    """Nine were answered after an hour, two wait since ten minutes: the middle may still rise."""
    cases(store, [[(Kind.REPLIED, 60)]] * 9 + [[], []])
    with store.read() as connection:
        found = figures(Measured({}, cases_between(connection, AT, AT + MINUTE)), AT + 10 * MINUTE, plain)
    assert found["first-response"].at_least


def test_a_machines_reply_is_no_answer(store: Store) -> None:
    """Ten cases with nothing but an automatic reply have waited until now."""
    cases(store, [[] for _ in range(10)])
    with store.read() as connection:
        came = cases_between(connection, AT, AT + MINUTE)
    told = CaseEvent(Kind.REPLIED, "desk", AT + MINUTE, {"text": "We have it.", "automatic": True})
    waiting = [happened(case, told) for case in came]
    found = figures(Measured({}, waiting), AT + 90 * MINUTE, plain)
    assert found["first-response"].value == pytest.approx(90, abs=0.01)
    assert (found["first-response"].n, found["first-response"].at_least) == (10, True)
    assert found["average-response"].value is None


def test_whoever_comes_again_within_a_week_was_not_helped_at_once(store: Store) -> None:
    """The first case does not count as solved, and the second is no first contact."""
    cases(store, [[(Kind.REPLIED, 10), (Kind.CLOSED, 20)] for _ in range(11)])
    with store.read() as connection:
        found, contacts = cases_between(connection, AT, AT + MINUTE), contacts_between(connection, 0, AT + MINUTE)
    contacts["customer-3@customer.example"].append(AT + 2 * DAYS)
    assert figures(Measured({}, found, contacts=contacts), AT + 30 * DAYS, plain)["first-contact"] == Figure(100 * 10 / 11, 11)
    contacts["customer-4@customer.example"].append(AT - 2 * DAYS)
    assert figures(Measured({}, found, contacts=contacts), AT + 30 * DAYS, plain)["first-contact"] == Figure(90.0, 10)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([50, 20, 0], [50, 20, 0]),
        ([50, 20, 3], [50, None, None]),
        ([50, 6, 7], [50, None, None]),
        ([3], [None]),
        ([12, 12, 9, 40], [None, 12, None, 40]),
    ],
)
def test_what_is_hidden_cannot_be_worked_out(counts: list[int], shown: list[int | None]) -> None:
    """The whole is known: what is hidden must be ten at least in all."""
    assert hidden(counts) == shown


def test_a_slice_counts_only_its_own(store: Store) -> None:
    """By product, stage, language, store and kiosk; pages on the web beside kiosks; a hand-over from nowhere is from no page."""
    lines = [
        Count(day=NOW.date(), name=Counter.PAGE_VIEWS, n=20, product="kettle", stage="use", language="en", page="kettle/on"),
        Count(day=NOW.date(), name=Counter.PAGE_VIEWS, n=30, product="lamp", stage="use", language="de", page="lamp/on"),
        Count(day=NOW.date(), name=Counter.HANDOFF_SENT, n=2, product="kettle", page="kettle/on", language="en"),
        Count(day=NOW.date(), name=Counter.HANDOFF_SENT, n=3, language="en"),
    ]
    read = [Read(1, "counts", "a", "", Counts(lines=tuple(lines)))]
    store.writing(lambda connection: take(connection, [Post("k1", "city", "e", read)], AT))
    with store.read() as connection:

        def views(**wanted: str) -> int:
            return counted(connection, DAY, DAY, Slice(**wanted)).get(("page-views", ""), 0)

        assert (views(), views(product="kettle"), views(language="de"), views(stage="use")) == (50, 20, 30, 50)
        assert (views(store="city"), views(kiosk="k1"), views(kiosk="web"), views(store="harbour")) == (50, 50, 0, 0)
        assert counted(connection, DAY, DAY)["handoff-from-page", ""] == 2


def test_times_are_business_hours() -> None:
    """From Monday 19:00 to Tuesday 10:30 in Berlin the shop was open for two hours."""
    monday = NOW.replace(hour=18)
    assert HOURS.open_time(monday, monday + timedelta(hours=15, minutes=30)) == timedelta(hours=2)


# --- the second implementation: plain SQL ---------------------------------------------------------------------------------
_SHARE = """SELECT 100.0 * sum(CASE WHEN name = '{part}' THEN n ELSE 0 END)
  / sum(CASE WHEN name = '{whole}' THEN n ELSE 0 END) FROM counts"""
_BEFORE = """SELECT max(r.number) FROM case_events r
  WHERE r.reference = e.reference AND r.kind = 'replied' AND r.number < e.number"""
_ASKED = f"""SELECT min(asked."at") FROM case_events asked WHERE asked.reference = e.reference
  AND asked.kind IN ('received', 'answered') AND asked.number < e.number AND asked.number > coalesce(({_BEFORE}), 0)"""
SQL = {
    "self-service": _SHARE.format(part="visits-solved", whole="visits"),
    "deflection": _SHARE.format(part="handoff-solved", whole="handoff-opened"),
    "zero-result": _SHARE.format(part="searches-zero", whole="searches"),
    "search-success": _SHARE.format(part="searches-found", whole="searches"),
    "unknown-end": _SHARE.format(part="visits-unknown", whole="visits"),  # nothing here is counted on the web
    "active-time": _SHARE.format(part="active-seconds", whole="visits").replace("100.0", "1.0"),
    "helpful": """SELECT 100.0 * sum(CASE WHEN choice = '1' THEN n ELSE 0 END) / sum(n) FROM counts WHERE name = 'helpful'""",
    "false-solution": _SHARE.format(part="false-solution", whole="solved"),
    "help-to-contact": """SELECT 100.0 * sum(CASE WHEN name = 'handoff-sent' AND page <> '' THEN n ELSE 0 END)
      / sum(CASE WHEN name = 'page-views' THEN n ELSE 0 END) FROM counts""",
    "self-service-score": _SHARE.format(part="visits", whole="handoff-sent").replace("100.0", "1.0"),
    "csat": "SELECT 100.0 * sum(CASE WHEN choice IN ('4', '5') THEN n ELSE 0 END) / sum(n) FROM counts WHERE name = 'csat'",
    "ces": "SELECT 1.0 * sum(n * CAST(choice AS INTEGER)) / sum(n) FROM counts WHERE name = 'ces'",
    "nps": """SELECT 100.0 * sum(n * CASE WHEN CAST(choice AS INTEGER) >= 9 THEN 1
      WHEN CAST(choice AS INTEGER) <= 6 THEN -1 ELSE 0 END) / sum(n) FROM counts WHERE name = 'nps'""",
    "availability": """SELECT 100.0 * sum(up) / (1440 * count(*))
      FROM (SELECT max(minutes_up) AS up FROM heartbeats GROUP BY kiosk, day) days""",
    "average-response": f"""SELECT avg((e."at" - ({_ASKED})) / 60000.0) FROM case_events e WHERE e.kind = 'replied'""",
    "first-contact": """SELECT 100.0 * sum(CASE WHEN replied = 1 AND more = 0 THEN 1 ELSE 0 END) / count(*)
      FROM (SELECT e.reference,
      sum(CASE WHEN e.kind = 'replied' THEN 1 ELSE 0 END) AS replied,
      sum(CASE WHEN e.kind IN ('answered', 'reopened') THEN 1 ELSE 0 END) AS more
      FROM case_events e JOIN cases c ON c.reference = e.reference WHERE c.closed_at IS NOT NULL GROUP BY e.reference) closed""",
}
FIRST = "SELECT (coalesce(first_reply_at, closed_at, :now) - received_at) / 60000.0 FROM cases"


def fill(store: Store, chance: random.Random) -> None:
    """Count, ask and answer at random, through the door that kiosks use."""
    lines = [
        Count(day=NOW.date(), name=name, n=chance.randint(20, 60), page=chance.choice(("", "kettle/on")))
        for name in Counter
        for _ in range(3)
    ]
    scales = (("csat", 1, 5), ("ces", 1, 7), ("nps", 0, 10), ("helpful", 0, 1))
    answers = [
        Feedback.model_validate({"day": DAY, "question": q, "value": chance.randint(a, b)})
        for q, a, b in scales
        for _ in range(50)
    ]
    beats = [Heartbeat(day=NOW.date(), minutes_up=minute) for minute in (300, 900, 1200)]
    messages: list[Any] = [Counts(lines=tuple(lines)), *answers, *beats]
    items = [Read(seq, message.kind, str(seq), "", message) for seq, message in enumerate(messages, 1)]
    store.writing(lambda connection: take(connection, [Post("k1", "city", "e", items)], AT))
    stories = []
    for _ in range(30):
        kinds, after = [], 0
        for kind in chance.choices((Kind.REPLIED, Kind.ANSWERED, Kind.NOTED), k=chance.randint(0, 5)):
            after += chance.randint(1, 50)
            kinds.append((kind, after))
        stories.append([*kinds, (Kind.CLOSED, after + 5)])
    cases(store, stories)


@pytest.mark.parametrize("seed", [1, 2])
def test_plain_sql_comes_to_the_same(store: Store, seed: int) -> None:
    """Two ways that share no line of code, on both kinds of database."""
    fill(store, random.Random(seed))
    now = AT + 9 * DAYS
    with store.read() as connection:
        cases = cases_between(connection, AT, now)
        up = minutes_up(connection, DAY, DAY).get("", [])
        contacts = contacts_between(connection, 0, now)
        found = figures(Measured(counted(connection, DAY, DAY), cases, up, contacts), now, plain)
        for name, statement in SQL.items():
            assert found[name].value == pytest.approx(float(connection.execute(text(statement)).scalar_one())), name
        times = [float(row[0]) for row in connection.execute(text(FIRST), {"now": now})]
    assert found["first-response"].value == pytest.approx(median(times))
    assert set(SQL) | {"first-response", "total-handle-time", "handle-time", "coverage"} == set(DEFINITIONS)
