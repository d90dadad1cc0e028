"""From a query to the JSON that kiosk, terminal and browser show."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from search_index import schema
from search_index.analysis import is_blank
from search_index.passages import Mark, passage
from search_index.query import Query, understand
from search_index.ranking import Hit, Ranker, best_section, outdoes_top

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_index.meaning.vectors import Near
    from search_index.source import Source

HELP = ("title", "url", "picture")


class Result(TypedDict):
    """One page found, with the passage that answers."""

    id: str
    url: str
    title: str
    product: str
    product_title: str
    stage: str
    type: str
    heading: str
    passage: list[Mark]
    score: float


class HelpLink(TypedDict):
    """A way on; products have a picture."""

    title: str
    url: str
    picture: str


class ZeroResultHelp(TypedDict):
    """Ways on when nothing was found."""

    links: list[HelpLink]


class Choice(TypedDict):
    """A product or stage among which to choose."""

    id: str
    title: str
    count: int


class Facets(TypedDict):
    """By what the pages found can be narrowed down."""

    products: list[Choice]
    stages: list[Choice]


class SearchAnswer(TypedDict):
    """The answer to one search."""

    query: str
    lang: str
    results: list[Result]
    clear: bool
    """The first page answers, and no other does as well."""
    facets: Facets
    did_you_mean: str | None
    zero_result_help: ZeroResultHelp | None


def answer(
    source: Source,
    ranker: Ranker,
    text: str,
    lang: str,
    product: str | None = None,
    limit: int = schema.RESULTS,
    stage: str | None = None,
) -> SearchAnswer:
    """Return the answer to a shopper's words; any string gets one."""
    query = understand(text, source.words)
    found = ranker.find(query, product, max(0, min(limit, schema.RESULTS)), stage)
    hits = found.hits
    help_ = (
        None if hits or is_blank(query.text) else {"links": [dict(zip(HELP, link, strict=False)) for link in _ways_on(source)]}
    )
    return {
        "query": query.text,
        "lang": lang,
        "results": [_result(source, ranker, query, hit, found.near) for hit in hits],
        "clear": _is_clear(hits),
        "facets": {"products": _choices(found.products, ranker.product_titles), "stages": _choices(found.stages, {})},
        "did_you_mean": _did_you_mean(source, ranker, query, hits),
        "zero_result_help": help_,  # type: ignore[typeddict-item]
    }


def _is_clear(hits: list[Hit]) -> bool:
    """Say whether one page answers, and no other as well: by its number, or by far more of the words."""
    if len(hits) < 2:
        return bool(hits) and (hits[0].exact > 0 or hits[0].share >= schema.CLEAR_SHARE)
    first, second = hits[:2]
    if first.exact > second.exact:
        return True
    return first.share >= schema.CLEAR_SHARE and first.score >= schema.CLEAR_LEAD * second.score


def _choices(counts: Mapping[str, int], titles: Mapping[str, str]) -> list[Choice]:
    listed = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"id": name, "title": titles.get(name, name), "count": count} for name, count in listed]


def _ways_on(source: Source) -> list[tuple[str, ...]]:
    """Return some products and, always, the home page, which is the last of the links."""
    return [*source.links[:-1][: schema.HELP_LINKS - 1], *source.links[-1:]]


def _result(source: Source, ranker: Ranker, query: Query, hit: Hit, near: Near | None) -> Result:
    fact = source.facts[hit.number]
    sections = source.sections(hit.number)
    worth: dict[str, float] = {}
    for group in query.groups:
        for stem, weight in group.stems.items():
            worth[stem] = max(worth.get(stem, 0.0), weight * ranker.impact(stem).idf)
    if near and ranker.meaning and not hit.share:  # found without any of the words
        best = ranker.meaning.section(hit.number, near)
    else:
        best = best_section(source, ranker, hit.number, query.groups)
    shown = sections[best] if sections else None
    anchor = shown.anchor if shown else ""
    # A troubleshooter opens at the question that answers: its page shows that one, with the warnings of the way there.
    if anchor and not outdoes_top(source, ranker, hit.number, query.groups, best):
        anchor = ""
    return {
        "id": fact.id,
        "url": fact.url + (f"#{anchor}" if anchor else ""),
        "title": fact.title,
        "product": fact.product,
        "product_title": fact.product_title,
        "stage": fact.stage,
        "type": fact.type,
        "heading": shown.heading if shown else "",
        "passage": passage(shown.text, worth, source.words) if shown else [],
        "score": hit.score,
    }


def _did_you_mean(source: Source, ranker: Ranker, query: Query, hits: list[Hit]) -> str | None:
    """Return the corrected words when the first page was found by a correction."""
    if not hits:
        return None
    for group in query.groups:
        if group.corrected and any(hits[0].number in ranker.impact(stem).body for stem in group.stems):
            return query.corrected_text(source.words.forms)
    return None
