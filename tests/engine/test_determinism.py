"""The same content gives the same bytes, wherever and whenever it is built."""

from __future__ import annotations

import os
import re
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


WHOLE = [pytest.param(True, marks=pytest.mark.long, id="whole"), pytest.param(False, id="part")]
"""The whole demo shop takes minutes; each run builds a part of it: one product in two languages, one of them partial."""
PART = ("products", "media", "snippets", "en/kettle", "en/policies", "ar/kettle")


def build_in(folder: Path, site: Path, *, whole: bool, **environment: str) -> None:
    """Build a copy of the demo shop in a process of its own."""
    if not folder.exists():
        folder.mkdir(parents=True)
        settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
        if not whole:
            settings = re.sub(r"languages: \[.*?\]", "languages: [en, ar]", settings)
            settings = re.sub(r"partial: \[.*?\]", "partial: [ar]", settings)
        (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
        for name in ("stores", *(("content",) if whole else (f"content/{part}" for part in PART))):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(ROOT / name)
    clean = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "HELPSTAND_ENGINE"}}
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, [environment.pop("LEG", ""), str(ROOT)]))}
    command = [sys.executable, "-c", SCRIPT, str(folder), str(site)]
    subprocess.run(command, env={**clean, **paths, **environment}, cwd=folder, check=True, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize("whole", WHOLE)
def test_two_builds_differ_by_no_byte(tmp_path: Path, *, whole: bool) -> None:
    """Another folder, time zone, locale, hash seed and date of files change nothing, the search export included."""
    here = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8"}
    there = {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "C"}
    build_in(tmp_path / "a", tmp_path / "one", whole=whole, **here)
    build_in(tmp_path / "somewhere else/ünï", tmp_path / "two", whole=whole, **there)
    assert differing(tmp_path / "one", tmp_path / "two") == []
    assert len(list((tmp_path / "one").rglob("*.html"))) > (500 if whole else 30)


@pytest.mark.slow
@pytest.mark.parametrize("whole", WHOLE)
def test_properdocs_gives_the_same_bytes(tmp_path: Path, *, whole: bool) -> None:
    """The fork that may one day replace MkDocs builds the same site."""
    leg = ROOT / ".legs" / "properdocs"
    if not leg.is_dir():
        pytest.skip("properdocs is not installed here: `./helpstand test` installs it")
    build_in(tmp_path / "a", tmp_path / "mkdocs", whole=whole)
    build_in(tmp_path / "a", tmp_path / "properdocs", whole=whole, HELPSTAND_ENGINE="properdocs", LEG=str(leg))
    assert differing(tmp_path / "mkdocs", tmp_path / "properdocs") == []
