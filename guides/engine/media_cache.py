"""Pictures that were prepared before, by a digest of their bytes: a build does no work twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from importlib.metadata import version
from typing import TYPE_CHECKING

from guides.engine.pictures import Prepared

if TYPE_CHECKING:
    from pathlib import Path

RECIPE = 1
"""Goes up when the same picture would come out otherwise."""


class MediaCache:
    """A folder of prepared pictures, one file each. A damaged entry counts as none; a full disk only costs time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()
        self._maker = f"{RECIPE} {version('pillow')}"

    def key(self, data: bytes, kind: str) -> str:
        """Return the name of a picture's entry, and remember it as used."""
        state = hashlib.blake2b(f"{self._maker} {kind}\n".encode(), digest_size=20)
        state.update(data)
        key = state.hexdigest()
        self._used.add(key)
        return key

    def get(self, key: str) -> Prepared | None:
        """Return what was prepared, or nothing."""
        try:
            digest, _, rest = (self._folder / key).read_bytes().partition(b"\n")
            if digest.decode() != _digest(rest):
                return None
            head, _, body = rest.partition(b"\n")
            facts = json.loads(head)
        except (OSError, ValueError):
            return None
        files, place = {}, 0
        for name, length in facts["files"]:
            files[name] = body[place : place + length]
            place += length
        refused = tuple((line, message) for line, message in facts["refused"])
        return Prepared(facts["width"], facts["height"], files, facts["error"], refused)

    def put(self, key: str, prepared: Prepared) -> None:
        """Keep a prepared picture; written beside and renamed, so that a kill leaves no half of it."""
        facts = {
            "width": prepared.width,
            "height": prepared.height,
            "error": prepared.error,
            "refused": prepared.refused,
            "files": [(name, len(data)) for name, data in prepared.files.items()],
        }
        rest = b"\n".join([json.dumps(facts).encode(), b"".join(prepared.files.values())])
        beside = self._folder / f".{key}-{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(_digest(rest).encode() + b"\n" + rest)
            beside.replace(self._folder / key)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()

    def forget_unused(self) -> None:
        """Delete the entries that no picture of this build has."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in self._used:
                    path.unlink()


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
