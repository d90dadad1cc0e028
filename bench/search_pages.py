"""A set as a built site: one page for each document, as the page contract says, the same pages for every engine.

Lines of a text are paragraphs; Markdown headings in it (`## Exposes`) become headings with an anchor, as in a built guide.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

from bench.search_sets import QuerySet, SetDocument

HEADING = re.compile(r"(#{2,6}) +(.+)")
PAGE = """<!doctype html>
<html lang="{language}" dir="ltr" data-surface="web" data-root=".." data-lang="{language}">
<head><meta charset="utf-8"><title>{title}</title></head>
<body><article data-guide="{id}" data-product="" data-stage="" data-lang="{language}" data-type="guide"{aliases}>
<h1>{title}</h1>
{body}
</article></body></html>
"""


def write_pages(folder: Path, queries: QuerySet) -> Path:
    """Write the site of a set and return its folder."""
    pages = folder / queries.language
    pages.mkdir(parents=True)
    for number, document in enumerate(queries.documents):
        (pages / page_name(number)).write_text(page_html(document, queries.language), encoding="utf-8", newline="\n")
    code = queries.language
    about = {"format": 1, "default": code, "languages": [{"code": code, "name": code, "dir": "ltr"}]}
    (folder / "helpstand.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def page_name(number: int) -> str:
    """Return the file name of a document: ids of sets are no file names."""
    return f"page-{number:05}.html"


def page_number(url: str) -> int:
    """Return which document a page is."""
    return int(url.rpartition("page-")[2][:5])


def page_html(document: SetDocument, language: str) -> str:
    """Return the page of a document."""
    aliases = f' data-aliases="{escape(json.dumps(document.aliases, ensure_ascii=False))}"' if document.aliases else ""
    body = "\n".join(blocks(document.text))
    return PAGE.format(language=language, title=escape(document.title), id=escape(document.id), aliases=aliases, body=body)


def blocks(text: str) -> list[str]:
    """Return the lines of a text as blocks of HTML."""
    found = []
    for number, line in enumerate(text.split("\n")):
        heading = HEADING.fullmatch(line.strip())
        if heading:
            level = len(heading[1])
            found.append(f'<h{level} id="part-{number}">{escape(heading[2])}</h{level}>')
        elif line.strip():
            found.append(f"<p>{escape(line)}</p>")
    return found
