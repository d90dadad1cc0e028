"""From a tap to the painted page in the kiosk, and paint, shift and weight on a slow phone; beside stock Material, A B A B.

Both sites have the same guides. DIR is the folder of any mkdocs.yml (default: the demo shop). The five figures are those of the
worst type of page; what each type has stands under `pages`. Results of the demo shop are also written to bench/results/.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import click
from rich.console import Console

from bench.built import GUIDE, Page, one_of_each, read_pages
from bench.host import Host
from bench.machine import BenchError, machine, missing, versions, webkit_version
from bench.peer import ENVIRONMENT, peer_command, write_peer
from bench.phone import Phone, running_browser
from bench.process import measure
from bench.report import Side, details, figures, table
from bench.screen import Screen
from bench.taps import walk
from guides.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"


def sides(settings: Settings, folder: Path) -> tuple[Side, Side]:
    """Build both sites."""
    _build([sys.executable, str(ROOT / "build.py"), "build", "-f", str(settings.config_file)], ROOT)
    site, index = settings.output / "site", settings.output / "index"
    pages = read_pages(site, settings.source_language)
    guides = [page for page in pages if page.part == GUIDE]
    if not guides:
        raise BenchError(f"{site}: there is no guide in it, so there is nothing to walk through")
    peers = write_peer(settings, guides, folder)
    _build(peer_command(folder), folder, ENVIRONMENT)
    ours = Side("helpstand", site, ("kiosk", str(site), str(index)), pages)
    return ours, Side("material", folder / "site", ("plain", str(folder / "site")), peers)


def _build(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    try:
        measure(command, folder, environment)
    except RuntimeError as error:
        raise BenchError(str(error)) from None


def measure_taps(both: tuple[Side, Side], rounds: int, taps: int, say: Callable[[str], None]) -> None:
    """Walk through one site, then the other, so often."""
    with Screen() as screen:
        routes = {side.name: side.walk for side in both}
        for number in range(rounds):
            for side in both:
                say(f"taps, round {number + 1} of {rounds}: {side.name}")
                side.walks.append(walk(screen, side.window, routes[side.name], -(-taps // rounds)))


def measure_visits(both: tuple[Side, Side], phone: Phone, rounds: int, loads: int, say: Callable[[str], None]) -> None:
    """Load a page of each type, one site and then the other, so often."""
    with ExitStack() as stack:
        hosts = {side.name: stack.enter_context(Host(side.site)) for side in both}
        for number in range(rounds):
            for side in both:
                say(f"cold loads, round {number + 1} of {rounds}: {side.name}")
                for type_, page in _chosen(both, side).items():
                    found = side.visits.setdefault(type_, [])
                    found += [phone.visit(hosts[side.name], page.path) for _ in range(-(-loads // rounds))]


def _chosen(both: tuple[Side, Side], side: Side) -> dict[str, Page]:
    """Return a page of each type; of guides the same ones on both sides."""
    ours, own = one_of_each(both[0].pages), one_of_each(side.pages)
    same = {page.guide: page for page in side.pages if page.part == GUIDE}
    return {type_: same.get(ours[type_].guide, page) if type_ in ours else page for type_, page in own.items()}


def compare(settings: Settings, rounds: int, taps: int, loads: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure both sites, turn by turn. Raises BenchError."""
    facts = machine()
    with tempfile.TemporaryDirectory(prefix="helpstand-bench-") as name:
        say("building both sites")
        both = sides(settings, Path(name))
        measure_taps(both, rounds, taps, say)
        with running_browser() as browser:
            phone = Phone(browser)
            measure_visits(both, phone, rounds, loads, say)
    known = {**versions(), "chromium": phone.version, "webkitgtk": webkit_version()}
    about = {"date": date.today().isoformat(), "machine": facts, "versions": known}  # noqa: DTZ011, the day at this desk
    return {**figures(both[0]), "material": figures(both[1]), **details(both), **about}


@contextmanager
def ends_cleanly() -> Iterator[None]:
    """Let a request to end reach every `finally`, so that no program of the bench outlives it."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.command("bench pages", help=__doc__)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=ROOT)
@click.option("--taps", type=click.IntRange(1, 1000), default=72, show_default=True, help="Taps on each site.")
@click.option("--loads", type=click.IntRange(1, 50), default=4, show_default=True, help="Cold loads of each type of page.")
@click.option("--rounds", type=click.IntRange(1, 20), default=2, show_default=True, help="Turns of one site and the other.")
@click.option("--json", "as_json", is_flag=True)
def command(folder: Path, taps: int, loads: int, rounds: int, *, as_json: bool) -> None:
    """Measure, write down, and print."""
    if lacks := missing():
        raise BenchError(lacks)
    try:
        settings = load_settings(folder / "mkdocs.yml", ROOT / "build" / "other")
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    with ends_cleanly():
        result = compare(settings, rounds, taps, loads, Console(stderr=True).log)
    text = json.dumps(result, indent=1)
    if folder.resolve() == ROOT:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"pages-{result['date']}.json").write_text(text + "\n", encoding="utf-8")
    if as_json:
        click.echo(text)
    else:
        Console().print(table(result))
