"""Where a build is written: beside the last good one, which it replaces only when it is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from guides.files import is_own, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

try:
    import fcntl
except ImportError:  # Windows: two builds at once are the user's own doing there
    fcntl = None  # type: ignore[assignment]

_STAGING = ".building-"
_OLD = ".replaced-"


class BuildBusyError(OSError):
    """Another build of the same site has not ended."""


@contextlib.contextmanager
def one_build(output: Path, wait: float = 120.0, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Let one build at a time write below a folder; the lock ends with its process.

    `waiting` is called once if it has to wait. Raises BuildBusyError after `wait` seconds.
    """
    output.mkdir(parents=True, exist_ok=True)
    with (output / ".lock").open("w") as lock:
        end = time.monotonic() + wait
        while fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise BuildBusyError(None, "another build has not ended", str(output)) from None
                if waiting is not None:
                    waiting()
                    waiting = None
                time.sleep(0.1)
        yield


@contextlib.contextmanager
def staged(live: Path) -> Iterator[Path]:
    """Yield an empty folder; put it in the place of `live` when the block ends well, delete it when it does not.

    A build killed at any moment leaves the old site or the new one: `recover` mends the instant between the two renames.
    """
    live.parent.mkdir(parents=True, exist_ok=True)
    recover(live)
    staging = Path(tempfile.mkdtemp(prefix=f"{_STAGING}{live.name}-", dir=live.parent))
    staging.chmod(0o755)
    try:
        yield staging
        _replace(live, staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def copy_tree(source: Path, target: Path) -> None:
    """Copy the files that lie below a folder, none that is hidden, a pipe, or a link that leads outside.

    Unlike shutil's, the first failure is raised as it is, with its file.
    """
    for path in walk(source):
        if is_own(path, source):
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def weight(folder: Path) -> str:
    """Return the number and bytes of all files below a folder: a cheap sign that one of them is gone or cut short."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return f"{len(sizes)} {sum(sizes)}"


def recover(live: Path) -> None:
    """Bring the last good build back where a kill fell between the renames, and delete what killed builds left."""
    olds = sorted(live.parent.glob(f"{_OLD}{live.name}-*"))
    if olds and not live.exists():
        olds.pop().rename(live)
    for folder in [*olds, *live.parent.glob(f"{_STAGING}{live.name}-*")]:
        shutil.rmtree(folder, ignore_errors=True)


def _replace(live: Path, staging: Path) -> None:
    old = live.parent / f"{_OLD}{live.name}-{os.getpid()}"
    if live.exists():
        live.rename(old)
    try:
        staging.rename(live)
    except OSError:
        if old.exists():
            old.rename(live)
        raise
    shutil.rmtree(old, ignore_errors=True)
