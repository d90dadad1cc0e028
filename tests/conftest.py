"""In CI nothing is skipped silently: there the screen, the browser, the namespaces and the shared data must be."""

from __future__ import annotations

import os

import pytest

MAY_BE_ABSENT = (
    "the backend qt is not installed",
    "the optional extra qt is not installed",
    "this machine allows no mount namespaces",  # a chroot does not
)
_skipped: list[str] = []


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
