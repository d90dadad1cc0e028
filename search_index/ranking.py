"""One ranking for both runtimes: BM25F over fields, coverage, title term, best passage; exact numbers before all.

Every sum runs in a fixed order and `log` is rounded, so that the browser's own copy (assets/js/search.js) gives the same scores.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from search_index import schema
from search_index.meaning.fusion import LEAST, LEAST_ALONE, additions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from search_index.meaning.question import Meaning
    from search_index.meaning.vectors import Near
    from search_index.query import Group, Query
    from search_index.source import Fact, Source

CACHED_POSTINGS = 1_000_000


def rounded(value: float, digits: int = 9) -> float:
    """Return a rounded number by arithmetic that every runtime has."""
    scale = 10.0**digits
    return math.floor(value * scale + 0.5) / scale


def idf(count: int, documents: int) -> float:
    """Return how much a stem tells that stands in `count` of the documents."""
    return rounded(math.log(1 + (documents - count + 0.5) / (count + 0.5)), 6)


def saturated(times: float) -> float:
    """Return tf * (k1 + 1) / (tf + k1)."""
    return times * (schema.K1 + 1) / (times + schema.K1)


def sentence_share(facts: Sequence[Fact]) -> float:
    """Return how much a site's titles are sentences, from 0 to 1: by their mean length, of pages that have words of their own."""
    text = schema.FIELD_NAMES.index("text")
    lengths = [fact.lengths[0] for fact in facts if fact.lengths[text]]
    average = sum(lengths) / len(lengths) if lengths else 0.0
    share = (average - schema.SENTENCE_FROM) / (schema.SENTENCE_TO - schema.SENTENCE_FROM)
    return min(1.0, max(0.0, share))


@dataclass(frozen=True)
class Impact:
    """What one stem adds to each document it stands in."""

    idf: float
    body: Mapping[int, float]
    title: Mapping[int, float]


@dataclass(slots=True)
class Hit:
    """A document found."""

    number: int
    exact: int
    score: float
    share: float = 0.0
    """How much of the question the document has words for."""
    meaning: float = 0.0
    """What nearness in meaning added to the score."""


@dataclass(frozen=True)
class Sums:
    """What documents score before their passages are looked at, and how much of the question each has words for."""

    scores: dict[int, float]
    shares: dict[int, float]

    def hit(self, number: int, exact: Mapping[int, int]) -> Hit:
        """Return a document as one that is found."""
        return Hit(number, exact.get(number, 0), self.scores.get(number, 0.0), self.shares.get(number, 0.0))


@dataclass
class Found:
    """The documents found, best first, and among which products and stages."""

    hits: list[Hit]
    near: Near | None = None
    """How near the question is to each document, where that was asked."""
    products: dict[str, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)


class Ranker:
    """Ranks the documents of one source; keeps the impacts of recent stems, within bounds."""

    def __init__(self, source: Source, meaning: Meaning | None = None) -> None:
        self._source = source
        self.meaning = meaning
        self._count = len(source.facts)
        self._averages = [total / self._count if total else 1.0 for total in source.totals] if self._count else []
        sentences = sentence_share(source.facts)
        self._title_term = schema.TITLE_TERM + (schema.SENTENCE_TITLE_TERM - schema.TITLE_TERM) * sentences
        self.phrase = schema.PHRASE + (schema.SENTENCE_PHRASE - schema.PHRASE) * sentences
        self._coverage = schema.COVERAGE + (schema.SENTENCE_COVERAGE - schema.COVERAGE) * sentences
        self._b = [
            place.b + (schema.SENTENCE_B - place.b) * sentences if place.name == "text" else place.b for place in schema.FIELDS
        ]
        self._impacts: dict[str, Impact] = {}
        self._held = 0
        self._exact: dict[str, list[tuple[int, int]]] = {}
        self._titled: dict[str, list[int]] = {}
        for number, fact in enumerate(source.facts):
            for names, weight in ((fact.models, 1), (fact.codes, schema.CODE_WEIGHT)):
                for name in names:
                    self._exact.setdefault(name, []).append((number, weight))
            for name in fact.title_numbers:
                self._titled.setdefault(name, []).append(number)
        self.product_titles = {
            name: fact.title for fact in source.facts if fact.type == "product" for name in fact.product.split()
        }

    def rank(self, query: Query, product: str | None = None, limit: int = schema.RESULTS, stage: str | None = None) -> list[Hit]:
        """Return the best documents, best first."""
        return self.find(query, product, limit, stage).hits

    def find(self, query: Query, product: str | None = None, limit: int = schema.RESULTS, stage: str | None = None) -> Found:
        """Return the best documents of a product and stage; what could be chosen is counted over the best of all."""
        exact = self._exact_numbers(query)
        sums = self._sums(query.groups)
        for number in exact:
            sums.scores.setdefault(number, 0.0)
        most = max(limit, schema.PASSAGE_DOCUMENTS)
        facts = self._source.facts
        found = Found([], self.meaning.near(query, self) if self.meaning else None)
        best = _best_of(sums.scores, exact, most)
        for number in best:
            for one in facts[number].product.split():
                found.products[one] = found.products.get(one, 0) + 1
            if own := facts[number].stage:
                found.stages[own] = found.stages.get(own, 0) + 1
        if product is not None or stage is not None:
            fitting = {number: score for number, score in sums.scores.items() if self._fits(number, product, stage)}
            best = _best_of(fitting, exact, most)
        hits = [sums.hit(number, exact) for number in best]
        for hit in hits:
            extra = schema.PASSAGE * best_window(self._source, self, hit.number, query.groups)
            extra += self.phrase * best_phrase(self._source, self, hit.number, query.groups)
            hit.score = rounded(hit.score + extra)
        if found.near:
            new = [number for number in self._near(found.near, sums, best, most) if self._fits(number, product, stage)]
            hits += [sums.hit(number, exact) for number in new]
            added = additions([hit.score for hit in hits], [found.near.scores[hit.number] for hit in hits])
            for hit, more in zip(hits, added, strict=True):
                hit.meaning, hit.score = rounded(more), rounded(hit.score + more)
        found.hits = sorted(hits, key=_order)[:limit]
        return found

    def _near(self, near: Near, sums: Sums, best: Sequence[int], most: int) -> Iterator[int]:
        """Yield the documents that are near in meaning and not among the best by their words."""
        taken = set(best)
        least = LEAST if best else LEAST_ALONE
        for number in near.nearest(most):
            if number not in taken and (sums.shares.get(number) or near.scores[number] >= least):
                yield number

    def _fits(self, number: int, product: str | None, stage: str | None) -> bool:
        fact = self._source.facts[number]
        return (product is None or product in fact.product.split()) and (stage is None or stage == fact.stage)

    def impact(self, stem: str) -> Impact:
        """Return what a stem adds to each document."""
        known = self._impacts.pop(stem, None)
        if known is None:
            known = self._compute(stem)
            self._held += len(known.body) + 1
        self._impacts[stem] = known
        while self._held > CACHED_POSTINGS and len(self._impacts) > 1:
            oldest = next(iter(self._impacts))
            self._held -= len(self._impacts.pop(oldest).body) + 1
        return known

    def _compute(self, stem: str) -> Impact:
        source = self._source
        counts: dict[int, float] = {}
        titles: list[tuple[int, int]] = []
        for index, place in enumerate(schema.FIELDS):
            postings = source.postings(place.name, stem)
            if place.name == "title":
                titles = postings
            average, b = (self._averages[index] if self._averages else 1.0), self._b[index]
            for number, times in postings:
                length = source.facts[number].lengths[index]
                counts[number] = counts.get(number, 0.0) + place.weight * times / (1 - b + b * length / average)
        common = idf(len(counts), self._count)
        in_titles = idf(len(titles), self._count)
        average = self._averages[0] if self._averages else 1.0
        body = {number: common * saturated(times) for number, times in counts.items()}
        title = {}
        for number, times in titles:
            norm = schema.TITLE_K1 * (1 - schema.TITLE_B + schema.TITLE_B * source.facts[number].lengths[0] / average)
            title[number] = in_titles * times * (schema.TITLE_K1 + 1) / (times + norm)
        return Impact(common, body, title)

    def _sums(self, groups: Sequence[Group]) -> Sums:
        """Return what every document that holds any of the words scores by words, coverage and title term."""
        base: dict[int, float] = {}
        covered: dict[int, float] = {}
        titled: dict[int, float] = {}
        title_covered: dict[int, float] = {}
        title_words: dict[int, int] = {}
        whole = 0.0
        for group in groups:
            impacts = [(weight, self.impact(stem)) for stem, weight in group.stems.items()]
            importance = max((weight * impact.idf for weight, impact in impacts if impact.body), default=0.0)
            whole += importance
            found = _greatest([(weight, impact.body) for weight, impact in impacts])
            if not base:  # of the first word, which may stand on thousands of pages
                base, covered = dict(found), dict.fromkeys(found, importance)
            else:
                for number, value in found.items():
                    base[number] = base.get(number, 0.0) + value
                    covered[number] = covered.get(number, 0.0) + importance
            for number, value in _greatest([(weight, impact.title) for weight, impact in impacts]).items():
                titled[number] = titled.get(number, 0.0) + value
                title_covered[number] = title_covered.get(number, 0.0) + importance
                title_words[number] = title_words.get(number, 0) + (not group.common)
        shares = {number: part / whole for number, part in covered.items()} if whole else dict.fromkeys(covered, 0.0)
        more = self._coverage
        scores = {number: value * (1 + more * (share := shares[number]) * share * share) for number, value in base.items()}
        for number, value in titled.items():
            lone = schema.TITLE_LONE if title_words[number] < 2 else 1.0
            in_title = title_covered[number] / whole if whole else 0.0
            fits = schema.TITLE_SHARE + (1 - schema.TITLE_SHARE) * in_title
            scores[number] += self._title_term * value * lone * fits
        return Sums(scores, shares)

    def _exact_numbers(self, query: Query) -> dict[int, int]:
        exact: dict[int, int] = {}
        for name in query.numbers:
            for number, weight in self._exact.get(name, ()):
                exact[number] = exact.get(number, 0) + 2 * weight
        if not query.only_numbers:
            return exact
        declared = set(exact)
        for name in query.numbers:
            for number in self._titled.get(name, ()):
                if number not in declared:
                    exact[number] = exact.get(number, 0) + 2
        for number in exact:
            if self._source.facts[number].type == "product":  # who types "AK-200" alone means the thing itself
                exact[number] += 1
        return exact


def _order(hit: Hit) -> tuple[int, float, int]:
    return (-hit.exact, -hit.score, hit.number)


def _best_of(scores: Mapping[int, float], exact: Mapping[int, int], most: int) -> list[int]:
    """Return the numbers of the best documents, best first. Plain tuples: there may be thousands, for every key that is typed."""
    if exact:
        return [number for *_, number in heapq.nsmallest(most, ((-exact.get(n, 0), -score, n) for n, score in scores.items()))]
    return [number for _, number in heapq.nsmallest(most, ((-score, n) for n, score in scores.items()))]


def _greatest(weighted: Sequence[tuple[float, Mapping[int, float]]]) -> Mapping[int, float]:
    """Return the greatest weighted value per document."""
    if len(weighted) == 1 and weighted[0][0] == 1.0:
        return weighted[0][1]
    result: dict[int, float] = {}
    for weight, values in weighted:
        if not result:
            result = dict(values) if weight == 1.0 else {number: weight * value for number, value in values.items()}
            continue
        for number, value in values.items():
            new = weight * value
            if new > result.get(number, 0.0):
                result[number] = new
    return result


def window_sums(
    found: Mapping[str, list[int]], groups: Sequence[Group], ranker: Ranker, windows_of: Callable[[int], Iterable[int]]
) -> dict[int, float]:
    """Return the passage score of every window (or section) that holds any of the words."""
    sums: dict[int, float] = {}
    for group in groups:
        best: dict[int, float] = {}
        for stem, weight in group.stems.items():
            times: dict[int, int] = {}
            for place in found.get(stem, ()):
                for window in windows_of(place):
                    times[window] = times.get(window, 0) + 1
            worth = weight * ranker.impact(stem).idf if times else 0.0
            for window, count in times.items():
                best[window] = max(best.get(window, 0.0), worth * saturated(count))
        for window, value in best.items():
            sums[window] = sums.get(window, 0.0) + value
    return sums


def windows(length: int) -> int:
    """Return how many windows a text has; the last few words make no new one."""
    overlap = schema.WINDOW - schema.STEP
    return max(1, -(-(length - overlap) // schema.STEP))


def best_window(source: Source, ranker: Ranker, number: int, groups: Sequence[Group]) -> float:
    """Return the best passage score of a document."""
    last = windows(source.facts[number].lengths[-1]) - 1

    def windows_of(place: int) -> range:
        first = max(0, -(-(place - schema.WINDOW + 1) // schema.STEP))
        return range(first, min(place // schema.STEP, last) + 1)

    found = source.places(number, [stem for group in groups for stem in group.stems])
    return max(window_sums(found, groups, ranker, windows_of).values(), default=0.0)


def best_phrase(source: Source, ranker: Ranker, number: int, groups: Sequence[Group]) -> float:
    """Return how much of the question stands in one alias of a document, less where the alias asks for more than that."""
    found = source.phrases(number, [stem for group in groups for stem in group.stems])
    sums: dict[int, float] = {}
    words: dict[int, int] = {}
    for group in groups if found else ():
        best: dict[int, float] = {}
        for stem, weight in group.stems.items():
            for phrase in found.get(stem, ()):
                best[phrase] = max(best.get(phrase, 0.0), weight * ranker.impact(stem).idf)
        for phrase, value in best.items():
            sums[phrase] = sums.get(phrase, 0.0) + value
            words[phrase] = words.get(phrase, 0) + 1
    lengths = source.facts[number].phrase_lengths
    return max((value * math.sqrt(min(1.0, words[phrase] / lengths[phrase])) for phrase, value in sums.items()), default=0.0)


def best_section(source: Source, ranker: Ranker, number: int, groups: Sequence[Group]) -> int:
    """Return the section that answers best; the first when none does."""
    starts = source.facts[number].starts

    def section_of(place: int) -> tuple[int]:
        return (bisect_right(starts, place) - 1,)

    found = source.places(number, [stem for group in groups for stem in group.stems])
    sums = window_sums(found, groups, ranker, section_of)
    return min(sums, key=lambda section: (-sums[section], section), default=0)


def outdoes_top(source: Source, ranker: Ranker, number: int, groups: Sequence[Group], section: int) -> bool:
    """Say whether a section has words of the query that are worth more than those that the top of the page has.

    The top is the title and all before the first heading; there the product stands too, so equals go to the top.
    """
    starts, sections = source.facts[number].starts, source.sections(number)
    found = source.places(number, [stem for group in groups for stem in group.stems])
    here = above = 0.0
    for group in groups:
        best_here = best_above = 0.0
        for stem, weight in group.stems.items():
            impact = ranker.impact(stem)
            holding = {bisect_right(starts, place) - 1 for place in found.get(stem, ())}
            if section in holding:
                best_here = max(best_here, weight * impact.idf)
            if number in impact.title or any(not sections[index].anchor for index in holding):
                best_above = max(best_above, weight * impact.idf)
        here += best_here
        above += best_above
    return here > above
