"""The kiosk over many visits in a real window: start, taps, wipe, memory, recovery and rest, each beside its goal.

A visit is a touch on the waiting screen, two taps to a guide, and the wipe. Plain pywebview on the same site and backend stands
beside it: its start, its memory after as many taps, and whether it comes back when its renderer dies. Results of the demo shop
are also written to bench/results/.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from bench.figures import middle, percentile
from bench.kiosk_window import SCRIPT, TAG
from bench.machine import BenchError, machine, versions
from bench.screen import HEIGHT, WIDTH, Screen
from bench.shown import Shown
from bench.slope import slope
from bench.taps import tapped
from kiosk.memory import family, pss_mb

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
GOALS = {
    "start_s_p50": 2.0,
    "tap_ms_p50": 250,
    "tap_ms_p95": 500,
    "wipe_ms_p95": 1000,
    "pss_mb_end": {"gtk": 600, "qt": 700},
    "pss_slope_mb_per_visit": 0.02,
    "fd_slope": 0.0,
    "thread_slope": 0.0,
    "missed": 0,
    "recover_crash_s_p95": 1.5,
    "recover_hang_s_p95": 5.0,
    "idle_cpu": 0.01,
}
STARTS = 5
FAULTS = 10
IDLE_SECONDS = 20.0
PAGE_SECONDS = 15.0


def prepare(site: Path, folder: Path) -> Path:
    """Copy a site, and let every page of it report."""
    copy = shutil.copytree(site, folder / "site")
    (copy / "assets" / "bench.js").write_text(SCRIPT, encoding="utf-8")
    for page in copy.rglob("*.html"):
        page.write_text(page.read_text(encoding="utf-8").replace("</head>", TAG, 1), encoding="utf-8")
    return copy


class Bench:
    """One window, and what was measured of it."""

    def __init__(self, screen: Screen, words: tuple[str, ...], say: Callable[[str], None]) -> None:
        self.screen, self.words, self.say = screen, words, say
        self.taps: list[float] = []
        self.wipes: list[float] = []
        self.memory: list[float] = []
        self.files: list[float] = []
        self.threads: list[float] = []
        self.lasting: list[float] = []
        self._lasting: set[int] = set()
        self.missed = 0

    def shown(self) -> Shown:
        """Open the window anew."""
        return Shown(self.screen, *self.words, module="bench.kiosk_window")

    def starts(self, count: int) -> list[float]:
        """Seconds from the start of the process to the first page that has drawn."""
        found = []
        for _ in range(count):
            began = time.time()
            with self.shown() as shown:
                found.append(shown.said("drawn", 60)["drawn"] - began)
        return found

    def visit(self, shown: Shown) -> None:
        """Be a shopper once."""
        for step in range(3):
            page = shown.links(PAGE_SECONDS)
            links = page["links"] if page else []
            if not links and step:
                self.missed += 1
                break
            # The first touch may be anywhere; then a link, another one each time.
            place = links[len(self.wipes) % len(links)][1:] if step else (WIDTH // 2, HEIGHT // 2)
            found = tapped(self.screen, shown, place[0], place[1])
            if found is None:
                self.missed += 1
            elif step:
                self.taps.append(found[0])
        shown.forget()
        began = time.time()
        shown.tell("end")
        try:
            self.wipes.append((shown.page("/", PAGE_SECONDS)["drawn"] - began) * 1000)
        except BenchError:
            self.missed += 1

    def weigh(self, shown: Shown) -> None:
        """Note what the processes hold now."""
        self.memory.append(pss_mb(shown.pid))
        everyone = family(shown.pid)
        self.files.append(sum(_count(one, "fd") for one in everyone))
        self.threads.append(sum(_count(one, "task") for one in everyone))
        self._lasting = self._lasting or everyone - set(renderers(shown.pid))
        self.lasting.append(sum(map(_private_mb, self._lasting)))

    def crash(self, shown: Shown) -> float:
        """Kill the renderer; return the seconds until a page has drawn again."""
        shown.forget()
        began = time.time()
        for pid in renderers(shown.pid):
            os.kill(pid, signal.SIGKILL)
        return float(shown.said("drawn", PAGE_SECONDS)["drawn"] - began)

    def hang(self, shown: Shown) -> float:
        """Let a page run for ever; return the seconds until another has drawn."""
        shown.forget()
        shown.tell("hang")
        self.screen.tap(WIDTH // 2, HEIGHT // 2)
        hung = shown.said("links", PAGE_SECONDS)
        began = time.time()
        shown.forget()
        answer = shown.said("drawn", 30)
        if answer["drawn"] < hung.get("drawn", 0):
            raise BenchError("the page that was to hang did not")
        # The shopper is still there, at home again: the next fault begins at the first screen, as this one did.
        shown.tell("end")
        shown.page("/", PAGE_SECONDS)
        return float(answer["drawn"] - began)

    def faults(self, fault: Callable[[Shown], float], shown: Shown, rest: float) -> list[float]:
        """Cause a fault again and again, each as if it were the first; what is not recovered from counts as missed."""
        found = []
        for _ in range(FAULTS):
            time.sleep(rest)  # the ladder's patience grows with breakdowns of the last 5 seconds here
            try:
                found.append(fault(shown))
            except BenchError as error:
                self.missed += 1
                self.say(error.message)
        return found


def _count(pid: int, kind: str) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/{kind}").iterdir()))
    except OSError:
        return 0


def _private_mb(pid: int) -> float:
    """Return the MiB that a process alone holds."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def renderers(pid: int) -> list[int]:
    """Find the processes that draw the pages of a kiosk."""
    names: dict[int, bytes] = {}
    for one in family(pid):
        try:
            names[one] = Path(f"/proc/{one}/cmdline").read_bytes()
        except OSError:
            continue
    drawing = [one for one, words in names.items() if b"WebKitWebProcess" in words]
    engines = {one for one, words in names.items() if b"QtWebEngineProcess" in words}
    # Chromium's renderers are copies of a process that waits for that; only their place tells them apart.
    return drawing + [one for one in engines if _parent(one) in engines]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process and all below it have taken."""
    ticks = 0
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(bench: Bench, visits: int) -> dict[str, Any]:
    """Measure everything of the kiosk."""
    bench.say(f"{STARTS} starts")
    starts = bench.starts(STARTS)
    with bench.shown() as shown:
        shown.said("drawn", 60)
        for number in range(visits):
            if number % 25 == 0:
                bench.say(f"visit {number} of {visits}")
            bench.visit(shown)
            bench.weigh(shown)
        bench.say(f"{IDLE_SECONDS:.0f} seconds of rest")
        time.sleep(3)
        began, used = time.time(), cpu_seconds(shown.pid)
        time.sleep(IDLE_SECONDS)
        idle = (cpu_seconds(shown.pid) - used) / (time.time() - began)
        bench.say(f"{FAULTS} crashes")
        crashes = bench.faults(bench.crash, shown, 6)
        bench.say(f"{FAULTS} hangs")
        hangs = bench.faults(bench.hang, shown, 7)
    recovered = {"recover_crash_s_p95": _p95(crashes), "recover_hang_s_p95": _p95(hangs)}
    runs = {
        "starts_s": _rounded(starts),
        "crashes_s": _rounded(crashes),
        "hangs_s": _rounded(hangs),
        "pss_mb": bench.memory,
        "lasting_mb": _rounded(bench.lasting),
        "fds": bench.files,
        "threads": bench.threads,
        "wipe_ms": _rounded(bench.wipes, 0),
        "tap_ms": _rounded(bench.taps, 0),
    }
    return {**figures(bench, starts, idle), **recovered, "runs": runs}


def figures(bench: Bench, starts: list[float], idle: float) -> dict[str, Any]:
    """Return the figures that are promised, from the second half of the visits where they are slopes."""
    half = len(bench.memory) // 2
    pss, width = slope(bench.memory[half:])
    # A renderer that the engine keeps ready comes and goes, some 70 MB at a time: what grows shows in what lasts.
    lasting, spread = slope(bench.lasting[half:])
    return {
        "visits": len(bench.memory),
        "start_s_p50": round(middle(starts), 2),
        "tap_ms_p50": round(percentile(bench.taps, 0.5)),
        "tap_ms_p95": round(percentile(bench.taps, 0.95)),
        "wipe_ms_p95": round(percentile(bench.wipes, 0.95)),
        "pss_mb_end": round(bench.memory[-1]),
        "pss_slope_mb_per_visit": round(pss, 4),
        "pss_slope_interval_95": [round(pss - width, 4), round(pss + width, 4)],
        "lasting_slope_mb_per_visit": round(lasting, 4),
        "lasting_slope_interval_95": [round(lasting - spread, 4), round(lasting + spread, 4)],
        "fd_slope": round(slope(bench.files[half:])[0], 4),
        "thread_slope": round(slope(bench.threads[half:])[0], 4),
        "missed": bench.missed,
        "idle_cpu": round(idle, 4),
    }


def measure_plain(bench: Bench, taps: int) -> dict[str, Any]:
    """Measure what plain pywebview has of it: a start, memory after page changes, and no way back."""
    starts = bench.starts(3)
    with bench.shown() as shown:
        for number in range(taps):
            page = shown.links(PAGE_SECONDS)
            links = page["links"] if page else []
            if not links:
                break
            tapped(bench.screen, shown, *links[number % len(links)][1:])
        pss = pss_mb(shown.pid)
        time.sleep(2)
        try:
            crash: float | None = round(bench.crash(shown), 2)
        except BenchError:
            crash = None
    return {"start_s_p50": round(middle(starts), 2), "pss_mb_end": pss, "page_changes": taps, "recover_crash_s": crash}


def _p95(values: list[float]) -> float | None:
    return round(percentile(values, 0.95), 2) if values else None


def _rounded(values: list[float], digits: int = 2) -> list[float]:
    return [round(value, digits) for value in values]


def table(result: dict[str, Any]) -> Table:
    """Return the figures beside their goals and the peer."""
    made = Table("figure", "goal at most", "helpstand", "plain pywebview")
    for name, goal in GOALS.items():
        most = goal[result["backend"]] if isinstance(goal, dict) else goal
        peer = result["plain"].get("recover_crash_s" if name == "recover_crash_s_p95" else name, "")
        made.add_row(name, str(most), str(result[name]), "never" if peer is None else str(peer))
    made.add_row("pss_slope, 95 % interval", "", str(result["pss_slope_interval_95"]), "")
    return made


@click.command("bench kiosk", help=__doc__)
@click.option("--backend", type=click.Choice(["gtk", "qt"]), default="gtk", show_default=True)
@click.option("--visits", type=click.IntRange(6, 100_000), default=30, show_default=True, help="Visits; 250 and more for slopes.")
@click.option("--json", "as_json", is_flag=True)
def command(backend: str, visits: int, *, as_json: bool) -> None:
    """Measure, write down, and print."""
    site, index = ROOT / "build" / "site", ROOT / "build" / "index"
    if not (site / "helpstand.json").is_file():
        raise BenchError("there is no built site to measure. Build it first: ./helpstand build")
    facts, say = machine(), Console(stderr=True).log
    with tempfile.TemporaryDirectory(prefix="helpstand-bench-") as name, Screen() as screen:
        copy = prepare(site, Path(name))
        result = measure(Bench(screen, ("kiosk", backend, str(copy), str(index)), say), visits)
        say("plain pywebview")
        plain = measure_plain(Bench(screen, ("plain", backend, str(copy)), say), min(2 * visits, 60))
    about = {"date": date.today().isoformat(), "machine": facts, "versions": versions()}  # noqa: DTZ011, the day at this desk
    result = {"backend": backend, **result, "plain": plain, "goals": GOALS, **about}
    text = json.dumps(result, indent=1)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"kiosk-{backend}-{result['date']}.json").write_text(text + "\n", encoding="utf-8")
    if as_json:
        click.echo(text)
    else:
        Console().print(table(result))
    sys.exit(0)
