"""Reference numbers such as NH-7K3M9-QXD4R-9: made offline, read aloud without mistakes, wrong ones caught at once."""

from __future__ import annotations

import re
import secrets
from typing import NamedTuple

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""31 symbols; 0, I, L, O and U are left out, because they are misread or misheard. A symbol's value is its place here."""
RANDOM_SYMBOLS = 10
DEFAULT_PREFIX = "HS"

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_PREFIX = re.compile(r"[A-Z0-9]{1,6}")
_READ_AS = str.maketrans({"I": "1", "L": "1"})
_NOT_USED = {"0": "a D or a Q", "O": "a D or a Q", "U": "a V"}
_BETWEEN = re.compile(r"[\s\-‐‑‒–—−_.]+")


class ReferenceProblem(ValueError):  # noqa: N818, it is the reader's slip, not a fault of ours
    """What was typed is not a reference number; the words say what to look at again."""


class Parts(NamedTuple):
    """A reference number taken apart."""

    prefix: str
    symbols: str
    check: str

    def __str__(self) -> str:
        """Return the number as it is printed."""
        return f"{self.prefix}-{self.symbols[:5]}-{self.symbols[5:]}-{self.check}"


def check_symbol(symbols: str) -> str:
    """Return the check symbol of ten symbols: the sum of place times value, modulo 31, in the same alphabet."""
    total = sum(place * _VALUE[symbol] for place, symbol in enumerate(symbols, 1))
    return ALPHABET[total % len(ALPHABET)]


def new_reference(prefix: str = DEFAULT_PREFIX) -> str:
    """Return a new number; a million of them clash with a chance of 0.06 %."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"'{prefix}' is not a prefix: 1 to 6 capital letters or digits")
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_SYMBOLS))
    return str(Parts(prefix, symbols, check_symbol(symbols)))


def parse_reference(text: str) -> Parts:
    """Read a number as people type and say it: any case, with or without dashes and blanks, I and L meaning 1."""
    joined = _BETWEEN.sub("", text.upper())
    prefix, body = joined[: -RANDOM_SYMBOLS - 1], joined[-RANDOM_SYMBOLS - 1 :].translate(_READ_AS)
    if not _PREFIX.fullmatch(prefix):
        raise ReferenceProblem(f"'{text[:40]}' is not a reference number. It looks like HS-7K3M9-QXD4R-9.")
    for symbol in body:
        if symbol in _NOT_USED:
            raise ReferenceProblem(f"there is no {symbol} in a reference number. Is it perhaps {_NOT_USED[symbol]}?")
        if symbol not in _VALUE:
            raise ReferenceProblem(f"there is no '{symbol}' in a reference number.")
    if check_symbol(body[:-1]) != body[-1]:
        raise ReferenceProblem("one symbol of this number is wrong, or two have changed places. Please compare it once more.")
    return Parts(prefix, body[:-1], body[-1])


def spoken(reference: str) -> tuple[str, ...]:
    """Return the groups in which a number is read aloud, each symbol by itself."""
    return tuple(" ".join(group) for group in reference.split("-"))
