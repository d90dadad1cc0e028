"""A small good shop in a folder of its own, and the command line called as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FILES = {
    "mkdocs.yml": "site_name: Test shop\ndocs_dir: content/en\nplugins: [helpstand]\nextra: {helpstand: {languages: [en]}}\n",
    "content/products/lamp.yml": "name: Lamp L-1\nmodels: [L-1]\nsummary: A lamp for the desk.\nstages: [use]\n",
    "content/en/lamp/switch.md": (
        "---\ntitle: Switch the lamp on\ntype: guide\nproduct: lamp\nstage: use\nreview_by: 2036-01-01\n---\n\n"
        "Press the round button on the foot. The lamp shines.\n"
    ),
    "content/media/lamp.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>\n',
}


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    output: str
    errors: str

    @property
    def said(self) -> str:
        """Everything that it printed."""
        return self.output + self.errors


@dataclass(frozen=True)
class Shop:
    """A shop that can be changed and built."""

    root: Path

    def write(self, name: str, content: str | bytes) -> Path:
        """Write one of its files."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *words: str, before: Sequence[str] = ()) -> Done:
        """Run one command of Helpstand on this shop, in a process of its own."""
        command = [*before, sys.executable, str(ROOT / "build.py"), words[0], "-f", str(self.root / "mkdocs.yml"), *words[1:]]
        environment = {**os.environ, "COLUMNS": "200"}
        environment.pop("DISPLAY", None)
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.root, env=environment, check=False, timeout=120)
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    @property
    def page(self) -> Path:
        """The page of its one guide."""
        return self.root / "build/site/en/lamp/switch.html"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Return a small good shop, not yet built."""
    made = Shop(tmp_path / "shop")
    for name, text in FILES.items():
        made.write(name, text)
    return made


@pytest.fixture
def front() -> Callable[..., str]:
    """Return a function that writes a guide with some keys changed or left out (None)."""

    def write(body: str = "Press the button.\n", **changes: str | None) -> str:
        keys: dict[str, str | None] = {
            "title": "A",
            "type": "guide",
            "product": "lamp",
            "stage": "use",
            "review_by": "2036-01-01",
        }
        lines = [f"{key}: {value}\n" for key, value in {**keys, **changes}.items() if value is not None]
        return "---\n" + "".join(lines) + "---\n\n" + body

    return write
