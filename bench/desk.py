"""The desk under load: how much it takes in, how soon, and what is lost or doubled when it is killed again and again."""

from __future__ import annotations

import asyncio
import json
import os
import random
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
from sqlalchemy import func, insert, select

from bench.desk_load import VirtualKiosk, deliver, fleet
from kiosk.outbound import Outbound
from service.desk.keyring import load_keyring
from service.desk.run import database_of
from service.outbox import Identity, introduce
from service.store import Store, open_store
from service.store.kiosks import new_code
from service.store.tables import case_events, cases, counts, kiosks, quarantine, received

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
KIOSKS = 48


class Desk:
    """A desk in a process of its own, as a shop runs it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = database_of(folder, url)
        self.key = load_keyring(folder).public
        self.store: Store = open_store(self.url)
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and return when it answers, on the same port as before."""
        command = [sys.executable, str(ROOT / "build.py"), "desk", "--folder", str(self.folder), "--database-url", self.url]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen([*command, "--port", str(self.port)], stdout=subprocess.PIPE, text=True, env=environment)
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.startswith("ready: "):
            raise RuntimeError(f"the desk did not start: {line}")
        self.port = int(line.rsplit(":", 1)[1].strip("/ \n"))

    def end(self, number: int = signal.SIGTERM) -> None:
        """End it, by a kill that it cannot catch if wanted."""
        if self._process is not None:
            os.kill(self._process.pid, number)
            self._process.wait(30)
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None

    def enrol(self, fleet_: list[VirtualKiosk]) -> None:
        """Let a fleet in, without codes."""
        rows = [
            {"kiosk": one.name, "public_key": one.public_key, "store": "city", "code": one.epoch, "enrolled_at": 0}
            for one in fleet_
        ]
        self.store.writing(lambda connection: connection.execute(insert(kiosks), rows))

    def cpu_seconds(self) -> float:
        """Return how much processor time the desk's process has used: a busy machine changes it less than the clock."""
        if self._process is None:
            return 0.0
        told = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def counted(self) -> dict[str, int]:
        """Return what the database has."""
        queries = {
            "items": select(func.count()).select_from(received),
            "cases": select(func.count()).select_from(cases),
            "counted": select(func.coalesce(func.sum(counts.c.n), 0)),
            "quarantined": select(func.count()).select_from(quarantine),
        }
        with self.store.read() as connection:
            return {name: int(connection.execute(query).scalar_one()) for name, query in queries.items()}


@contextmanager
def a_desk(url: str) -> Iterator[Desk]:
    """Give a running desk over an empty database (the given one, or a new file)."""
    with tempfile.TemporaryDirectory(prefix="helpstand-desk-") as name:
        desk = Desk(Path(name), url)
        desk.start()
        try:
            yield desk
        finally:
            desk.end()
            desk.store.close()


def throughput(desk: Desk, posts: int, size: int) -> dict[str, float]:
    """Measure a fleet that posts batches of one size, a tenth of them twice."""
    kiosks_ = fleet(KIOSKS, posts, size, desk.key)
    desk.enrol(kiosks_)
    times: list[float] = []
    used, began = desk.cpu_seconds(), time.perf_counter()
    asyncio.run(deliver(kiosks_, desk.port, times, again=0.1))
    seconds, used = time.perf_counter() - began, desk.cpu_seconds() - used
    times.sort()
    return {
        "per_s": round(len(times) * size / seconds, 1),
        "cpu_us": round(used * 1e6 / (len(times) * size), 1),
        "ms_median": round(statistics.median(times) * 1000, 1),
        "ms_p95": round(times[int(len(times) * 0.95)] * 1000, 1),
    }


def killed(desk: Desk, kills: int) -> dict[str, int]:
    """Kill the desk under load, over and over; compare what was acknowledged with what is there."""
    before = desk.counted()
    # Enough to post that the load outlasts the kills; a fleet that is done early would prove nothing.
    posts = max(4, kills * 3)
    kiosks_ = fleet(16, posts, 10, desk.key, seed=2)
    desk.enrol(kiosks_)
    chance = random.Random(3)
    done = 0

    async def story() -> None:
        nonlocal done
        load = asyncio.create_task(deliver(kiosks_, desk.port, [], again=0.2))
        while done < kills and not load.done():
            await asyncio.sleep(0.05 + chance.random() * 0.35)
            if load.done():
                break
            await asyncio.to_thread(desk.end, signal.SIGKILL)
            done += 1
            await asyncio.to_thread(desk.start)
        await load

    asyncio.run(story())
    after = desk.counted()
    expected = {
        "items": sum(post.items for one in kiosks_ for post in one.posts),
        "cases": sum(one.cases for one in kiosks_),
        "counted": sum(one.counted for one in kiosks_),
        "quarantined": 0,
    }
    off = {name: after[name] - before[name] - expected[name] for name in expected}
    return {
        "kills": done,
        "items": expected["items"],
        "lost": -sum(min(0, difference) for difference in off.values()),
        "doubled": sum(max(0, difference) for difference in off.values()),
    }


def kiosk_killed(desk: Desk, kills: int) -> dict[str, int]:
    """Kill a kiosk over and over while it takes cases in and sends; compare the numbers on its screen with the desk's cases."""
    chance = random.Random(4)
    address = f"http://127.0.0.1:{desk.port}"
    with tempfile.TemporaryDirectory(prefix="helpstand-kiosk-") as name:
        state, name_of = Path(name), f"busy-{secrets.token_hex(3)}"
        code = desk.store.writing(lambda connection: new_code(connection, name_of, "city", int(time.time() * 1000)))
        introduce(Identity(state), Outbound.to(address), address, code)
        command = [sys.executable, "-m", "bench.desk_kiosk", str(state), address]
        shown: list[str] = []
        for _ in range(kills):
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as busy:
                lines: IO[str] | list[str] = busy.stdout or []
                # Once it works, at any moment: in the middle of a case, of a post, of an answer.
                shown.append(next(iter(lines)).strip())
                time.sleep(chance.random() * 0.3)
                busy.kill()
                shown += [line.strip() for line in lines if line.endswith("\n")]
        subprocess.run([*command, "drain"], check=True, cwd=ROOT, timeout=600)
    with desk.store.read() as connection:
        query = select(case_events.c.reference).where(case_events.c.number == 1, case_events.c.by == f"kiosk:{name_of}")
        there = list(connection.execute(query).scalars())
    return {
        "kiosk_kills": kills,
        "shown": len(shown),
        "kiosk_lost": len(set(shown) - set(there)),
        "kiosk_doubled": len(there) - len(set(there)),
    }


@click.command()
@click.option("--database-url", envvar="DATABASE_URL", default="", help="An empty database; without it a new SQLite file.")
@click.option(
    "--kills", type=click.IntRange(0, 1000), default=20, show_default=True, help="How often the desk is killed under load."
)
@click.option("--kiosk-kills", type=click.IntRange(0, 1000), default=5, show_default=True, help="How often a kiosk is killed.")
@click.option("--posts", type=click.IntRange(1, 10_000), default=30, show_default=True, help="Posts of each of the 48 kiosks.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(database_url: str, kills: int, kiosk_kills: int, posts: int, *, as_json: bool) -> None:
    """Measure the desk: events per second in batches of 50 and singly, and what kills of it cost."""
    with a_desk(database_url) as desk:
        batches = throughput(desk, posts, 50)
        single = throughput(desk, posts, 1)
        crash = {**killed(desk, kills), **kiosk_killed(desk, kiosk_kills)}
        kind = "SQLite" if desk.store.is_sqlite else "PostgreSQL"
    found: dict[str, Any] = {
        "database": kind,
        "processors": os.cpu_count(),
        "events_per_s": batches["per_s"],
        "desk_cpu_us_per_event": batches["cpu_us"],
        "ingest_ms_median": batches["ms_median"],
        "ingest_ms_p95": batches["ms_p95"],
        "single_per_s": single["per_s"],
        "single_ms_p95": single["ms_p95"],
        **crash,
    }
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        click.echo(f"{name:17} {value}")
