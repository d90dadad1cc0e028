"""In CI nothing is skipped silently: there the screen, the browser, the namespaces and the shared data must be."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.surfaces import CHROMIUM, Served, chromium, served
from guides.settings import load_settings
from search_index.corpus import analyse_site
from search_index.export import write_export
from search_index.indexer import build_index
from tests.engine.conftest import ROOT, built

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MAY_BE_ABSENT = (
    "the backend qt is not installed",
    "the optional extra qt is not installed",
    "this machine allows no mount namespaces",  # a chroot does not
    "PostgreSQL cannot be started here",  # it needs another user than root
    "systemd-analyze is not installed",
)
SHARED_FOLDER = "HELPSTAND_TESTS_SHARED"
"""What steps of the suite share; tests/suite.py names and removes it."""
_skipped: list[str] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run tests with a browser last: Playwright's loop runs until the session ends, and beside it asyncio.run() refuses."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember each skip whose reason CI does not know."""
    if report.skipped and os.environ.get("CI") and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        if reason not in MAY_BE_ABSENT:
            _skipped.append(f"{report.nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a run fail that left out what CI must show."""
    if _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out."""
    for line in _skipped:
        terminalreporter.write_line(f"CI must not skip: {line}", red=True)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built demo shop."""
    return _once("demo", tmp_path_factory, _build_demo) / "site"


@pytest.fixture(scope="session")
def demo_searched(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the demo shop's `site`, search export included, and its `index`."""

    def make(folder: Path) -> None:
        site = shutil.copytree(demo, folder / "site")
        corpora = analyse_site(site)
        write_export(site, corpora)
        build_index(site, folder / "index", corpora=corpora)

    return _once("demo-searched", tmp_path_factory, make)


def _build_demo(folder: Path) -> None:
    report = built(load_settings(ROOT / "mkdocs.yml"), folder / "site")
    assert report.problems == []


def _once(name: str, factory: pytest.TempPathFactory, make: Callable[[Path], None]) -> Path:
    """Make a folder once for all processes of a run, and for all steps of the suite: the first one makes it, the others wait."""
    base = factory.getbasetemp()
    own = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = Path(os.environ.get(SHARED_FOLDER) or own) / f"shared-{name}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def demo_index(demo_searched: Path) -> Path:
    """Return the demo shop's search index."""
    return demo_searched / "index"


@pytest.fixture(scope="session")
def demo_served(demo_searched: Path) -> Iterator[Served]:
    """Serve the demo shop, with search, as a host on the web does and as the kiosk does."""
    with served(demo_searched / "site", demo_searched / "index") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run a real Chromium, or skip where there is none."""
    if shutil.which(CHROMIUM) is None:
        pytest.skip("Chromium is not installed")
    with chromium() as running:
        yield running
