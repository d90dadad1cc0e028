"""The sitemap: every public page with its other languages, without dates, so that the same content gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from guides.engine.page import href

if TYPE_CHECKING:
    from pathlib import Path

    from guides.engine.page import LanguagePlan, Planned

_HIDDEN = {"404.html", "search.html", "offline.html"}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'


def write_sitemap(site_url: str, plans: dict[str, LanguagePlan], site: Path) -> None:
    """Write `sitemap.xml` (sitemaps.org protocol 0.9, languages as Google describes them)."""
    with (site / "sitemap.xml").open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        for language, plan in plans.items():
            for _, page in sorted(plan.pages.items()):
                # A page that is not translated yet is the source's once more: only that one counts.
                if page.template not in _HIDDEN and "untranslated" not in page.facts:
                    file.write(_entry(site_url, language, page))
        file.write("</urlset>\n")


def _entry(site_url: str, language: str, page: Planned) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(other["lang"])} href={quoteattr(site_url + other["url"])}/>'
        for other in page.facts.get("alternates", ())
        if not other["missing"]
    )
    return f"<url><loc>{site_url}{language}/{href(page.url)}</loc>{links}</url>\n"
