"""One way from text to words, for index and query, in Python and (assets/js/search.js) in the browser.

Text is cut into runs of letters and digits; each run is folded; part numbers are kept whole and in parts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ANALYSIS_VERSION = 3
WORD_LETTERS = 40
CHAIN_PARTS = 8
HYPHEN_PARTS = 3
MOST_FOLDINGS = 100_000


def _ranges(categories: tuple[str, ...]) -> str:
    """Return the inside of a regular expression's [] that matches these Unicode categories."""
    ranges: list[list[int]] = []
    for code in (*range(0x20000), *range(0xE0000, 0xE0200)):  # there are none elsewhere
        if unicodedata.category(chr(code)) in categories:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


@cache
def _invisible() -> str:
    # Marks and format characters belong to the run they stand in: "e" + acute, a soft hyphen.
    return _ranges(("Mn", "Cf"))


@cache
def _run_pattern() -> re.Pattern[str]:
    return re.compile(f"(?:[^\\W_]|[{_invisible()}])+")


@cache
def _dropped_pattern() -> re.Pattern[str]:
    return re.compile(f"[{_invisible()}]+")


# Chinese and Japanese have no spaces: their runs are cut into pairs of letters, each with the next.
_SPACELESS = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0002fa1f"
_SPACELESS_RUN = re.compile(f"[{_SPACELESS}]+")
_PIECES = re.compile(f"[{_SPACELESS}]+|[^{_SPACELESS}]+")

_ASCII_RUN = re.compile(r"[A-Za-z0-9]+")
_PLAIN_RUN = re.compile(r"[^\W_]+")
# Digits, whatever might fold to one, and hyphens in words; quick to look for, and for most lines the answer is no.
_MAYBE_JOINED = re.compile("\\S-\\S|[0-9\u00b2\u00b3\u00b9\u00bc-\u00be\u0660-\u0669\u06f0-\u06f9]|[^\\x00-\u206f]")
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"[0-9]")
_INK = re.compile(r"[^\s\ufeff]")
_LETTERS_ONLY = re.compile(r"[^\W\d_]{1,4}\Z")
_DIGITS_ONLY = re.compile(r"[0-9]+\Z")
_JOINERS = frozenset("-_./+")


def fold(text: str) -> str:
    """Return text without case, accents and invisible characters; the order of the steps is part of the promise."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    return _dropped_pattern().sub("", folded).translate(_RESPELT)


# The Arabic stroke that only makes a word longer goes; Arabic and Persian digits become those on the label of the product.
_RESPELT = str.maketrans(
    {"ß": "ss", "\u0640": "", **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}}
)
_foldings: dict[str, tuple[str, ...]] = {}


def folded_words(run: str) -> tuple[str, ...]:
    """Return the words of one run; mostly one, none for a lone accent, two for "½"."""
    words = _foldings.get(run)
    if words is None:
        words = tuple(word[:WORD_LETTERS] for word in _WORD.findall(fold(run)))
        if len(_foldings) > MOST_FOLDINGS:  # memory stays flat under hostile queries
            _foldings.clear()
        if len(run) <= WORD_LETTERS:
            _foldings[run] = words
    return words


class Run(NamedTuple):
    """A stretch of letters and digits as written, with its folded words."""

    start: int
    end: int
    words: tuple[str, ...]


def runs(text: str) -> list[Run]:
    """Return the runs of a text in order."""
    found = [Run(match.start(), match.end(), folded_words(match.group())) for match in _pattern(text).finditer(text)]
    if not _SPACELESS_RUN.search(text):
        return found
    return [Run(start, end, folded_words(text[start:end])) for run in found for start, end in _pieces(text, run.start, run.end)]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places of a run's words: pairs of letters where no spaces are written."""
    for piece in _PIECES.finditer(text, start, end):
        first, last = piece.span()
        if last - first > 1 and _SPACELESS_RUN.match(piece.group()):
            for at in range(first, last - 1):
                yield at, at + 2
        else:
            yield first, last


def accented_runs(text: str) -> list[str]:
    """Return the runs of a text that hold more than plain letters."""
    return [run for run in _pattern(text).findall(text) if not run.isascii()]


def run_starts(text: str) -> list[int]:
    """Return where the runs of a text begin."""
    if _SPACELESS_RUN.search(text):
        return [run.start for run in runs(text)]
    return [match.start() for match in _pattern(text).finditer(text)]


def _pattern(text: str) -> re.Pattern[str]:
    if text.isascii():
        return _ASCII_RUN
    return _run_pattern() if _dropped_pattern().search(text) else _PLAIN_RUN


class Token(NamedTuple):
    """One word to index or to look for."""

    word: str
    start: int
    end: int
    part: bool = False
    """Belongs to a part number that is also there whole."""
    whole: bool = False
    """Is put together: "AK-200" gives ak200, "Wi-Fi" wifi."""


def has_digit(word: str) -> bool:
    """Say whether a word holds one of 0-9: such words are never corrected."""
    return _DIGIT.search(word) is not None


def split_words(text: str, stop: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of `tokens`, fast: nothing joined crosses a line, and most lines have no such words."""
    found: list[str] = []
    for line in text.split("\n"):
        if _MAYBE_JOINED.search(line) or _SPACELESS_RUN.search(line):
            found.extend(token.word for token in tokens(line, stop))
        elif line.isascii():
            found.extend(word[:WORD_LETTERS] for word in _ASCII_RUN.findall(line.lower()))
        else:
            for run in _pattern(line).findall(line):
                found.extend(folded_words(run))
    return found


def tokens(text: str, stop: frozenset[str] = frozenset()) -> list[Token]:
    """Return all words of a text in order, part numbers whole after their parts.

    `stop` keeps lower-case stop words from being glued to a number ("to 10"); a query passes none.
    """
    found = runs(text)
    if not _MAYBE_JOINED.search(text):
        return [Token(word, start, end) for start, end, run_words in found for word in run_words]
    result: list[Token] = []
    index, count = 0, len(found)
    while index < count:
        start, end, run_words = found[index]
        # Most runs stand alone: they are told apart here, where a call for each would be half of the time of a search.
        if index + 1 == count or found[index + 1][0] != end + 1 or text[end] not in _JOINERS:
            result.extend([Token(word, start, end) for word in run_words])
            if len(run_words) == 1 and run_words[0].isdecimal() and (whole := _glued(text, found, index, stop)):
                result.append(Token(whole, found[index - 1].start, end, whole=True))
            index += 1
            continue
        last = _chain_end(text, found, index)
        if any(has_digit(word) for run in found[index:last] for word in run.words):
            result.extend(_chain(found[index:last]))
        else:
            result.extend(_hyphenated(text, found[index:last]))
        index = last
    return result


def _chain(chain: list[Run]) -> list[Token]:
    """Return the parts of a part number and, unless it is too long for one, the whole."""
    result = [Token(word, run.start, run.end, part=True) for run in chain for word in run.words]
    whole = "".join(token.word for token in result)
    if len(chain) <= CHAIN_PARTS and len(whole) <= WORD_LETTERS:
        result.append(Token(whole, chain[0].start, chain[-1].end, whole=True))
    return result


def _hyphenated(text: str, chain: list[Run]) -> list[Token]:
    """Return the parts of "Wi-Fi" as plain words, and the whole, because half of the people write it so."""
    result = [Token(word, run.start, run.end) for run in chain for word in run.words]
    whole = "".join(token.word for token in result)
    hyphens = all(text[run.end] == "-" for run in chain[:-1])
    if hyphens and len(chain) <= HYPHEN_PARTS and len(whole) <= WORD_LETTERS:
        result.append(Token(whole, chain[0].start, chain[-1].end, whole=True))
    return result


def _chain_end(text: str, found: list[Run], first: int) -> int:
    """Return the index after the last run that is joined to this one by - _ . / or +."""
    last = first + 1
    while last < len(found) and found[last].start == found[last - 1].end + 1 and text[found[last - 1].end] in _JOINERS:
        last += 1
    return last


def _glued(text: str, found: list[Run], index: int, stop: frozenset[str]) -> str:
    """Return "be220" when the run ends "BE 220", else ""; "to 10" in prose is no number, "BE 220" is."""
    digits = found[index]
    if len(digits.words) != 1 or not _DIGITS_ONLY.match(digits.words[0]) or index == 0:
        return ""
    letters = found[index - 1]
    if digits.start != letters.end + 1 or text[letters.end] != " " or len(letters.words) != 1:
        return ""
    word = letters.words[0]
    if not _LETTERS_ONLY.match(word) or (word in stop and text[letters.start : letters.end] == word):
        return ""
    return (word + digits.words[0])[:WORD_LETTERS]


def is_blank(text: str) -> bool:
    """Say whether a text has nothing but spaces, as either runtime knows them."""
    return _INK.search(text) is None


def clean(text: str) -> str:
    """Return text that every log, database and page can hold: no lone surrogates, no control characters."""
    return "".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in text if not "\ud800" <= c <= "\udfff")
