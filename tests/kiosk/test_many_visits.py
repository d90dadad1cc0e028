"""Thousands of visits over real HTTP without a window: no error, and nothing that grows."""

import gc
import http.client
import json
import os
import threading
import time
from pathlib import Path

import pytest

from kiosk.sessions import Holder
from kiosk.visit import State

from .conftest import Live

MINUTES = 10


class Shopper:
    """Walks through the kiosk as the window does, over one kept connection."""

    def __init__(self, live: Live) -> None:
        """Connect."""
        self.live = live
        self.line = http.client.HTTPConnection("127.0.0.1", live.server.port, timeout=30)
        self.cookie = ""

    def ask(self, method: str, path: str, body: dict[str, object] | None = None) -> tuple[int, bytes]:
        """Ask one thing."""
        headers = {"Origin": self.live.origin, **({"Cookie": self.cookie} if self.cookie else {})}
        self.line.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.line.getresponse()
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie).split(";")[0]
        return answer.status, answer.read()

    def visit(self, number: int) -> None:
        """Come, read, search, leave, and be forgotten."""
        live = self.live
        key = live.parts.sessions.issue(Holder.WINDOW)
        assert self.ask("GET", f"/?key={key}")[0] == 303
        assert self.ask("POST", "/api/visit/beat", {"touched": True, "lang": "en"})[0] == 200
        assert self.ask("GET", "/en/kettle/descale.html")[0] == 200
        assert self.ask("GET", f"/api/search?lang=en&q=visitor{number}")[0] == 200
        assert self.ask("POST", "/api/visit/end", {})[0] == 200
        assert live.parts.visits.look().state is State.WIPE
        live.parts.sessions.revoke(Holder.WINDOW)
        live.parts.visits.wiped()
        assert self.ask("POST", "/api/visit/beat", {"touched": True})[0] == 401, "the last visitor's cookie must be dead"
        self.cookie = ""


def held() -> tuple[float, int, int]:
    """Memory in MiB, files and threads of this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20, len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


def walk(live: Live, visits: int) -> None:
    """Make so many visits, and compare what is held after a fifth of them with what is held at the end."""
    shopper = Shopper(live)
    early = held()
    for number in range(visits):
        shopper.visit(number)
        if number == visits // 5:
            early = held()
    late = held()
    shopper.line.close()
    assert live.parts.visits.look().number == visits
    assert late[1:] == early[1:], "files and threads must not grow"
    assert late[0] - early[0] < 8, f"{late[0] - early[0]:.1f} MiB more after {visits} visits"


@pytest.mark.slow
def test_hundreds_of_visits(live: Live) -> None:
    """A shop's busy day."""
    walk(live, 200)


@pytest.mark.long
def test_twenty_thousand_visits_in_ten_minutes(live: Live) -> None:
    """A shop's quarter."""
    began = time.monotonic()
    walk(live, 20_000)
    assert time.monotonic() - began < MINUTES * 60
