"""Every figure is what its definition says: by hand, by our code, and by plain SQL."""

from __future__ import annotations

import random
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from sqlalchemy import text

from service.cases import CaseEvent, Kind
from service.messages import CaseRequest, Count, Counter, Counts, Feedback, Heartbeat
from service.metrics import DEFINITIONS, Figure, figures
from service.reference import new_reference
from service.store import Store
from service.store.cases import add, receive
from service.store.figures import cases_between, counted, minutes_up
from service.store.ingest import Post, Read, take
from tests.service.conftest import HOURS, NOW, form

AT = int(NOW.timestamp() * 1000)
DAY = NOW.date().isoformat()
MINUTE = 60_000

# --- by hand: the numbers below are the example ---------------------------------------------------------------------------
COUNTED = {
    ("visits", ""): 200,
    ("visits-solved", ""): 90,
    ("visits-unknown", ""): 40,
    ("solved", ""): 90,
    ("false-solution", ""): 9,
    ("handoff-opened", ""): 50,
    ("handoff-solved", ""): 10,
    ("handoff-sent", ""): 25,
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
    "unknown-end": 20.0,
    "false-solution": 10.0,
    "help-to-contact": 2.5,
    "availability": 75.0,  # 1440 + 720 of 2880
}


def plain(start: int, end: int) -> float:
    """Count every minute."""
    return (end - start) / MINUTE


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_the_example_by_hand(name: str) -> None:
    """The numbers of the example give the figures that were worked out on paper."""
    assert figures(COUNTED, [], [1440, 720], AT, plain)[name].value == pytest.approx(BY_HAND[name])


def test_what_is_not_measured_says_so() -> None:
    """Nothing is made up: no counts, no figures; nobody's time is taken."""
    found = figures({}, [], [], AT, plain)
    assert set(found) == set(DEFINITIONS)
    assert all(figure == Figure(None, 0, "not measured") for figure in found.values())


@pytest.mark.parametrize(("n", "shown"), [(9, False), (10, True)])
def test_small_numbers_are_withheld(n: int, shown: bool) -> None:
    """Under ten a figure could point at a person."""
    found = figures({("visits", ""): n, ("visits-solved", ""): 1, ("csat", "5"): 29}, [], [], AT, plain)
    assert (found["self-service"].value is not None) is shown
    assert found["csat"] == Figure(None, 29, "fewer than 30 answers")


def cases(store: Store, stories: list[list[tuple[Kind, int]]]) -> None:
    """Let cases come in, and let to each happen what its story says, so many minutes after it came."""
    for number, story in enumerate(stories):
        request = CaseRequest.model_validate({"reference": new_reference(), "accepted_at": NOW, **form()})
        begun = AT + number
        store.writing(lambda connection, one=(request, request.reference, "kiosk:x", begun): receive(connection, [one]))  # type: ignore[misc]
        for kind, after in story:
            event = CaseEvent(kind, "ada", begun + after * MINUTE, {"text": "x"})
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
    with store.read() as connection:
        found = figures({}, cases_between(connection, AT, AT + MINUTE), [], AT + 600 * MINUTE, plain)
    # 10, 20, … 90, 100 and the open one: the middle of eleven is 60.
    assert found["first-response"].value == pytest.approx(60, abs=0.01)
    # Ten first answers (550 minutes in all) and one after 30 minutes; the second in a row answers nothing.
    assert found["average-response"].value == pytest.approx(580 / 11, abs=0.01)
    assert found["first-contact"] == Figure(80.0, 10)


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
    "unknown-end": _SHARE.format(part="visits-unknown", whole="visits"),
    "false-solution": _SHARE.format(part="false-solution", whole="solved"),
    "help-to-contact": _SHARE.format(part="handoff-sent", whole="page-views"),
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
FIRST = "SELECT (coalesce(first_reply_at, :now) - received_at) / 60000.0 FROM cases"


def fill(store: Store, chance: random.Random) -> None:
    """Count, ask and answer at random, through the door that kiosks use."""
    lines = [Count(day=NOW.date(), name=name, n=chance.randint(20, 60)) for name in Counter for _ in range(3)]
    scales = (("csat", 1, 5), ("ces", 1, 7), ("nps", 0, 10))
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
    for _ in range(16):
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
    now = AT + 600 * MINUTE
    with store.read() as connection:
        found = figures(
            counted(connection, DAY, DAY), cases_between(connection, AT, now), minutes_up(connection, DAY, DAY), now, plain
        )
        for name, statement in SQL.items():
            assert found[name].value == pytest.approx(float(connection.execute(text(statement)).scalar_one())), name
        times = [float(row[0]) for row in connection.execute(text(FIRST), {"now": now})]
    assert found["first-response"].value == pytest.approx(median(times))
    assert set(SQL) | {"first-response", "handle-time", "coverage"} == set(DEFINITIONS)
