"""What every page carries beside its own facts: shop, notices, its address on the web, and what machines read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from guides.engine.notices import shop_notices
from guides.engine.qr import qr_svg
from guides.engine.safety import URL as SAFETY_URL
from guides.engine.schema_org import Place, schema_of

if TYPE_CHECKING:
    from guides.engine.page import Facts, LanguagePlan, Planned
    from guides.settings import Settings

TAKEN_ALONG = {"guide", "error", "faq", "product", "compare", "safety"}
"""Pages that a visitor of a kiosk may want on the own phone."""
POLICIES_URL = "stages/policy.html"
UNLISTED = {"404", "offline", "search"}


@dataclass(frozen=True)
class EveryPage:
    """One language's pages, and where they lie."""

    settings: Settings
    plan: LanguagePlan
    folder: str
    """The language's folder below the site's address: `en/`, or empty where one language is the whole site."""

    @cached_property
    def _shop(self) -> Facts:
        look = self.settings.look
        own = {"logo": look.logo, "accent": look.accent, "pictures": dict(look.pictures), "desk": look.desk}
        return {"name": self.settings.site_name, **own}

    @cached_property
    def _has_stores(self) -> bool:
        person = self.plan.pages.get("person.md")
        return bool(person and person.facts.get("stores"))

    @cached_property
    def _notices(self) -> list[Facts]:
        return shop_notices(self.settings.look.messages, self.plan.language)

    def facts(self, planned: Planned) -> Facts:
        """Return the facts that follow from where a page lies and whose it is."""
        own = planned.facts
        kind = own.get("page_kind", "guide")
        url = "" if kind in UNLISTED else self.web_url(planned)
        return {
            "page_kind": kind,
            "shop": self._shop,
            "notices": [*own.get("notices", ()), *self._notices],
            "web_url": url,
            "site_url": self.settings.site_url,
            "qr": qr_svg(url) if kind in TAKEN_ALONG and url else "",
            "og": self._open_graph(planned, kind, url),
            "safety_url": SAFETY_URL if "safety.md" in self.plan.pages and not self.settings.foreign else "",
            "policies_url": POLICIES_URL if "stages/policy.md" in self.plan.pages and not self.settings.foreign else "",
            "complaint_url": "person.html#complaint",
            "hours_url": "person.html#hours" if self._has_stores else "",
        }

    def web_url(self, planned: Planned, language: str = "") -> str:
        """Return the address of a page on the web, or an empty text when the site has none."""
        folder = f"{language}/" if language and self.folder else self.folder
        return f"{self.settings.site_url}{folder}{quote(planned.url)}" if self.settings.site_url else ""

    def canonical(self, planned: Planned) -> str | None:
        """Return the address that counts for search engines: of an untranslated page, the source's."""
        other = planned.facts.get("untranslated")
        return self.web_url(planned, other["lang"] if other else "") or None

    def schema(self, planned: Planned, html: str) -> str:
        """Return what the page is, for machines, from its finished HTML."""
        url = "" if planned.facts.get("page_kind") in UNLISTED else self.web_url(planned)
        return schema_of(planned.facts, html, Place(url, self._absolute, self._media))

    def _absolute(self, address: str) -> str:
        return f"{self.settings.site_url}{self.folder}{quote(address, safe='/#')}" if self.settings.site_url else ""

    def _media(self, picture: str) -> str:
        return f"{self.settings.site_url}{quote(picture)}" if self.settings.site_url and picture else ""

    def _open_graph(self, planned: Planned, kind: str, url: str) -> Facts:
        own = planned.facts
        picture = own.get("picture") or (own.get("product_card") or {}).get("picture", "") or self.settings.look.logo
        return {
            "title": own["title"],
            "description": own.get("summary", ""),
            "type": "article" if kind in {"guide", "error", "faq"} else "website",
            "url": url,
            "image": self._media(picture),
        }
