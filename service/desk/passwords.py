"""Passwords of local accounts, by argon2id with the values that its authors recommend."""

from __future__ import annotations

import argon2

LEAST_LENGTH = 12
_hasher = argon2.PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


class WeakPasswordError(Exception):
    """The password is too easy to guess; the words say what to do."""


def hashed(name: str, password: str) -> str:
    """Return what is stored of a password."""
    if len(password) < LEAST_LENGTH:
        raise WeakPasswordError(
            f"The password has {len(password)} characters. Take at least {LEAST_LENGTH}: four words are easy to keep."
        )
    if name.casefold() in password.casefold() or len(set(password)) < 5:
        raise WeakPasswordError("The password is easy to guess. Four words that do not belong together are better.")
    return _hasher.hash(password)


def is_right(stored: str, password: str) -> bool:
    """Whether the password is the stored one. Takes as long for somebody who is not there."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and bool(stored)
    except argon2.exceptions.VerificationError:
        return False
    except argon2.exceptions.InvalidHashError:
        return False
