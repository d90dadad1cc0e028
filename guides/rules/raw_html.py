"""Rules for raw HTML in Markdown. The build refuses what is dangerous; here the writer hears of it with a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guides.problems import Problem, problem
from guides.targets import Kind, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.page import Tag
    from guides.rules.site import Site

DANGEROUS = frozenset(
    {"script", "style", "link", "meta", "base", "template", "noscript"}
    | {"iframe", "frame", "frameset", "object", "embed", "applet", "portal"}
    | {"form", "input", "button", "textarea", "select", "option"}
    | {"svg", "math", "canvas", "audio", "video", "source", "track"}
    | {"article", "dialog", "slot"}  # our pages and their script are built on these
)
_HANDLER = re.compile(r"(?:^|[\s\"'/])(on[a-z]{3,})\s*=", re.IGNORECASE)
_STYLE = re.compile(r"(?:^|[\s\"'/])style\s*=", re.IGNORECASE)
_ADDRESS = re.compile(
    r"""(?:^|[\s"'/])(?:href|src|srcset|action|formaction|poster|background|xlink:href)\s*=\s*("[^"]*"?|'[^']*'?|[^\s>]+)""",
    re.IGNORECASE,
)
_CURES = {
    "iframe": "Link to the page in words",
    "video": "Write it as a picture: ![what it shows](film.mp4)",
    "style": "The look belongs to the theme",
    "script": "A guide cannot run anything",
}


def dangerous(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that nothing in a guide runs, frames or restyles anything."""
    for tag in guide.page.tags:
        what = _danger(tag)
        # Styles in a site written by others are taken out without harm; hundreds of such lines would hide the rest.
        if what and not (site.settings.foreign and what == "style="):
            cure = _CURES.get(tag.name, "Take it out")
            yield problem(tag.place.source, tag.place.line, "html-dangerous", f"{what} is not allowed in a guide. {cure}")
        for address in _ADDRESS.findall(tag.attributes):
            target = resolve(guide.id, address.strip("\"'"))
            if target.kind is Kind.DANGEROUS:
                yield problem(
                    tag.place.source,
                    tag.place.line,
                    "link-dangerous",
                    f"<{tag.name}> must not use {target.id}: addresses. Take it out",
                )


def harmless(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that markdown says what is meant; raw HTML says what it looks like."""
    for tag in guide.page.tags:
        if not _danger(tag):
            yield problem(tag.place.source, tag.place.line, "html-raw", f"raw HTML <{tag.name}> in a guide. Write it in Markdown")


def _danger(tag: Tag) -> str:
    if tag.name in DANGEROUS:
        return f"<{tag.name}>"
    handler = _HANDLER.search(tag.attributes)
    if handler:
        return f"the event handler {handler[1].lower()}="
    return "style=" if _STYLE.search(tag.attributes) else ""


RULES = (harmless,)
"""A site written by others may hold HTML; what is dangerous in it is asked of everybody."""
