"""Stems: made once by Snowball when indexing; words nobody wrote are led to known stems by their endings.

A query is never stemmed by a program: both runtimes look words up in the table word -> stem of the index. A word that is
not there ("descaling", where the pages say "descale") loses known endings until a known stem is left.
"""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from search_index import arabic
from search_index.analysis import fold
from search_index.languages import AT_START, STEMMERS, base_language

LEAST_STEM = 3
STRIP_ROUNDS = 2

Endings = tuple[tuple[str, str], ...]


@cache
def _stemmer(code: str) -> object | None:
    name = STEMMERS.get(base_language(code))
    if name is None:
        return None
    # The class itself: the package's own factory silently takes PyStemmer where that is installed, which stems differently.
    module = importlib.import_module(f"snowballstemmer.{name}_stemmer")
    made: object = getattr(module, f"{name.capitalize()}Stemmer")()
    return made


def stem_function(code: str) -> Callable[[str], str]:
    """Return the stemmer of a language; words of other languages and numbers stay as they are."""
    if base_language(code) == "ar":
        return lambda word: word if re.search(r"\d", word) else arabic.stem(word)
    stemmer = _stemmer(code)
    if stemmer is None:
        return lambda word: word
    known: dict[str, str] = {}

    def stem(word: str) -> str:
        if word not in known:
            known[word] = _stem_once(stemmer, word)
        return known[word]

    return stem


def _stem_once(stemmer: object, word: str) -> str:
    if re.search(r"\d", word):
        return word
    try:
        stemmed: str = stemmer.stemWord(word)  # type: ignore[attr-defined]
    except IndexError:  # some words trip Snowball 2.2.0; such a word is its own stem
        return word
    return fold(stemmed) or word


def endings(code: str, table: Mapping[str, str]) -> Endings:
    """Return pairs (ending, what replaces it), longest first: all of the stemmer's own, and those seen twice in the table."""
    own = set(arabic.ENDINGS) if base_language(code) == "ar" else _snowball_endings(code)
    pairs: set[tuple[str, str]] = {(ending, "") for ending in own}
    seen: Counter[tuple[str, str]] = Counter()
    for word, stem in table.items():
        if word != stem:
            same = _common_length(word, stem)
            if same >= LEAST_STEM - 1:
                seen[word[same:], stem[same:]] += 1
    pairs.update(pair for pair, times in seen.items() if times > 1 and pair[0])
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


def _snowball_endings(code: str) -> set[str]:
    stemmer = _stemmer(code)
    if stemmer is None:
        return set()
    tables = (getattr(stemmer, name) for name in dir(stemmer) if re.fullmatch(r"a_\d+", name))
    found = {fold(among.s) for table in tables for among in table}
    return {ending for ending in found if ending.isalpha()}


def _common_length(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


def kin(word: str, stems: Collection[str], rules: Endings, respell: Iterable[tuple[str, str]] = ()) -> str | None:
    """Return the known stem that an unknown word leads to, or None."""
    for form in _spellings(word, respell):
        if form in stems:
            return form
        if found := _stripped(form, stems, rules):
            return found
    return None


def _spellings(word: str, respell: Iterable[tuple[str, str]]) -> list[str]:
    forms = [word]
    other = word
    for typed, folded in respell:
        if not typed.startswith(AT_START):
            other = other.replace(typed, folded)
        elif word.startswith(typed[1:]) and len(word) - len(typed[1:]) >= LEAST_STEM:
            forms.append(folded + word[len(typed[1:]) :])
    if other != word:
        forms.append(other)
    return forms


def _stripped(word: str, stems: Collection[str], rules: Endings) -> str | None:
    forms = [word]
    for _ in range(STRIP_ROUNDS):
        shorter = []
        for form in forms:
            for ending, instead in rules:
                if form.endswith(ending):
                    left = form[: len(form) - len(ending)] + instead
                    if len(left) < LEAST_STEM or 2 * len(left) < len(word):
                        continue
                    if left in stems:
                        return left
                    if left[-1] == left[-2] and left[:-1] in stems:  # "stopping" leaves "stopp"
                        return left[:-1]
                    shorter.append(left)
        forms = shorter
    return None
