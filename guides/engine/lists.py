"""Lists of links, in pages of a hundred so that no page grows with the site."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from guides.engine.page import href

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from guides.engine.page import Facts, Link, Planned

PAGE_SIZE = 100
MAX_SIBLINGS = 10


def link(page: Planned, note: str = "") -> Link:
    """Return what a list shows of a page; `lang` is there where its words are in another language than the list."""
    shown: Link = {"title": page.title, "url": href(page.url), "summary": page.summary, "note": note}
    other = page.facts.get("untranslated")
    if other:
        shown |= {"lang": other["lang"], "dir": other["dir"], "note": " · ".join(filter(None, [note, other["note"]]))}
    return shown


def paginate(hub: Planned, items: Sequence[Link], texts: dict[str, str], size: int = PAGE_SIZE) -> Iterator[Planned]:
    """Yield the hub as often as its list needs: `stages/maintain`, `stages/maintain-2` and so on."""
    stem = hub.src.removesuffix(".md")
    parts = [items[start : start + size] for start in range(0, len(items), size)] or [[]]
    names = [f"{stem}.md"] + [f"{stem}-{number}.md" for number in range(2, len(parts) + 1)]
    for index, (name, part) in enumerate(zip(names, parts, strict=True)):
        page = replace(hub, src=name)
        turn: Facts = {"items": list(part)}
        if len(parts) > 1:
            turn["page_of"] = texts["page_of"].format(page=index + 1, pages=len(parts))
            turn["previous"] = replace(hub, src=names[index - 1]).url if index else ""
            turn["next"] = replace(hub, src=names[index + 1]).url if index + 1 < len(parts) else ""
        yield replace(page, facts={**hub.facts, **turn})


def neighbours(pages: Sequence[Planned], index: int, without: Collection[str] = ()) -> list[Link]:
    """Return at most ten other pages around one, so that a page's size does not follow the size of its group.

    `without` names pages that the reader sees beside them already.
    """
    size = MAX_SIBLINGS + len(without)
    start = max(0, min(index - size // 2, len(pages) - size - 1))
    around = range(start, min(start + size + 1, len(pages)))
    places = [place for place in around if place != index and pages[place].src not in without]
    nearest = sorted(places, key=lambda place: abs(place - index))[:MAX_SIBLINGS]
    return [link(pages[place]) for place in sorted(nearest)]


def with_neighbours(pages: Iterable[Planned], related: Mapping[str, Collection[str]] | None = None) -> Iterator[Planned]:
    """Yield each page of a group with its siblings as facts, without those that `related` names for the page."""
    group = list(pages)
    for index, page in enumerate(group):
        siblings = neighbours(group, index, (related or {}).get(page.src, ()))
        yield replace(page, facts={**page.facts, "siblings": siblings})
