"""The last good build stays until a whole new one takes its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from guides.engine.output import BuildBusyError, one_build, recover, staged
from tests.engine.conftest import ROOT


def write(site: Path, text: str) -> None:
    """Build a site of one file."""
    with staged(site) as folder:
        (folder / "index.html").write_text(text, encoding="utf-8")


def fail_half_way(site: Path) -> None:
    """Begin a site and fail."""
    with staged(site) as folder:
        (folder / "index.html").write_text("half", encoding="utf-8")
        (folder / "gone").unlink()


def test_a_build_replaces_the_last(tmp_path: Path) -> None:
    """The new site is there whole, and nothing else is left behind."""
    site = tmp_path / "build/site"
    write(site, "one")
    write(site, "two")
    assert (site / "index.html").read_text(encoding="utf-8") == "two"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_failed_build_changes_nothing(tmp_path: Path) -> None:
    """An error in the middle leaves the old site and no debris."""
    site = tmp_path / "site"
    write(site, "one")
    with pytest.raises(FileNotFoundError):
        fail_half_way(site)
    assert (site / "index.html").read_text(encoding="utf-8") == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


KILLED = """
import os, signal, sys
from pathlib import Path
from guides.engine import output
site = Path(sys.argv[1])
real = Path.rename
def rename(self, target):
    if self.name.startswith(".building-"):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, target)
Path.rename = rename
with output.staged(site) as folder:
    (folder / "index.html").write_text("two")
"""


def test_a_kill_between_the_renames_is_mended(tmp_path: Path) -> None:
    """The worst moment to be killed: the old site is aside, the new one not yet there."""
    site = tmp_path / "site"
    write(site, "one")
    done = subprocess.run([sys.executable, "-c", KILLED, str(site)], cwd=ROOT, check=False, timeout=60)
    assert done.returncode == -9
    assert not site.exists()
    recover(site)
    assert (site / "index.html").read_text(encoding="utf-8") == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_two_builds_take_turns(tmp_path: Path) -> None:
    """A second build waits for the first, and not for ever."""
    with one_build(tmp_path), pytest.raises(BuildBusyError), one_build(tmp_path, wait=0.2):
        pass
    with one_build(tmp_path, wait=0.2):
        pass
