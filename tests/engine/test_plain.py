"""`mkdocs build` by itself shows one language complete."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import ROOT


@pytest.mark.slow
def test_plain_mkdocs(tmp_path: Path) -> None:
    """Without our driver the plugin gives the same pages, hubs, media and styles, for the source language."""
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--config-file",
        str(ROOT / "mkdocs.yml"),
        "--site-dir",
        str(tmp_path / "site"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    site = tmp_path / "site"
    for name in ("index.html", "kettle/descale.html", "products/kettle.html", "assets/css/site.css", "media/kettle/kettle.svg"):
        assert (site / name).is_file(), name
    picture = 'src="../media/kettle/filter-out.svg" width="480" height="320"'
    assert picture in (site / "kettle/descale.html").read_text(encoding="utf-8")
    assert not (site / "assets/javascripts").exists()
