"""The suite's second try: a test that hung on the machine passes and is told, one that is wrong fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.suite import AGAIN, Step, passed

UNSTEADY = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_it(number):
    seen = Path(__file__).with_name(f"seen-{{number}}")
    if not seen.exists():
        seen.touch()
        raise AssertionError("the machine was busy")
"""
WRONG = "def test_right(): pass\ndef test_wrong(): assert False\n"


def step(*, again: bool = True) -> Step:
    """Return a step over the tests of the folder."""
    return Step("small tests", (sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "."), again=again)


def ran(folder: Path, text: str, capfd: pytest.CaptureFixture[str], *, again: bool = True) -> tuple[bool, str]:
    """Run tests; say whether they passed, and the last line."""
    (folder / "test_small.py").write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    well = passed(step(again=again), folder, "")
    return well, capfd.readouterr().out.strip().splitlines()[-1]


def test_a_few_that_pass_alone_are_told_as_unsteady(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """By name, so that somebody mends them."""
    well, told = ran(tmp_path, UNSTEADY.format(count=1), capfd)
    assert well
    assert told.startswith("--- small tests: ok, but UNSTEADY: test_small.py::test_it[0] in ")


def test_what_is_wrong_fails_twice(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The second try changes nothing."""
    well, told = ran(tmp_path, WRONG, capfd)
    assert not well
    assert told.startswith("--- small tests: FAILED (1) in ")


def test_many_failures_get_no_second_try(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """That is no busy machine; and whoever names tests sees them as they are."""
    assert not ran(tmp_path, UNSTEADY.format(count=AGAIN + 1), capfd)[0]
    other = tmp_path / "other"
    other.mkdir()
    assert not ran(other, UNSTEADY.format(count=1), capfd, again=False)[0]
