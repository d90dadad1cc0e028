"""Pages tell the kiosk what they count; it leaves a visit when that is over, and memory when the hour is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.counting import Counting
from kiosk.keeper import VisitKeeper
from kiosk.visit import State, Timing
from service.hours import BusinessHours
from service.messages import Counts, Feedback
from service.outbox import Intake, Outbox, OutboxError
from service.sealing import new_private_key, public_of, unseal

from .conftest import FakeClock, Live, serve

PRIVATE = new_private_key()
VIEW = {"name": "page-views", "page": "kettle/descale", "product": "kettle", "stage": "maintain", "language": "en"}


class Rim:
    """A kiosk's counting with everything around it in our hands."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.day = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)
        self.visits = VisitKeeper(Timing(idle=60, warning=20), self.clock)
        self.outbox = Outbox(folder / "outbox.sqlite")
        intake = Intake(self.outbox, public_of(PRIVATE), store="city", hours=BusinessHours())
        self.counting = Counting(intake, self.visits, lambda: self.day, self.clock)

    def visit(self, *told: dict[str, Any], seconds: float = 30, finished: bool = False) -> None:
        """Let somebody come, pages tell these, and somebody leave."""
        self.visits.beat(touched=True)
        for one in told:
            self.counting.take(dict(one))
        self.clock.now += seconds
        self.visits.beat(touched=True)
        if finished:
            self.visits.end()
        else:
            self.clock.now += 80
        assert self.visits.look().state is State.WIPE
        self.visits.wiped()

    def told(self) -> dict[tuple[str, str], int]:
        """Return what waits in the outbox, by name and choice."""
        found: dict[tuple[str, str], int] = {}
        for item in self.outbox.pending():
            if item.kind == "counts":
                for line in Counts.model_validate_json(item.body).lines:
                    found[line.name, line.page] = found.get((line.name, line.page), 0) + line.n
            elif item.kind == "feedback":
                answer = Feedback.model_validate_json(item.body)
                found[answer.question, answer.page] = answer.value
        return found


@pytest.fixture
def rim(tmp_path: Path) -> Iterator[Rim]:
    """Return a kiosk's counting at ten past two."""
    made = Rim(tmp_path)
    yield made
    made.outbox.close()


def test_nothing_is_written_before_the_hour_is_over(rim: Rim) -> None:
    """Two visits of one hour are one heap of numbers."""
    rim.visit(VIEW, VIEW, {"question": "helpful", "value": 1, "page": "kettle/descale"})
    rim.visit(VIEW, finished=True)
    rim.counting.look()
    assert rim.outbox.waiting() == (0, None)
    rim.day += timedelta(hours=1)
    rim.counting.look()
    assert rim.told() == {
        ("page-views", "kettle/descale"): 3,
        ("visits", ""): 2,
        ("active-seconds", ""): 60,
        ("helpful", "kettle/descale"): 1,
    }
    rim.counting.look()
    assert rim.outbox.waiting()[0] == 2, "an hour is told once"


def test_whoever_leaves_unsaid_ends_unknown_and_touched_nothing_at_last(rim: Rim) -> None:
    """The idle time is not part of the visit."""
    rim.visit(VIEW, seconds=45)
    rim.counting.look(last=True)
    assert rim.told()["visits-unknown", ""] == 1
    assert rim.told()["active-seconds", ""] == 45


def test_a_page_that_nobody_touched_counts_nothing(rim: Rim) -> None:
    """The first page of a kiosk at rest is read by nobody."""
    rim.counting.take(dict(VIEW))
    rim.visit()
    rim.counting.look(last=True)
    assert ("page-views", "kettle/descale") not in rim.told()


def test_words_leave_only_in_a_sealed_box(rim: Rim) -> None:
    """One box for each visit, so that the desk can count visits; an address does not leave at all."""
    for _ in range(2):
        rim.visit({"words": "Smelly kettle", "language": "en", "results": 0}, {"words": "kim@customer.example", "language": "en"})
    rim.counting.look(last=True)
    boxes = [item for item in rim.outbox.pending() if item.kind == "phrases"]
    assert len(boxes) == 2
    assert all("melly" not in item.body for item in rim.outbox.pending())
    opened = [unseal(PRIVATE, item.body).decode() for item in boxes]
    assert all("smelly kettle" in text and "kim@" not in text for text in opened)


def test_counts_are_no_reason_to_stop(rim: Rim, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the outbox takes nothing more, the wipe goes on and the loss is told."""

    def full(*_: object, **__: object) -> int:
        raise OutboxError("the disk is full")

    monkeypatch.setattr(rim.outbox, "add", full)
    rim.visit(VIEW)
    rim.counting.look(last=True)
    assert "counts of an hour are lost: the disk is full" in capsys.readouterr().err


@pytest.fixture
def counted(tiny_site: Path, tmp_path: Path) -> Iterator[Live]:
    """Run the kiosk's server with an outbox."""
    outbox = Outbox(tmp_path / "outbox.sqlite")
    yield from serve(tiny_site, intake=Intake(outbox, public_of(PRIVATE)))
    outbox.close()


def test_the_address_takes_what_a_page_tells_and_nothing_else(counted: Live) -> None:
    """Without a session, with junk, with a key that nobody knows: no error, and no count."""
    assert counted.post("/api/count", VIEW).status_code == 204
    counted.enter()
    counted.post("/api/visit/beat", {"touched": True})
    for junk in ({**VIEW, "visit": "somebody"}, {"name": "theft"}, {"question": "helpful", "value": 7}, {"words": ""}):
        assert counted.post("/api/count", junk).status_code == 204
    for rubbish in ("[1]", "{", '"x"', ""):
        headers = {"origin": counted.origin}
        assert counted.client.post("/api/count", content=rubbish, headers=headers).status_code == 204
    assert counted.post("/api/count", VIEW).status_code == 204
    assert counted.client.get("/api/count").json() == {"open": True}
    counted.parts.visits.end()
    counted.parts.visits.wiped()
    intake = counted.parts.intake
    assert intake is not None
    assert intake.outbox.waiting() == (0, None)


def test_a_kiosk_without_a_desk_counts_nothing(live: Live) -> None:
    """And says so to pages, which then ask nobody how it was."""
    live.enter()
    assert live.client.get("/api/count").json() == {"open": False}
    assert live.post("/api/count", VIEW).status_code == 204
