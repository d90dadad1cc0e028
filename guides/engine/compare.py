"""Two built sites, byte by byte."""

from __future__ import annotations

import filecmp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def differing(first: Path, second: Path) -> list[str]:
    """Return the names of files that are not the same in both folders, sorted."""
    names = {path.relative_to(folder).as_posix() for folder in (first, second) for path in folder.rglob("*") if path.is_file()}
    return sorted(name for name in names if not _same(first / name, second / name))


def _same(first: Path, second: Path) -> bool:
    return first.is_file() and second.is_file() and filecmp.cmp(first, second, shallow=False)
