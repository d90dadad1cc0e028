"""Which files of a folder are content: real ones that lie in it, and neither hidden nor left behind by an editor."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_passed_over(name: str) -> bool:
    """Tell whether a file is nobody's content: hidden, or an editor's lock, backup or swap file."""
    return name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#"))


def walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in the same order everywhere. Links to folders are not followed, so no loop is endless."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(files) if not is_passed_over(name))


def linked_folders(folder: Path) -> Iterator[Path]:
    """Yield the links to folders below a folder."""
    for parent, folders, _files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (path for path in (Path(parent, name) for name in folders) if path.is_symlink())


def is_regular(path: Path) -> bool:
    """Tell whether a path, or what it links to, is a file that ends: no pipe, device or socket. Raises OSError."""
    return stat.S_ISREG(path.stat().st_mode)


def leads_outside(path: Path | str, home: Path) -> bool:
    """Tell whether a path, links followed, lies outside of a folder, or among its hidden files, which are as private."""
    real, inside = os.path.realpath(path), os.path.realpath(home).rstrip(os.sep) + os.sep
    return not real.startswith(inside) or f"{os.sep}." in real[len(inside) - 1 :]


def is_own(path: Path, home: Path) -> bool:
    """Tell whether a path is a regular file that lies in a folder, links followed: one that may be read and published."""
    try:
        return is_regular(path) and not leads_outside(path, home)
    except OSError:
        return False
