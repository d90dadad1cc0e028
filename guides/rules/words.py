"""Rules for plain words, in the language of the page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guides.page import WORD, Place, Sentences
from guides.problems import Problem, problem
from guides.rules.languages import (
    HINT_SIGNS,
    HINTS,
    LIX_DEFAULT,
    LIX_LIMIT,
    NO_LIX,
    RIGHT_TO_LEFT,
    STOP_WORDS,
    WORD_PATTERNS,
    WORDS,
)
from guides.rules.site import Site, language_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide

_LANGUAGES_OF: dict[str, tuple[str, ...]] = {
    word: tuple(code for code, stops in STOP_WORDS.items() if word in stops) for word in frozenset().union(*STOP_WORDS.values())
}
_FOREIGN = {own: frozenset(_LANGUAGES_OF) - stops for own, stops in STOP_WORDS.items()}
MIN_WORDS = 60
"""Below this, one long word decides."""
_END = re.compile(r"(?<=[.!?…:;])[\"'”’)\]]*\s+(?=\S)")
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]+")
_MARKED = re.compile(r"\b(?:lang|dir)\s*=")


def _at(place: Place, rule: str, message: str) -> Problem:
    return problem(place.source, place.line, rule, message)


def word_list(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that nothing talks down to the reader, nothing blames them."""
    language = guide.language.split("-")[0]
    pattern = WORD_PATTERNS.get(language)
    # Mostly none of them is on a page, and looking for a fixed text is a hundred times cheaper than a pattern.
    if not pattern or not any(word in guide.heard_lower for word in WORDS[language]):
        return
    for piece in guide.heard:
        for word in dict.fromkeys(found.casefold() for found in pattern.findall(piece.text)):
            better = WORDS[language].get(word)
            cure = f"Write '{better}'" if better else "Leave it out: what is easy for you is not for every reader"
            yield _at(piece.place, "word-list", f"the word '{word}' does not help the reader. {cure}")


def hints(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a page also makes sense to who hears it, or sees it on another screen."""
    pattern = HINTS.get(guide.language.split("-")[0])
    signs = [sign for sign in HINT_SIGNS if sign in guide.heard_lower]
    if not pattern or not signs:
        return
    for piece in guide.heard:
        text = piece.text.lower()
        found = pattern.search(piece.text) if any(sign in text for sign in signs) else None
        if found:
            yield _at(piece.place, "hint-place", f"'{found[0]}' helps only who sees this layout. Name the thing, or link to it")


def direction(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that letters that run from the right are marked, so that they are shown and spoken rightly."""
    if guide.language.split("-")[0] in RIGHT_TO_LEFT:
        return
    for line in guide.page.lines:
        found = None if line.text.isascii() else _RTL.search(line.text)
        if found and not _MARKED.search(line.text):
            message = (
                f"'{found[0]}' runs from right to left in a left-to-right page. Mark it, for example "
                f"*{found[0]}*{{lang=ar dir=rtl}}"
            )
            yield problem(line.source, line.number, "direction-wrong", message)


def wrong_language(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a line is in the language of its page."""
    own = guide.language.split("-")[0]
    if own not in STOP_WORDS and own not in RIGHT_TO_LEFT:
        return
    foreign = _FOREIGN.get(own, frozenset(_LANGUAGES_OF))
    for piece in guide.heard:
        if len(piece.words) < 7 or len(foreign.intersection(piece.words)) < 2:
            continue
        hits = Counter(code for word in piece.words for code in _LANGUAGES_OF.get(word.lower(), ()))
        other = max(hits, key=lambda code: (hits[code], code == own), default=own)
        # Two words of another language may be a name, and neighbours share small words; three more are a sentence.
        if other != own and hits[other] >= hits[own] + 3:
            message = f"this looks like {language_name(other)} in a page in {language_name(own)}. Translate it"
            yield _at(piece.place, "language-wrong", message)


@dataclass(frozen=True)
class _Sentence:
    text: str
    words: int
    long_words: int
    place: Place

    @property
    def lix(self) -> float:
        return self.words + 100 * self.long_words / self.words


def lix(prose: list[Sentences]) -> float:
    """Return words per sentence plus the share of words over six letters in per cent; 0 for a page of few words."""
    words = sentences = long_words = 0
    for piece in prose:
        if piece.words and not piece.heading:
            words += len(piece.words)
            long_words += sum(len(word) > 6 for word in piece.words)
            sentences += 1 + sum(1 for _ in _END.finditer(piece.text))
    return words / sentences + 100 * long_words / words if words >= MIN_WORDS else 0.0


def _sentences(prose: list[Sentences]) -> Iterator[_Sentence]:
    for piece in prose:
        for text in _END.split(piece.text) if not piece.heading else ():
            words = WORD.findall(text)
            if words:
                yield _Sentence(text.strip(), len(words), sum(len(word) > 6 for word in words), piece.place)


def hard_to_read(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a page can be read in a hurry, standing, by somebody who learnt the language late."""
    language = guide.language.split("-")[0]
    limit = LIX_LIMIT.get(language, LIX_DEFAULT)
    value = lix(guide.page.prose) if language not in NO_LIX else 0.0
    if value <= limit:
        return
    sentences = _sentences(guide.page.prose)
    worst = sorted(sentences, key=lambda sentence: -sentence.lix * min(sentence.words, 12))[:3]
    shown = "; ".join(f'line {sentence.place.included}: "{_short(sentence.text)}"' for sentence in worst)
    message = f"the page is hard to read: LIX {value:.0f}, the limit is {limit:.0f}. Make short sentences of these: {shown}"
    yield problem(guide.source, guide.body_line, "hard-to-read", message)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + " …"


RULES = (word_list, hints, direction, wrong_language, hard_to_read)
