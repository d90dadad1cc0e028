"""One way from text to words, for index and query, in Python and (assets/js/search.js) in the browser.

Text is cut into runs of letters and digits; each run is folded; part numbers are kept whole and in parts.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache

ANALYSIS_VERSION = 1
WORD_LETTERS = 40
CHAIN_PARTS = 8


def _ranges(categories: tuple[str, ...]) -> str:
    """Return the inside of a regular expression's [] that matches these Unicode categories."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
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


_ASCII_RUN = re.compile(r"[A-Za-z0-9]+")
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"[0-9]")
_LETTERS_ONLY = re.compile(r"[^\W\d_]{1,4}\Z")
_DIGITS_ONLY = re.compile(r"[0-9]+\Z")
_JOINERS = frozenset("-_./+")


def fold(text: str) -> str:
    """Return text without case, accents and invisible characters; the order of the steps is part of the promise."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    return _dropped_pattern().sub("", folded).replace("ß", "ss")


@cache
def _known_folding(run: str) -> tuple[str, ...]:
    return tuple(word[:WORD_LETTERS] for word in _WORD.findall(fold(run)))


def folded_words(run: str) -> tuple[str, ...]:
    """Return the words of one run; mostly one, none for a lone accent, two for "½"."""
    if len(run) > WORD_LETTERS:
        return tuple(word[:WORD_LETTERS] for word in _WORD.findall(fold(run)))
    if _known_folding.cache_info().currsize > 200_000:  # memory stays flat under hostile queries
        _known_folding.cache_clear()
    return _known_folding(run)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of letters and digits as written, with its folded words."""

    start: int
    end: int
    words: tuple[str, ...]


def runs(text: str) -> list[Run]:
    """Return the runs of a text in order."""
    pattern = _ASCII_RUN if text.isascii() else _run_pattern()
    return [Run(match.start(), match.end(), folded_words(match.group())) for match in pattern.finditer(text)]


@dataclass(frozen=True, slots=True)
class Token:
    """One word to index or to look for."""

    word: str
    start: int
    end: int
    part: bool = False
    """Belongs to a part number that is also there whole."""
    whole: bool = False
    """Is a part number put together: "AK-200" gives ak200."""


def has_digit(word: str) -> bool:
    """Say whether a word holds one of 0-9: such words are never corrected."""
    return _DIGIT.search(word) is not None


def _chain_end(text: str, found: list[Run], first: int) -> int:
    """Return the index after the last run that is joined to this one by - _ . / or +."""
    last = first + 1
    while last < len(found) and found[last].start == found[last - 1].end + 1 and text[found[last - 1].end] in _JOINERS:
        last += 1
    return last


def _glued(text: str, found: list[Run], index: int, stop: frozenset[str]) -> str:
    """Return "be220" when the run ends "BE 220", else ""; "to 10" in prose is no number, "BE 220" is."""
    if index == 0 or found[index].start != found[index - 1].end + 1 or text[found[index].start - 1] != " ":
        return ""
    letters, digits = found[index - 1], found[index]
    if len(letters.words) != 1 or len(digits.words) != 1:
        return ""
    if not (_LETTERS_ONLY.match(letters.words[0]) and _DIGITS_ONLY.match(digits.words[0])):
        return ""
    if letters.words[0] in stop and text[letters.start : letters.end] == letters.words[0]:
        return ""
    return (letters.words[0] + digits.words[0])[:WORD_LETTERS]


def tokens(text: str, stop: frozenset[str] = frozenset()) -> list[Token]:
    """Return all words of a text in order, part numbers whole after their parts.

    `stop` keeps lower-case stop words from being glued to a number ("to 10"); a query passes none.
    """
    found = runs(text)
    result: list[Token] = []
    index = 0
    while index < len(found):
        last = _chain_end(text, found, index)
        numbered = last - index > 1 and any(has_digit(word) for run in found[index:last] for word in run.words)
        if not numbered:
            last = index + 1
        for run in found[index:last]:
            result.extend(Token(word, run.start, run.end, part=numbered) for word in run.words)
        start, end = found[index].start, found[last - 1].end
        if numbered:
            whole = "".join(word for run in found[index:last] for word in run.words)
            if last - index <= CHAIN_PARTS and len(whole) <= WORD_LETTERS:
                result.append(Token(whole, start, end, whole=True))
        elif whole := _glued(text, found, index, stop):
            result.append(Token(whole, found[index - 1].start, end, whole=True))
        index = last
    return result


def clean(text: str) -> str:
    """Return text that every log, database and page can hold: no lone surrogates, no control characters."""
    return "".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in text if not "\ud800" <= c <= "\udfff")
