"""Sealed boxes: whoever has the desk's public key can close one, only the desk can open it."""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import lru_cache

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox


class SealError(Exception):
    """A box does not open with this key, or is none."""


def new_private_key() -> bytes:
    """Return a new private key for a desk."""
    return bytes(PrivateKey.generate())


def public_of(private: bytes) -> str:
    """Return the public key that belongs to a private one."""
    return bytes(PrivateKey(private).public_key).hex()


def key_id(public: str) -> str:
    """Return the short name of a public key, which travels beside every box."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def seal(public: str, content: bytes) -> str:
    """Close content in a box; nobody at this end can open it again."""
    return base64.b64encode(SealedBox(PublicKey(bytes.fromhex(public))).encrypt(content)).decode("ascii")


def unseal(private: bytes, box: str) -> bytes:
    """Open a box; SealError when it was meant for another key or was changed."""
    try:
        return _opener(private).decrypt(base64.b64decode(box, validate=True))
    except (CryptoError, binascii.Error, ValueError, TypeError) as error:
        raise SealError("the box does not open with this key") from error


@lru_cache(maxsize=64)
def _opener(private: bytes) -> SealedBox[PrivateKey]:
    # Working out the public half costs more than opening a box.
    return SealedBox(PrivateKey(private))
