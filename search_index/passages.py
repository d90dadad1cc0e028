"""The piece of a section that is shown, with the words that matched marked."""

from __future__ import annotations

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


_SENTENCE_END = frozenset(".!?:;。؟")


def passage(text: str, worth: Mapping[str, float], words: Words) -> list[Mark]:
    """Return the best few lines of a text; `worth` is what each wanted stem tells."""
    starts = run_starts(text)
    if not starts:
        return [{"text": text, "mark": False}] if text else []
    matched = [token for token in tokens(text, words.stop) if words.stem_of.get(token.word, "") in worth]
    first, last = _span(text, starts, matched, worth, words)
    begin = starts[first] if first else 0
    end = starts[last] if last < len(starts) else len(text)
    marks = _cut(text, begin, len(text[:end].rstrip()), matched)
    if first:
        marks.insert(0, {"text": "…", "mark": False})
    if last < len(starts):
        marks.append({"text": "…", "mark": False})
    return _joined(marks)


def _span(text: str, starts: list[int], matched: list[Token], worth: Mapping[str, float], words: Words) -> tuple[int, int]:
    """Return the first run to show and the one after the last."""
    index_of = {start: index for index, start in enumerate(starts)}
    hits = [(index_of[token.start], words.stem_of[token.word]) for token in matched]
    best, first = 0.0, 0
    for place, (start, _) in enumerate(hits):
        stems = []
        for index, stem in hits[place:]:
            if index >= start + schema.SNIPPET_WORDS - schema.SNIPPET_LEAD:
                break
            if stem not in stems:
                stems.append(stem)
        value = 0.0
        for stem in stems:
            value += worth[stem]
        if value > best:
            best, first = value, start
    first = _sentence_start(text, starts, first)
    return first, min(first + schema.SNIPPET_WORDS, len(starts))


def _sentence_start(text: str, starts: list[int], index: int) -> int:
    """Return the nearest beginning of a sentence or line before a run, if one is near."""
    for candidate in range(index, max(-1, index - schema.SNIPPET_LEAD), -1):
        if candidate == 0 or _opens(text[starts[candidate - 1] : starts[candidate]]):
            return candidate
    return index - schema.SNIPPET_LEAD // 2


def _opens(before: str) -> bool:
    return "\n" in before or (before.endswith(" ") and before.rstrip()[-1:] in _SENTENCE_END)


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
