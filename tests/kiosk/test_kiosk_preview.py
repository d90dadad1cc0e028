"""A writer saves, and the open page shows it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = "content/en/kettle/descale.md"


class Preview:
    """`serve` on a small shop."""

    def __init__(self, shop: Path, *options: str) -> None:
        """Start it."""
        command = [sys.executable, str(ROOT / "build.py"), "serve", "-f", str(shop / "mkdocs.yml"), "--port", "0", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.append(line)

    def said(self, words: str, seconds: float = 30) -> str:
        """Wait until it has said something, and return that line."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self._lines:
                if words in line:
                    return line
            time.sleep(0.05)
        raise AssertionError("".join(self._lines))

    def get(self, path: str) -> str:
        """Return what a browser would get."""
        base = self.said("ready: ").removeprefix("ready: ").split("?")[0].strip().rstrip("/")
        with urllib.request.urlopen(base + path, timeout=10) as answer:
            return str(answer.read().decode())

    def end(self) -> int:
        """Interrupt it as a writer does."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(15)
        self._reader.join(5)
        return code


FILES = {
    "mkdocs.yml": "site_name: Shop\ndocs_dir: content/en\nplugins: [helpstand]\nextra: {helpstand: {languages: [en]}}\n",
    "content/products/kettle.yml": "name: Kettle\nmodels: [AK-200]\nstages: [maintain]\n",
    GUIDE: """---
title: Remove limescale
type: guide
product: kettle
stage: maintain
review_by: "2036-11-30"
---

Hard water leaves a white crust.
""",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make a small shop."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_saved_change_reaches_the_page(shop: Path) -> None:
    """After a save the version that the page asks for is another, and the page has the new words."""
    preview = Preview(shop)
    try:
        assert "/preview/reload.js" in preview.get("/en/kettle/descale.html")
        before = preview.get("/preview/version")
        guide = shop / GUIDE
        guide.write_text(guide.read_text(encoding="utf-8").replace("Hard water leaves", "Chalky water leaves"), encoding="utf-8")
        end = time.monotonic() + 20
        while preview.get("/preview/version") == before and time.monotonic() < end:
            time.sleep(0.1)
        assert "Chalky water leaves" in preview.get("/en/kettle/descale.html")
    finally:
        assert preview.end() == 0


@pytest.mark.slow
def test_a_first_page_with_an_error_is_waited_for(shop: Path) -> None:
    """With nothing built yet and an error in a page, the preview tells it, waits, and goes on when it is mended."""
    guide = shop / GUIDE
    good = guide.read_text(encoding="utf-8")
    guide.write_text(good.replace("stage: maintain", "stage: maintenence"), encoding="utf-8")
    preview = Preview(shop)
    try:
        preview.said("unknown stage 'maintenence'. Did you mean 'maintain'?")
        preview.said("There is nothing to show yet.")
        guide.write_text(good, encoding="utf-8")
        preview.said("ready: ")
        assert "Remove limescale" in preview.get("/en/kettle/descale.html")
    finally:
        assert preview.end() == 0


@pytest.mark.slow
def test_the_kiosks_frame_can_be_previewed(shop: Path) -> None:
    """With --kiosk the pages carry the kiosk's surface."""
    preview = Preview(shop, "--kiosk")
    try:
        assert 'data-surface="kiosk"' in preview.get("/en/index.html")
    finally:
        assert preview.end() == 0
