"""The same content gives the same bytes, wherever and whenever it is built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guides.engine.compare import differing
from tests.engine.conftest import ROOT

SCRIPT = """
import shutil, sys
from datetime import date
from pathlib import Path
from guides.engine.driver import build_site
from guides.library import load_library
from guides.settings import load_settings
from search_index.export import write_export
settings = load_settings(Path(sys.argv[1]) / "mkdocs.yml")
site = Path(sys.argv[2])
site.mkdir(parents=True)
build_site(settings, load_library(settings)[0], site, date(2026, 11, 22))
write_export(site)
"""


def build_in(folder: Path, site: Path, **environment: str) -> None:
    """Build a copy of the demo shop in a process of its own."""
    if not folder.exists():
        folder.mkdir(parents=True)
        for name in ("content", "stores", "mkdocs.yml"):
            (folder / name).symlink_to(ROOT / name)
    clean = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "HELPSTAND_ENGINE"}}
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, [environment.pop("LEG", ""), str(ROOT)]))}
    command = [sys.executable, "-c", SCRIPT, str(folder), str(site)]
    subprocess.run(command, env={**clean, **paths, **environment}, cwd=folder, check=True, timeout=120)


@pytest.mark.slow
def test_two_builds_differ_by_no_byte(tmp_path: Path) -> None:
    """Another folder, time zone, locale, hash seed and date of files change nothing, the search export included."""
    build_in(tmp_path / "a", tmp_path / "one", PYTHONHASHSEED="1", TZ="Pacific/Auckland", LC_ALL="C.UTF-8")
    build_in(tmp_path / "somewhere else/ünï", tmp_path / "two", PYTHONHASHSEED="2", TZ="America/Los_Angeles", LC_ALL="C")
    assert differing(tmp_path / "one", tmp_path / "two") == []
    assert len(list((tmp_path / "one").rglob("*.html"))) > 50


@pytest.mark.slow
def test_properdocs_gives_the_same_bytes(tmp_path: Path) -> None:
    """The fork that may one day replace MkDocs builds the same site."""
    leg = ROOT / ".legs" / "properdocs"
    if not leg.is_dir():
        pytest.skip("properdocs is not installed here: `./helpstand test` installs it")
    build_in(tmp_path / "a", tmp_path / "mkdocs")
    build_in(tmp_path / "a", tmp_path / "properdocs", HELPSTAND_ENGINE="properdocs", LEG=str(leg))
    assert differing(tmp_path / "mkdocs", tmp_path / "properdocs") == []
