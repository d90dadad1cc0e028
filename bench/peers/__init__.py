"""The search engines beside ours: those that are installed, and for every other one the line that installs it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from bench.engines import Engine

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PYTHON = ROOT / "build/bench-peers"
PIP = "python -m pip install --require-hashes --no-deps --target build/bench-peers -r requirements/bench-peers.txt"


@dataclass(frozen=True)
class Missing:
    """A peer that is not measured, and what makes it so."""

    name: str
    cure: str


def node_folder() -> Path:
    """Return where the peers from npm lie: outside the repository, so that no tool of ours reads their files."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("HELPSTAND_BENCH_NODE") or Path(cache) / "helpstand-bench")


def npm() -> str:
    """Return the line that installs the peers from npm."""
    folder = node_folder()
    return f"mkdir -p {folder} && cp bench/peers/package*.json {folder} && npm ci --no-audit --no-fund --prefix {folder}"


def has_node_package(name: str) -> bool:
    """Say whether a peer from npm is installed, with Node to run it."""
    return shutil.which("node") is not None and (node_folder() / "node_modules" / name / "package.json").is_file()


def has_tantivy() -> bool:
    """Say whether tantivy is installed, in the folder of the peers or beside us."""
    if str(PYTHON) not in sys.path and PYTHON.is_dir():
        sys.path.append(str(PYTHON))
    return importlib.util.find_spec("tantivy") is not None


def peers(browser: Browser | None) -> tuple[list[Engine], list[Missing]]:
    """Return the peers that can be measured here, and the others."""
    from bench.peers.lunr import MaterialLunr  # noqa: PLC0415, each drags in what it measures
    from bench.peers.minisearch import MiniSearch  # noqa: PLC0415
    from bench.peers.pagefind import Pagefind  # noqa: PLC0415
    from bench.peers.tantivy_or import Tantivy  # noqa: PLC0415
    from bench.peers.whoosh_parser import WhooshParser  # noqa: PLC0415

    no_browser = "Chromium and playwright are needed. On Debian: apt-get install -y --no-install-recommends chromium"
    found: list[Engine] = [WhooshParser(), WhooshParser(joined_by_or=True)]
    missing = []
    if browser is not None:
        found.append(MaterialLunr(browser))
    else:
        missing.append(Missing(MaterialLunr.name, no_browser))
    if browser is not None and has_node_package("pagefind"):
        found.append(Pagefind(browser))
    else:
        missing.append(Missing(Pagefind.name, npm() if browser is not None else no_browser))
    if has_node_package("minisearch"):
        found.append(MiniSearch())
    else:
        missing.append(Missing(MiniSearch.name, npm()))
    if has_tantivy():
        found.append(Tantivy())
    else:
        missing.append(Missing(Tantivy.name, PIP))
    return found, missing
