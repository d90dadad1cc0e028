"""Rules for links: they lead somewhere, readers may go there, and their text says where."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from guides.problems import Problem, problem
from guides.rules.head import hidden
from guides.rules.languages import VAGUE
from guides.rules.pictures import picture_problem
from guides.rules.site import Site
from guides.suggest import did_you_mean, nearest_name
from guides.targets import Kind, Target, resolve
from guides.vocabulary import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.page import Link, Place


def links(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that every link leads somewhere."""
    answers = _answers(guide)
    for link in guide.page.links:
        target = resolve(guide.id, link.target)
        if target.kind is Kind.HERE and (link.place, link.target) in answers:
            continue
        if target.kind is Kind.PAGE:
            yield from _to_page(guide, site, link, target)
        elif target.kind is Kind.HERE:
            yield from _to_heading(guide, guide, link, target.anchor)
        elif target.kind is Kind.FILE:
            yield from _to_file(guide, site, link, target)
        elif target.kind is Kind.DANGEROUS:
            yield _at(link, "link-dangerous", f"a link must not use {target.id}: addresses. Link to a page, or take it out")
        elif target.kind is Kind.SERVICE and target.id not in SERVICES:
            cure = did_you_mean(target.id, SERVICES) or f" Use one of: {', '.join(SERVICES)}"
            yield _at(link, "service-unknown", f"unknown service '{target.id}'.{cure}")
        elif target.kind is Kind.EMPTY:
            yield _at(link, "link-broken", f"the link '{link.text}' leads nowhere. Write the page between ( and )")


def absolute(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that pages link to each other in a way that works on any host, on the kiosk and in an editor."""
    own = site.settings.site_url
    answers = _answers(guide)
    for link in guide.page.links:
        kind = resolve(guide.id, link.target).kind
        if (link.place, link.target) in answers:
            continue
        if kind is Kind.ABSOLUTE or (kind is Kind.OUTSIDE and own and link.target.startswith(own)):
            yield _at(
                link, "link-absolute", f"the link '{link.target}' is absolute. Write the path from this page, ending in .md"
            )


def vague(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a link says where it leads: heard alone, 'here' is nothing."""
    words = VAGUE.get(guide.language.split("-")[0], frozenset())
    for link in guide.page.links:
        if link.text.casefold().strip(" .:!›»>→") in words:
            yield _at(
                link,
                "link-vague",
                f"the link text '{link.text}' does not say where it leads. Use the words of the page behind it",
            )


def _answers(guide: Guide) -> set[tuple[Place, str]]:
    """Return the answers of a troubleshooter: whether they lead to its questions and endings is asked by its own rules."""
    nodes = guide.tree.nodes if guide.tree else ()
    return {(choice.place, choice.target) for node in nodes for choice in node.choices}


def _at(link: Link, rule: str, message: str) -> Problem:
    return problem(link.place.source, link.place.line, rule, message)


def _to_page(guide: Guide, site: Site, link: Link, target: Target) -> Iterator[Problem]:
    other = site.shown(guide.language, target.id)
    if other is not None:
        # Whether readers see a guide whose front matter is broken, nobody knows.
        if guide.public and not other.public and other not in site.library.broken:
            yield _at(link, "link-hidden", f"the page '{link.target}' {hidden(other)}, readers never see it. Take the link out")
        yield from _to_heading(guide, other, link, target.anchor)
    elif not any(site.exists(language, target.id) for language in (guide.language, site.library.languages[0])) and not (
        site.is_made(target.id)
    ):
        yield _at(link, "link-broken", _broken(guide, site, link, target))


def _broken(guide: Guide, site: Site, link: Link, target: Target) -> str:
    if target.id.startswith(".."):
        return (
            f"the link '{link.target}' leads out of the language's folder. Readers change the language by the "
            "picker; link to a page of this one"
        )
    folder = posixpath.dirname(guide.id)
    owner = site.redirect_owners.get((guide.language, target.id.casefold()))
    if owner:
        return f"the page '{link.target}' has moved. Link to '{posixpath.relpath(owner, folder or '.')}.md'"
    near = [name for name in site.near(guide.language, target.id) if name != guide.id]
    moved = [name for name in near if posixpath.basename(name) == posixpath.basename(target.id)]
    paths = [posixpath.relpath(name, folder or ".") for name in (moved if len(moved) == 1 else near)]
    meant = paths[0] if len(moved) == 1 else nearest_name(target.path.removesuffix(".md"), paths)
    cure = f" Did you mean '{meant}.md'?" if meant else " Correct the path"
    return f"the page '{link.target}' is not found.{cure}"


def _to_heading(guide: Guide, other: Guide, link: Link, anchor: str) -> Iterator[Problem]:
    anchors = other.page.anchors
    if anchor and anchor not in anchors and not anchor.startswith(("fn:", "fnref:", "__")):
        where = "this page" if other is guide else f"'{other.id}'"
        cure = (
            did_you_mean(f"#{anchor}", [f"#{name}" for name in sorted(anchors)])
            or " Link to the page alone, or give the heading this ID"
        )
        yield _at(link, "link-anchor", f"there is no heading '#{anchor}' in {where}.{cure}")


def _to_file(guide: Guide, site: Site, link: Link, target: Target) -> Iterator[Problem]:
    pages = site.files.get(guide.language, {})
    page = resolve(guide.id, target.path.rstrip("/").removesuffix(".html") + ".md").id
    if site.settings.foreign:
        # MkDocs takes folders and addresses for links to the built site.
        if target.path.endswith("/") or page in pages or "." not in target.path.rsplit("/", 1)[-1]:
            return
    elif page in pages:
        yield _at(
            link,
            "link-broken",
            f"the link '{link.target}' must name the file. Write '{target.path.rstrip('/').removesuffix('.html')}.md'",
        )
        return
    for found in picture_problem(site, guide.path.parent, target.path, link.place.source, link.place.line):
        yield _at(link, "link-broken", found.message.replace("the picture", "the file", 1))


RULES = (absolute, vague)
