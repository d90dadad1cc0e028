"""The desk's private keys: one in use, older ones still able to open what was sealed for them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from service.sealing import SealError, key_id, new_private_key, public_of, unseal

if TYPE_CHECKING:
    from pathlib import Path


class KeysError(Exception):
    """The desk's keys cannot be read; the words say what to do."""


class Keyring:
    """The keys in a folder, one file each, the newest in use."""

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = {key_id(public_of(key)): key for key in keys}
        self.public = public_of(keys[-1])

    def open(self, key: str, box: str) -> bytes:
        """Open a box that was sealed for one of these keys; SealError when it was not."""
        private = self._keys.get(key)
        if private is None:
            raise SealError(f"sealed for a key that this desk does not have ({key or 'no key named'})")
        return unseal(private, box)

    @property
    def names(self) -> list[str]:
        """The short names of all keys, the one in use last."""
        return list(self._keys)


def load_keyring(folder: Path) -> Keyring:
    """Read the desk's keys; the first start makes one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = sorted(folder.glob("desk-*.key"))
    try:
        keys = [bytes.fromhex(path.read_text(encoding="ascii")) for path in paths]
        return Keyring(keys) if keys else Keyring([add_key(folder)])
    except (OSError, ValueError) as error:
        raise KeysError(f"{folder}: a key cannot be read ({error}). Put it back from the recovery copy.") from error


def add_key(folder: Path) -> bytes:
    """Make a new key, which is used from now on."""
    private = new_private_key()
    number = len(list(folder.glob("desk-*.key"))) + 1
    path = folder / f"desk-{number:04}.key"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(private.hex())
        file.flush()
        os.fsync(file.fileno())
    return private
