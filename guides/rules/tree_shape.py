"""A tree is the same tree in every language: counts add up over languages, and nobody gets another answer for theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.problems import Problem, problem
from guides.rules.site import Site, at
from guides.suggest import nearest
from guides.targets import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.trees.tree import Choice, Node, Tree


def shape(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that a translation asks, answers and ends as its source does."""
    source = site.get(site.library.languages[0], guide.id)
    if source is None or source is guide or guide.tree is None:
        return
    if source.tree is None:
        message = f"this is a {guide.front.type}, and its source {source.source} is a {source.front.type}. Make them the same"
        if source not in site.library.broken:
            yield from at(guide, "tree-shape", message, "type")
        return
    yield from _nodes(guide, guide.tree, source.tree, source.source)
    if guide.tree.by_id.keys() == source.tree.by_id.keys() and list(guide.tree.by_id) != list(source.tree.by_id):
        moved = next(own for own, other in zip(guide.tree.nodes, source.tree.nodes, strict=False) if own.id != other.id)
        yield _of(moved, f"this stands at another place than in {source.source}. Keep the order of the source")


def _nodes(guide: Guide, tree: Tree, source: Tree, name: str) -> Iterator[Problem]:
    lost = [node for node in source.nodes if node.id not in tree.by_id]
    renamed = {node.id: nearest(node.id, [one.id for one in lost]) for node in tree.nodes if node.id not in source.by_id}
    for missing in lost:
        if missing.id in renamed.values():
            continue
        message = f"'#{missing.id}' of {name}, line {missing.place.line}, is missing here. Translate it too"
        yield problem(guide.source, guide.body_line, "tree-shape", message)
    for node in tree.nodes:
        other = source.by_id.get(node.id)
        if other is None:
            if node.id[0] != "?":
                cure = f"Did you mean '#{renamed[node.id]}'?" if renamed[node.id] else "Take it out"
                yield _of(node, f"{name} has no '#{node.id}'. {cure}")
        elif not node.slipped and node.ending != other.ending:
            yield _of(node, f"this is {_kind(node)}, and in {name} it is {_kind(other)}. Make them the same")
        else:
            yield from _choices(node, other, name)


def _kind(node: Node) -> str:
    return f"the ending .{node.ending}" if node.ending else "a question"


def _choices(node: Node, other: Node, name: str) -> Iterator[Problem]:
    if len(node.choices) != len(other.choices):
        counts = f"{_count(node)} here, and {_count(other)} in {name}"
        yield _of(node, f"there {'is' if len(node.choices) == 1 else 'are'} {counts}. Translate each of them, in the same order")
        return
    for own, theirs in zip(node.choices, other.choices, strict=True):
        if _meant(own) != _meant(theirs):
            message = f"this leads to '{own.target}', and in {name} to '{theirs.target}'. Make them the same"
            yield problem(own.place.source, own.place.line, "tree-shape", message)


def _count(node: Node) -> str:
    what = "way on" if node.ending else "answer"
    many = "ways on" if node.ending else "answers"
    return f"{len(node.choices)} {what if len(node.choices) == 1 else many}"


def _meant(choice: Choice) -> tuple[Kind, str, str]:
    """Return what a choice leads to; headings of other pages may have other IDs, unless they are a tree's."""
    return choice.to.kind, choice.to.id, choice.to.anchor if choice.to.kind is not Kind.OUTSIDE else choice.target


def _of(node: Node, message: str) -> Problem:
    return problem(node.place.source, node.place.line, "tree-shape", message)
