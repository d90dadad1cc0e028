"""Plain words become groups of stems: no query syntax, no AND, everything bounded, any string gives a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from search_index import schema
from search_index.analysis import Token, clean, has_digit, tokens
from search_index.corpus import is_number
from search_index.source import Words, split
from search_index.stems import kin


@dataclass
class Group:
    """One word of the query: the stems it may stand for, each with a weight."""

    word: str
    stems: dict[str, float]
    start: int
    end: int
    corrected: str = ""
    """The best word instead, when only a correction is known."""
    common: bool = False
    """Tells little: such words count for less, and alone they do not make a title fit."""


@dataclass
class Query:
    """What a shopper's words mean to one index."""

    text: str
    groups: list[Group] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    """Part numbers and codes, as documents list them."""
    only_numbers: bool = False

    def corrected_text(self, forms: Mapping[str, str] | None = None) -> str:
        """Return the query with its corrections in place."""
        text, at = "", 0
        for group in sorted(self.groups, key=lambda group: group.start):
            if group.corrected and group.start >= at:
                text += self.text[at : group.start] + (forms or {}).get(group.corrected, group.corrected)
                at = group.end
        return (text + self.text[at:]).strip()


def understand(text: str, words: Words) -> Query:
    """Return the groups of a query."""
    query = Query(clean(text)[: schema.QUERY_CHARACTERS])
    found = tokens(query.text)
    kept = [token for token in found if token.word not in words.stop] or found
    kept = kept[: schema.QUERY_WORDS]
    unknown = 0
    meant = synonyms(kept, words)
    for place, token in enumerate(kept):
        known = token.word in words.stem_of
        if not known:
            unknown += 1
            if unknown > schema.UNKNOWN_WORDS:
                continue
        if place in meant and not known:
            _add(query.groups, Group(token.word, meant[place], token.start, token.end))
            continue
        for group in _groups(token, words, known=known, is_open=token.end == len(query.text)):
            for stem, weight in meant.get(place, {}).items():
                group.stems.setdefault(stem, weight)
            _add(query.groups, group)
    _note_numbers(query, kept, words)
    return query


def synonyms(kept: list[Token], words: Words) -> dict[int, dict[str, float]]:
    """Return, for places among the words of a query, the stems that writers say mean the same; the longest term counts."""
    if not words.same:
        return {}
    stems = [_said(token.word, words) for token in kept]
    found: dict[int, dict[str, float]] = {}
    at = 0
    while at < len(stems):
        most = min(schema.SYNONYM_WORDS, len(stems) - at)
        length = next((n for n in range(most, 0, -1) if tuple(stems[at : at + n]) in words.same), 0)
        if length:
            meant = words.same[tuple(stems[at : at + length])]
            if held := {stem: weight for stem, weight in meant.items() if stem in words.stems}:
                found[at] = held
        at += length or 1
    return found


def _said(word: str, words: Words) -> str:
    """Return the stem by which a word may be in a term, also of a word that no page has."""
    known = words.stem_of.get(word) or words.said.get(word)
    return known or kin(word, words.said_stems, words.endings, words.respell) or word


def _add(groups: list[Group], new: Group) -> None:
    """Add a group; a word said twice, or two forms of one stem, count once."""
    first = next(iter(new.stems))
    for group in groups:
        if next(iter(group.stems)) == first:
            for stem, weight in new.stems.items():
                group.stems[stem] = max(weight, group.stems.get(stem, 0.0))
            group.common = group.common and new.common
            return
    groups.append(new)


def _groups(token: Token, words: Words, *, known: bool, is_open: bool) -> list[Group]:
    """Return the group of a word; those of its parts where the word itself leads nowhere; or none."""
    group = _group(token, words, known=known, is_open=is_open)
    if group.stems:
        return [group]
    if token.whole or has_digit(token.word) or group.common:
        return []
    return [Group(part, {words.stem_of[part]: weight}, token.start, token.end) for part, weight in parts(token.word, words)]


def parts(word: str, words: Words) -> list[tuple[str, float]]:
    """Return the known parts of an unknown word, each with its weight."""
    if whole := split(word, words):
        return [(part, schema.PART_WEIGHT) for part in whole]
    if not words.joints:
        return []
    least = schema.PART_LETTERS
    ends = (word[at:] for at in range(least - 1, len(word) - least + 1))
    beginnings = (word[:at] for at in range(len(word) - 2, least, -1))
    known = next((part for part in (*ends, *beginnings) if words.is_part(part) and not has_digit(part)), None)
    return [(known, schema.LONE_PART_WEIGHT)] if known else []


def _group(token: Token, words: Words, *, known: bool, is_open: bool) -> Group:
    word = token.word
    group = Group(word, {}, token.start, token.end, common=word in words.common)
    if known:
        group.stems[words.stem_of[word]] = 1.0
    elif not has_digit(word):
        relative = kin(word, words.stems, words.endings, words.respell)
        if relative is not None:
            group.stems[relative] = 1.0
    for own in tuple(group.stems):
        for stem in words.compounds(own)[: schema.EXPANSIONS]:
            group.stems.setdefault(stem, schema.COMPOUND_WEIGHT)
        for stem in words.family(own):
            group.stems.setdefault(stem, schema.FAMILY_WEIGHT)
    if group.common:
        group.stems = {stem: weight * schema.COMMON for stem, weight in group.stems.items()}
    if is_open and word not in words.stop and len(word) >= schema.PREFIX_LETTERS:
        _complete(group, words, schema.PREFIX_KNOWN if known else schema.PREFIX_UNKNOWN)
    mistyped = not group.stems and not token.whole and not group.common
    if mistyped and len(word) >= schema.TYPO_LETTERS and not has_digit(word):
        _correct(group, words)
    return group


def _complete(group: Group, words: Words, weight: float) -> None:
    numbers = (n for n in words.starting_with(group.word) if words.words[n] != group.word and words.words[n] not in words.stop)
    for number in sorted(numbers, key=lambda n: (-words.frequencies[n], n))[: schema.EXPANSIONS]:
        stem = words.stem_of[words.words[number]]
        group.stems[stem] = max(weight, group.stems.get(stem, 0.0))


def _correct(group: Group, words: Words) -> None:
    near, worth = corrections(group.word, words), schema.TYPO_WEIGHT
    if not near and len(group.word) >= schema.TYPO_TWO_LETTERS and not split(group.word, words):
        near, worth = distant_corrections(group.word, words), schema.TYPO_TWO_WEIGHT
    candidates = sorted(near, key=lambda n: (-words.frequencies[n], n))[: schema.EXPANSIONS]
    if not candidates:
        return
    most = words.frequencies[candidates[0]]
    group.corrected = words.words[candidates[0]]
    for number in candidates:
        stem = words.stem_of[words.words[number]]
        weight = worth * (0.5 + 0.5 * words.frequencies[number] / most)
        group.stems[stem] = max(weight, group.stems.get(stem, 0.0))


def corrections(word: str, words: Words) -> set[int]:
    """Return the numbers of known words that are one slip of the finger away."""
    near: set[int] = set()
    places = (0, 1) if len(word) >= schema.TYPO_ANY_FIRST else (0,)
    for length in (len(word) - 1, len(word), len(word) + 1):
        for place in places:
            near.update(words.bucket(place, word[place], length))
    return {n for n in near if _may_be_meant(words.words[n], words) and one_slip(word, words.words[n])}


def distant_corrections(word: str, words: Words) -> set[int]:
    """Return the numbers of known words that are two slips away; the first letter is taken to be right."""
    near = (number for length in range(len(word) - 2, len(word) + 3) for number in words.bucket(0, word[0], length))
    return {n for n in near if _may_be_meant(words.words[n], words) and two_slips(word, words.words[n])}


def _may_be_meant(word: str, words: Words) -> bool:
    return word not in words.stop and not has_digit(word)


def one_slip(typed: str, meant: str) -> bool:
    """Say whether one letter was dropped, added, replaced or swapped with its neighbour."""
    if len(typed) > len(meant):
        typed, meant = meant, typed
    at = 0
    while at < len(typed) and typed[at] == meant[at]:
        at += 1
    if len(typed) < len(meant):
        return typed[at:] == meant[at + 1 :]
    if typed[at + 1 :] == meant[at + 1 :]:
        return typed != meant
    return typed[at : at + 2] == meant[at : at + 2][::-1] and typed[at + 2 :] == meant[at + 2 :]


def two_slips(typed: str, meant: str) -> bool:
    """Say whether two slips, or fewer, lead from one word to the other; a swap of neighbours is one."""
    if len(set(typed) ^ set(meant)) > 4:  # each slip changes two letters at most
        return False
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed):
        following = [i + 1]
        for j, other in enumerate(meant):
            slips = min(row[j + 1] + 1, following[j] + 1, row[j] + (letter != other))
            if i and j and letter == meant[j - 1] and typed[i - 1] == other:
                slips = min(slips, before[j - 1] + 1)
            following.append(slips)
        before, row = row, following
    return row[-1] <= 2


def _note_numbers(query: Query, kept: list[Token], words: Words) -> None:
    # "BE 220" is the number be220 and no longer the number 220.
    inside = [(token.start, token.end) for token in kept if token.whole and has_digit(token.word) and token.word in words.stem_of]
    rest = []
    for token in kept:
        covered = not token.whole and any(start <= token.start and token.end <= end for start, end in inside)
        if is_number(token.word) and not token.part and not covered:
            query.numbers.append(token.word)
        elif not covered and not token.part and not token.whole:
            rest.append(token.word)
    query.only_numbers = bool(query.numbers) and not rest
