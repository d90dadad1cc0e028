"""Cases, an outbox with its intake, and the keys of a desk, for all tests of the service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.hours import BusinessHours
from service.messages import Enrolled
from service.outbox import Identity, Intake, Outbox
from service.sealing import new_private_key, public_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
HOURS = BusinessHours(zone="Europe/Berlin", week=dict.fromkeys(WEEKDAYS, ("09:30-20:00",)))


def form(**changes: Any) -> dict[str, Any]:
    """Return a filled form, as the page posts it."""
    filled: dict[str, Any] = {
        "language": "en",
        "details": {"flow": "complaint", "kind": "broken", "remedy": "exchange"},
        "words": "The kettle stops after a minute.",
        "reply": {"how": "mail", "address": "kim.miller@customer.example", "name": "Kim Miller"},
        "product": "kettle",
        "page": "kettle/does-not-heat",
    }
    return {**filled, **changes}


@pytest.fixture(scope="session")
def private() -> bytes:
    """Return the private key of a desk."""
    return new_private_key()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """Return an empty outbox."""
    made = Outbox(tmp_path / "state" / "outbox.sqlite")
    yield made
    made.close()


@pytest.fixture
def intake(outbox: Outbox, private: bytes) -> Intake:
    """Return the intake of a shop in Berlin on a Monday morning."""
    return Intake(outbox, public_of(private), store="city", prefix="NH", hours=HOURS, clock=lambda: NOW)


@pytest.fixture
def identity(tmp_path: Path, private: bytes) -> Identity:
    """Return an enrolled kiosk."""
    made = Identity(tmp_path / "state")
    made.enrolled(Enrolled(kiosk="city-1", store="city", desk_key=public_of(private)).model_dump_json().encode())
    return made
