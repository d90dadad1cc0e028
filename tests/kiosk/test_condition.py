"""What the staff menu tells of the kiosk: what waits and since when, what broke down, and nothing of a shopper."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.condition import Condition, condition_of, duration, moment
from kiosk.health import FILE, Health
from service.outbox import Intake, Outbox
from service.sealing import new_private_key, public_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FORM = {
    "surface": "kiosk",
    "language": "en",
    "details": {"flow": "complaint", "kind": "broken", "remedy": "exchange"},
    "words": "planted words",
    "reply": {"how": "mail", "address": "ada@planted.example", "name": "Ada Planted"},
    "product": "kettle",
}


def test_what_waits_is_told_with_its_age_and_number(tmp_path: Path) -> None:
    """No name, no words: the numbers by which the desk knows a case."""
    outbox = Outbox(tmp_path / "outbox.sqlite")
    intake = Intake(outbox, public_of(new_private_key()), prefix="NH", clock=lambda: NOW)
    reference = intake.accept(FORM).reference
    later = NOW + timedelta(hours=2, minutes=5)
    found = condition_of(None, intake, "city-2", now=later.timestamp)()
    assert found.facts == {"name": "city-2", "outbox": "1", "oldest": "2 h 5 min"}
    assert "late" in found.alarms
    assert found.slips == ((reference, moment(int(NOW.timestamp()))),)
    assert "lanted" not in str(found)
    outbox.acknowledge(1)
    outbox.remember(last_reached=str(int(NOW.timestamp())))
    calm = condition_of(None, intake, "city-2", now=later.timestamp)()
    assert calm.facts == {"name": "city-2", "outbox": "0", "reached": moment(int(NOW.timestamp()))}
    assert calm.alarms == ()


def test_what_both_processes_wrote_down_is_told(tmp_path: Path) -> None:
    """Visits and breakdowns of the app, and when the agent was last there."""
    health = Health(tmp_path)
    health.beat("app", {"wipes": 12, "broken": 1, "uptime_s": 9}, NOW)
    health.beat("agent", {"uptime_s": 9}, NOW)
    assert condition_of(tmp_path, None)() == Condition(
        {"name": "", "visits": "12", "broken": "1", "agent": moment(NOW.isoformat())}
    )


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """A broken file must not close the staff menu, which is where somebody would see that."""
    (tmp_path / FILE).write_bytes(b"no database at all, but long enough to be taken for one" * 40)
    assert condition_of(tmp_path, None, "x")() == Condition({"name": "x"})


def test_a_time_is_said_in_two_units() -> None:
    """Minutes under a day, hours above."""
    assert [duration(seconds) for seconds in (0, 59, 3661, 86_400 * 3 + 7200)] == [
        "0 h 0 min",
        "0 h 0 min",
        "1 h 1 min",
        "3 d 2 h",
    ]
