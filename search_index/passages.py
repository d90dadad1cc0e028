"""The piece of a section that is shown, with the words that matched marked."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, TypedDict

from search_index import schema
from search_index.analysis import Token, run_starts, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_index.source import Words


class Mark(TypedDict):
    """A stretch of the passage; `mark` says that it matched."""

    text: str
    mark: bool


# A line that ends in a colon announces the next one ("Never do this:") and is no end.
_END = re.compile("[.!?؟…][\"'”’»)\\]]*[ \\n]|。|[^:：]\\n")
_SHORT_FORM = re.compile(r"(?:[^\W\d_]|[0-9]{1,2})\. ")
"""One letter or a small number and a dot: "z. B.", "3. Mai"."""
_CLAUSE = re.compile("[,;:،؛–—]")


def passage(text: str, worth: Mapping[str, float], words: Words) -> list[Mark]:
    """Return the best few sentences of a text; `worth` is what each wanted stem tells.

    A dropped end of a sentence may turn its meaning round: only one that is too long alone is cut, and shows it by "…".
    """
    starts, held, ends = _read(text, words.stop)
    if not starts:
        return [{"text": text, "mark": False}] if text else []
    matched = [token for token in held if words.stem_of.get(token.word, "") in worth]
    first, last = _span(text, starts, sorted(ends), [(token.start, words.stem_of[token.word]) for token in matched], worth)
    begin = ends.get(first, starts[first])
    end = ends.get(last, starts[last] if last < len(starts) else len(text))
    marks = _cut(text, begin, len(text[:end].rstrip()), matched)
    if first not in ends:
        marks.insert(0, {"text": "…", "mark": False})
    if last not in ends:
        marks.append({"text": "…", "mark": False})
    return _joined(marks)


@lru_cache(maxsize=256)  # whoever types on gets the same pages again
def _read(text: str, stop: frozenset[str]) -> tuple[list[int], list[Token], dict[int, int]]:
    """Return the starts of the runs of a text, its words, and where its sentences begin."""
    starts = run_starts(text)
    return starts, tokens(text, stop), _sentence_ends(text, starts) if starts else {}


def _sentence_ends(text: str, starts: list[int]) -> dict[int, int]:
    """Return the runs that begin a sentence or line -> where in the text; the run after the last is one of them."""
    ends = {0: 0}
    for index in range(1, len(starts)):
        between = text[starts[index - 1] : starts[index]]
        if (found := _END.search(between)) is None:
            continue
        # "max. 10", "e.g. bread": after a mere dot and space a sentence begins with a capital, or with what has none.
        category = unicodedata.category(text[starts[index]])
        if "\n" in between or not (category in {"Ll", "Nd"} or _SHORT_FORM.match(between)):
            ends[index] = starts[index - 1] + found.end()
    ends[len(starts)] = len(text)
    return ends


def _span(
    text: str, starts: list[int], ends: list[int], matched: list[tuple[int, str]], worth: Mapping[str, float]
) -> tuple[int, int]:
    """Return the first run to show and the one after the last: whole sentences, those that tell most."""
    index_of = {start: index for index, start in enumerate(starts)}
    hits = [(index_of[start], stem) for start, stem in matched]
    most, best = 0.0, _sentences(text, starts, ends, 0)
    for hit, _ in hits:
        first, last = _sentences(text, starts, ends, hit)
        value = 0.0
        for stem in dict.fromkeys(stem for index, stem in hits if first <= index < last):
            value += worth[stem]
        if value > most:
            most, best = value, (first, last)
    return best


def _sentences(text: str, starts: list[int], ends: list[int], hit: int) -> tuple[int, int]:
    """Return the sentence of a run with those after it, as many as fit; or the piece around it of one that is too long."""
    place = bisect_right(ends, hit)
    first, last = ends[place - 1], ends[place]
    if last - first > schema.SNIPPET_WORDS and hit - first >= schema.SNIPPET_LEAD:
        first = hit - schema.SNIPPET_LEAD // 2
    limit = first + schema.SNIPPET_WORDS
    if last <= limit:
        return first, ends[bisect_right(ends, limit) - 1]
    for index in range(limit, max(hit, limit - schema.SNIPPET_LEAD), -1):
        if _CLAUSE.search(text[starts[index - 1] : starts[index]]):
            return first, index
    return first, limit


def _cut(text: str, begin: int, end: int, matched: list[Token]) -> list[Mark]:
    marks: list[Mark] = []
    at = begin
    for token in sorted(matched, key=lambda token: (token.start, -token.end)):
        start = max(token.start, at)
        if token.start < begin or token.end > end or start >= token.end:
            continue
        marks += [{"text": text[at:start], "mark": False}, {"text": text[start : token.end], "mark": True}]
        at = token.end
    marks.append({"text": text[at:end], "mark": False})
    return marks


def _joined(marks: list[Mark]) -> list[Mark]:
    result: list[Mark] = []
    for mark in marks:
        if not mark["text"]:
            continue
        if result and result[-1]["mark"] == mark["mark"]:
            result[-1] = {"text": result[-1]["text"] + mark["text"], "mark": mark["mark"]}
        else:
            result.append(mark)
    return result
