"""The desk's private keys: one in use, older ones still able to open what was sealed for them."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from service.sealing import SealError, key_id, new_private_key, public_of, unseal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOK_SECONDS = 5.0
"""How soon a running desk finds a key that was added: the folder is asked no more often."""


class KeysError(Exception):
    """The desk's keys cannot be read; the words say what to do."""


class Keyring:
    """The keys in a folder, one file each, the newest in use. A key that is added while the desk runs is found within seconds."""

    def __init__(self, keys: list[bytes], folder: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._looked = clock()
        self._set(keys)

    def open(self, key: str, box: str) -> bytes:
        """Open a box that was sealed for one of these keys; SealError when it was not."""
        if key not in self._keys:
            self._look()
        private = self._keys.get(key)
        if private is None:
            raise SealError(f"sealed for a key that this desk does not have ({key or 'no key named'})")
        return unseal(private, box)

    @property
    def public(self) -> str:
        """The public key to seal for from now on."""
        if self._clock() - self._looked > LOOK_SECONDS:
            self._look()
        return self._public

    @property
    def names(self) -> list[str]:
        """The short names of all keys, the one in use last."""
        return list(self._keys)

    def _set(self, keys: list[bytes]) -> None:
        self._keys = {key_id(public_of(key)): key for key in keys}
        self._public = public_of(keys[-1])

    def _look(self) -> None:
        self._looked = self._clock()
        # A folder that cannot be read just now takes no key away that was known.
        with suppress(KeysError):
            if self._folder is not None and (keys := read_keys(self._folder)):
                self._set(keys)


def load_keyring(folder: Path) -> Keyring:
    """Read the desk's keys; the first start makes one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keyring(read_keys(folder) or [add_key(folder)], folder)


def key_files(folder: Path) -> list[Path]:
    """Return the files of the keys, oldest first."""
    return sorted(folder.glob("desk-*.key"))


def read_keys(folder: Path) -> list[bytes]:
    """Return the keys in a folder, oldest first; KeysError when one cannot be read."""
    try:
        keys = [bytes.fromhex(path.read_text(encoding="ascii")) for path in key_files(folder)]
        for key in keys:
            public_of(key)
    except (OSError, ValueError, TypeError) as error:
        raise KeysError(
            f"{folder}: a key cannot be read ({error}). Put it back from a backup: ./helpstand desk restore FILE"
        ) from error
    return keys


def add_key(folder: Path, private: bytes | None = None) -> bytes:
    """Keep a key, or a new one, which is used from now on."""
    private = private or new_private_key()
    last = max((int(path.stem.rpartition("-")[2]) for path in key_files(folder)), default=0)
    write_private(folder / f"desk-{last + 1:04}.key", private.hex().encode())
    return private


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all; FileExistsError where there is one."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    finally:
        beside.unlink()
