"""A kiosk's own key: it signs every post, and the desk knows only its public half. Nothing shared lies in an image."""

from __future__ import annotations

import hashlib

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

KIOSK_HEADER = "helpstand-kiosk"
SIGNATURE_HEADER = "helpstand-signature"


def new_seed() -> bytes:
    """Return the secret of a new Ed25519 key."""
    return bytes(SigningKey.generate())


def public_key(seed: bytes) -> str:
    """Return the public half of a key."""
    return SigningKey(seed).verify_key.encode().hex()


def sign(seed: bytes, purpose: str, sender: str, body: bytes) -> str:
    """Sign a body for one purpose, so that a signature is worth nothing for another."""
    return SigningKey(seed).sign(_signed(purpose, sender, body)).signature.hex()


def is_signed(key: str, signature: str, purpose: str, sender: str, body: bytes) -> bool:
    """Whether the holder of that key signed exactly this."""
    try:
        VerifyKey(bytes.fromhex(key)).verify(_signed(purpose, sender, body), bytes.fromhex(signature))
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def _signed(purpose: str, sender: str, body: bytes) -> bytes:
    return f"helpstand 1 {purpose}\n{sender}\n{hashlib.sha256(body).hexdigest()}".encode()
