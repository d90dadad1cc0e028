"""A static table of words: each word, or piece of a word, is a point in space; a text is the weighted sum of its words.

One file: a line of JSON with a hash of the rest, the tokens, one per line, and then so many signed bytes for each of them.
"""

from __future__ import annotations

import hashlib
import json
import math
from array import array
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FORMAT = 1
ENGLISH = Path(__file__).with_name("english.table")
RESTORE = "Restore the file from the repository."
CONTINUES = "##"
MIDDLE = 128
"""Added to each number, so that packed sums have no signs."""
UNIT = 200.0
"""The length of every vector that is kept: none of its numbers comes near a byte's end, and what does is cut."""
MOST_WORDS = 200_000


class MeaningError(Exception):
    """A table or the vectors made with it cannot be used; search goes on without them. The text says where and why."""


def write_headed(path: Path, about: Mapping[str, object], body: bytes) -> str:
    """Write a file of ours, a line of JSON and the rest, and return the hash of the rest."""
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    head = {**about, "format": FORMAT, "hash": digest}
    path.write_bytes(json.dumps(head, sort_keys=True).encode() + b"\n" + body)
    return digest


def read_headed(path: Path, cure: str) -> tuple[dict[str, Any], bytes]:
    """Return the first line and the rest of such a file. Raises MeaningError where it is missing, cut short or changed."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        about = json.loads(head)
        whole = about["format"] == FORMAT and about["hash"] == hashlib.blake2b(body, digest_size=16).hexdigest()
    except FileNotFoundError as error:
        raise MeaningError(f"{path}: is not there. {cure}") from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise MeaningError(f"{path}: cannot be read ({type(error).__name__}). {cure}") from error
    if not whole:
        raise MeaningError(f"{path}: damaged, or of another version. {cure}")
    return about, body


def write_table(path: Path, about: Mapping[str, str], tokens: Sequence[str], rows: bytes) -> str:
    """Write a table and return its hash."""
    sizes = {"tokens": len(tokens), "dimensions": len(rows) // len(tokens)}
    return write_headed(path, {**about, **sizes}, "\n".join(tokens).encode() + b"\n" + rows)


class Table:
    """The words of one language; sums are exact, so that the same text gives the same vector everywhere."""

    def __init__(self, language: str, digest: str, tokens: Sequence[str], rows: bytes) -> None:
        self.language = language
        self.digest = digest
        self.dimensions = len(rows) // len(tokens)
        self._number = {token: number for number, token in enumerate(tokens)}
        self._rows = rows
        self._packed: dict[str, tuple[int, int]] = {}

    @classmethod
    def read(cls, path: Path) -> Table:
        """Read a table. Raises MeaningError where it is missing, cut short or changed."""
        about, body = read_headed(path, RESTORE)
        count, dimensions = about.get("tokens"), about.get("dimensions")
        if isinstance(count, int) and isinstance(dimensions, int) and 0 < count * dimensions < len(body) and count > 0:
            at = len(body) - count * dimensions
            tokens = body[:at].decode(errors="replace").splitlines()
            if len(tokens) == count:
                return cls(str(about.get("language")), about["hash"], tokens, body[at:])
        raise MeaningError(f"{path}: has not what its first line says. {RESTORE}")

    def __contains__(self, word: str) -> bool:
        """Say whether a word is there as a whole."""
        return word in self._number

    def pieces(self, word: str) -> list[int]:
        """Return the numbers of the longest tokens that make up a word, from its beginning; none where some letter is unknown."""
        found: list[int] = []
        at = 0
        while at < len(word):
            start = CONTINUES if at else ""
            end = next((end for end in range(len(word), at, -1) if start + word[at:end] in self._number), at)
            if end == at:
                return []
            found.append(self._number[start + word[at:end]])
            at = end
        return found

    def vector(self, weighted: Iterable[tuple[str, int]]) -> array[int] | None:
        """Return the direction of some words, each with a whole weight, as signed bytes; None where none is known."""
        total = weights = 0
        for word, weight in weighted:
            packed, pieces = self._word(word)
            total += packed * weight
            weights += pieces * weight
        if not weights:
            return None
        lanes = array("I")
        lanes.frombytes(total.to_bytes(4 * self.dimensions, "little"))
        return _scaled([lane - MIDDLE * weights for lane in lanes])

    def _word(self, word: str) -> tuple[int, int]:
        """Return the sum of a word's rows in one big number, 32 bits to each place, and how many rows there are.

        Adding such numbers adds all places at once: a site of thousands of pages is summed up in seconds without a library.
        """
        known = self._packed.get(word)
        if known is None:
            if len(self._packed) > MOST_WORDS:
                self._packed.clear()
            total, numbers = 0, self.pieces(word)
            for number in numbers:
                row = memoryview(self._rows)[number * self.dimensions : (number + 1) * self.dimensions].cast("b")
                total += int.from_bytes(array("I", [value + MIDDLE for value in row]).tobytes(), "little")
            known = self._packed[word] = (total, len(numbers))
        return known


def _scaled(values: Sequence[int]) -> array[int] | None:
    length = math.hypot(*values)
    if not length:
        return None
    scale = UNIT / length
    scaled = [round(value * scale) for value in values]
    try:
        return array("b", scaled)
    except OverflowError:
        return array("b", [max(-127, min(127, value)) for value in scaled])


@cache
def english() -> Table:
    """Return the table that comes with the code. Raises MeaningError."""
    return Table.read(ENGLISH)
