"""The Markdown extensions that every page is made with, and our own."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from markdown import Extension, Markdown
from markdown.extensions.toc import slugify_unicode
from markdown.treeprocessors import Treeprocessor

from guides.engine.snippets import IN_LANGUAGE
from guides.engine.snippets import NAME as SNIPPETS
from guides.engine.texts import direction, load_texts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from guides.settings import Settings

OWN: dict[str, dict[str, Any]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "sane_lists": {},
    "tables": {"use_align_attribute": True},  # else a style attribute, which the content security policy forbids
    "toc": {"slugify": slugify_unicode, "permalink": False},
    "pymdownx.details": {},
    "pymdownx.highlight": {"use_pygments": True, "pygments_lang_class": True, "anchor_linenums": False},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {},
}
"""For guides with our front matter, with their options."""

FOREIGN: dict[str, dict[str, Any]] = {
    **OWN,
    "toc": {"permalink": False},  # their links know the heading names that MkDocs makes by default
    "extra": {},
    "fenced_code": {},
    "md_in_html": {},
    "meta": {},
    "nl2br": {},
    "smarty": {},
    "codehilite": {},
    "pymdownx.betterem": {},
    "pymdownx.caret": {},
    "pymdownx.critic": {},
    "pymdownx.extra": {},
    "pymdownx.inlinehilite": {},
    "pymdownx.keys": {},
    "pymdownx.magiclink": {},
    "pymdownx.mark": {},
    "pymdownx.saneheaders": {},
    "pymdownx.smartsymbols": {},
    "pymdownx.tilde": {},
}
"""The allow-list for sites written by others. Their options are not taken: some of them name Python code."""

_ALWAYS = ("tables", "toc", "attr_list", "admonition", "pymdownx.superfences", "pymdownx.highlight")


def extensions(settings: Settings, language: str, reader: str = "") -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return the extensions with their options, and the names of those of a foreign site that are not on the allow-list.

    `reader` is the reader's language where the page is written in another.
    """
    snippets: dict[str, Any] = {
        "base_path": [str(folder) for folder in settings.snippets(language)],
        "check_paths": not settings.foreign,
        "restrict_base_path": True,
        "url_download": False,
    }
    if not settings.foreign:
        if reader not in ("", language):
            snippets["reader"] = str(settings.snippets(reader)[0])
        return {**OWN, SNIPPETS: snippets}, []
    names = [name.removeprefix("markdown.extensions.") for name in settings.extensions]
    chosen = {name: FOREIGN[name] for name in (*_ALWAYS, *names) if name in FOREIGN}
    if "pymdownx.snippets" in names:
        chosen[SNIPPETS] = snippets
    return chosen, [name for name in names if name not in FOREIGN and name != "pymdownx.snippets"]


class MediaLinks(Treeprocessor):
    """Turns `../../media/kettle/lid.svg`, which editors can show, into `media:kettle/lid.svg`, which MkDocs leaves alone."""

    def __init__(self, md: Markdown, src: str, language: str) -> None:
        super().__init__(md)
        self._folder = posixpath.dirname(posixpath.join(language, src))

    def run(self, root: Element) -> None:
        """Rewrite the pictures and links of a page."""
        for element in root.iter():
            name = {"img": "src", "a": "href"}.get(str(element.tag), "")
            address = element.get(name, "") if name else ""
            if address.startswith("../"):
                path = posixpath.normpath(posixpath.join(self._folder, address))
                if path.startswith("media/"):
                    element.set(name, "media:" + path.removeprefix("media/"))


class BoxTitles(Treeprocessor):
    """Heads boxes in the page's language, and says how grave they are to who cannot see their colour and sign."""

    def __init__(self, md: Markdown, texts: dict[str, str]) -> None:
        super().__init__(md)
        self._texts = texts

    def run(self, root: Element) -> None:
        """Rewrite the titles that Markdown made from the kind of the box, and name each box by kind and title."""
        for box in root.iter("div"):
            if not box.get("class", "").startswith("admonition "):
                continue
            kind, _, language = box.get("class", "").removeprefix("admonition ").partition(f" {IN_LANGUAGE}")
            if language:
                box.attrib |= {"class": f"admonition {kind}", "lang": language, "dir": direction(language)}
            word = self._texts.get(f"admonition_{kind}", kind.capitalize())
            title = box[0] if len(box) and box[0].get("class") == "admonition-title" else None
            if title is not None and title.text == kind.capitalize():
                title.text = word
            said = "".join(title.itertext()).strip() if title is not None else ""
            box.set("role", "note")
            box.set("aria-label", word if said in ("", word) else f"{word}: {said}")


class MediaExtension(Extension):
    """Registers MediaLinks before MkDocs' own look at links, and BoxTitles."""

    def __init__(self, src: str, language: str) -> None:
        super().__init__()
        self._src = src
        self._language = language

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, the name is Markdown's
        """Register the tree processor; MkDocs' own has priority 0."""
        md.treeprocessors.register(MediaLinks(md, self._src, self._language), "helpstand-media", 5)
        md.treeprocessors.register(BoxTitles(md, load_texts(self._language)), "helpstand-boxes", 5)
