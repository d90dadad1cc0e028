"""What all processes of the kiosk hold together, asked of Linux."""

import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def family(pid: int, proc: Path = PROC) -> set[int]:
    """Give a process and everything below it, however deep."""
    parents = dict(_parents(proc))
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def pss_mb(pid: int | None = None, proc: Path = PROC) -> int:
    """Give the MiB of a process and all below it, shared pages by their share; 0 where the system does not say."""
    return sum(_pss_kb(proc / str(one) / "smaps_rollup") for one in family(pid or os.getpid(), proc)) // 1024


def _parents(proc: Path) -> Iterator[tuple[int, int]]:
    for stat in proc.glob("[0-9]*/stat"):
        try:
            # The name in brackets may hold anything, brackets too.
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue


def _pss_kb(rollup: Path) -> int:
    try:
        lines = rollup.read_text().splitlines()
    except OSError:  # gone meanwhile, or not ours to see
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
