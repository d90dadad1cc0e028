"""What a visit counts leaves it as numbers, and an hour as sums."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from kiosk.tally import MOST_KINDS, MOST_LINES, Hour, Visit, may_be_kept
from service.messages import Answer, Counted, Counter, Counts, Feedback, Phrase, Phrases

AT = datetime(2026, 11, 23, 14, 37, 11, tzinfo=UTC)
PLANTED = (
    "kim.miller@customer.example",
    "0171 2345678",
    "+49 30 123456",
    "DE89 3704 0044 0532 0130 00",
    "order 4711-0815",
    "call me 5 5 5 1 2",
)


def counted(name: Counter, **more: Any) -> Counted:
    """Return one count of an English page."""
    return Counted.model_validate({"name": name, "language": "en", **more})


def summed(hour: Hour) -> dict[tuple[str, str], int]:
    """Return what an hour tells, by name and choice."""
    found: dict[tuple[str, str], int] = {}
    for message in hour.messages():
        for line in message.lines if isinstance(message, Counts) else ():
            found[line.name, line.choice] = found.get((line.name, line.choice), 0) + line.n
    return found


def test_a_visit_by_hand() -> None:
    """Two pages, a search found and taken back, one found: each as a number, the visit once, its seconds rounded."""
    visit, hour = Visit(), Hour(AT)
    for _ in range(2):
        visit.count(counted(Counter.PAGE_VIEWS, page="kettle/descale", product="kettle", stage="maintain"), 10)
    visit.count(counted(Counter.SEARCHES), 20)
    visit.count(counted(Counter.SEARCHES_FOUND), 21)
    visit.count(counted(Counter.SEARCHES_FOUND), 30, undo=True)
    hour.add(visit, left=False, seconds=41.4)
    assert summed(hour) == {("page-views", ""): 2, ("searches", ""): 1, ("visits", ""): 1, ("active-seconds", ""): 41}


@pytest.mark.parametrize(
    ("told", "left", "unknown"),
    [
        ([], True, 1),
        ([], False, 0),
        ([counted(Counter.SOLVED)], True, 0),
        ([counted(Counter.HANDOFF_SENT)], True, 0),
        ([counted(Counter.TREE_EXIT, choice="repair/repair")], True, 0),
        ([counted(Counter.TREE_EXIT, choice="lamp/left")], True, 1),
        ([Answer(question="helpful", value=1)], True, 0),
        ([Answer(question="helpful", value=0)], True, 1),
        ([Answer(question="helpful", value=1), Answer(question="helpful", value=0)], True, 1),
    ],
)
def test_a_visit_ends_unknown_only_without_an_outcome(told: list[Any], left: bool, unknown: int) -> None:
    """Solved, handed over, led somewhere or found helpful is an outcome; leaving in the middle is none, nor is silence."""
    visit, hour = Visit(), Hour(AT)
    for one in told:
        (visit.answer if isinstance(one, Answer) else visit.count)(one, 0.0)
    hour.add(visit, left=left, seconds=1)
    assert summed(hour).get(("visits-unknown", ""), 0) == unknown


def test_the_last_answer_counts() -> None:
    """Whoever changes their mind, or says why, has still answered once."""
    visit, hour = Visit(), Hour(AT)
    for value, reason in ((1, ""), (0, ""), (0, "inaccurate")):
        visit.answer(Answer.model_validate({"question": "helpful", "value": value, "reason": reason, "page": "a"}), 0)
    visit.answer(Answer(question="helpful", value=1, page="b"), 0)
    hour.add(visit, left=False, seconds=1)
    answers = [message for message in hour.messages() if isinstance(message, Feedback)]
    assert sorted((one.page, one.value, one.reason, one.hour) for one in answers) == [
        ("a", 0, "inaccurate", 14),
        ("b", 1, "", 14),
    ]


@pytest.mark.parametrize("words", PLANTED)
def test_words_that_could_tell_who_searched_are_not_kept(words: str) -> None:
    """An at sign, or more than four digits."""
    assert not may_be_kept(words)


@pytest.mark.parametrize("words", ["kettle smells", "E18", "AK 200 descale", "قهوة", "WM 8 e18"])
def test_words_about_products_may_be_kept(words: str) -> None:
    """Models and codes too."""
    assert may_be_kept(words)


def test_a_thousand_visits_with_planted_words_tell_none_of_them() -> None:
    """Nothing of an address or a number is in what an hour tells, in plain or sealed messages; harmless words are."""
    hour = Hour(AT)
    for number in range(1000):
        visit = Visit()
        visit.count(counted(Counter.PAGE_VIEWS, page="kettle/descale"), number)
        visit.search(Phrase(words=PLANTED[number % len(PLANTED)]), number)
        visit.search(Phrase(words=" Kettle   SMELLS "), number)
        hour.add(visit, left=True, seconds=1)
    told = hour.messages()
    written = "\n".join(message.model_dump_json() for message in told)
    assert [word for word in PLANTED if word in written or json.dumps(word)[1:-1] in written] == []
    assert summed(hour)["visits", ""] == 1000
    assert {phrase.words for message in told if isinstance(message, Phrases) for phrase in message.phrases} == {"kettle smells"}


def test_an_hour_tells_neither_moments_nor_which_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Day and hour only; the lines of all visits are one heap, and messages come in no order."""
    hour = Hour(AT)
    for page in ("a", "b"):
        visit = Visit()
        visit.count(counted(Counter.PAGE_VIEWS, page=page), 1)
        hour.add(visit, left=False, seconds=1)
    seen: list[int] = []
    told = hour.messages(lambda messages: seen.append(len(messages)))
    assert seen == [len(told)]
    assert len([message for message in told if isinstance(message, Counts)]) == 1
    written = told[0].model_dump_json()
    assert "14" in written
    assert "37" not in written
    assert "11:" not in written


def test_what_counts_too_much_is_bounded() -> None:
    """No visit fills the memory or a message."""
    visit, hour = Visit(), Hour(AT)
    for number in range(MOST_KINDS * 3):
        visit.count(counted(Counter.PAGE_VIEWS, page=f"p{number}"), 0)
        visit.search(Phrase(words=f"w{chr(97 + number % 26)}{chr(97 + number // 26)}"), 0)
    hour.add(visit, left=False, seconds=1)
    messages = hour.messages()
    assert all(len(message.lines) <= MOST_LINES for message in messages if isinstance(message, Counts))
    assert sum(len(message.lines) for message in messages if isinstance(message, Counts)) == MOST_KINDS + 2
