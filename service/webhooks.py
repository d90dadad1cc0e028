"""Standard Webhooks 1.0: three headers that say which message this is, when it was sent, and that it is ours. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64


class SecretError(ValueError):
    """The secret cannot be used; the words say how one looks, never what was there."""


def read_secret(text: str) -> bytes:
    """Return the bytes of a secret such as `whsec_…`."""
    plain = text.strip()
    if not plain.startswith(PREFIX):
        raise SecretError(f"a secret of Standard Webhooks begins with {PREFIX}")
    try:
        secret = base64.b64decode(plain.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SecretError(f"after {PREFIX} stands base64, and here it does not") from None
    if not LEAST_BYTES <= len(secret) <= MOST_BYTES:
        raise SecretError(f"a secret has {LEAST_BYTES} to {MOST_BYTES} bytes, not {len(secret)}")
    return secret


def signed_headers(secrets: tuple[bytes, ...], message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """Return the headers for one attempt; with several secrets each signs, so that one can follow the other without a gap."""
    if "." in message_id:
        raise ValueError("a message's id has no full stop: it would move the borders of what is signed")
    signed = f"{message_id}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
