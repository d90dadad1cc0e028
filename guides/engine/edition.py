"""One language's edition of the shop: what all its pages are made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from guides.engine.categories import category_name, slugs
from guides.engine.page import Facts, Planned
from guides.engine.texts import direction, endonym

if TYPE_CHECKING:
    from guides.engine.page import Link
    from guides.guide import Guide
    from guides.library import Library
    from guides.products import Product
    from guides.settings import Settings


@dataclass(frozen=True)
class Edition:
    """The library as readers of one language see it."""

    settings: Settings
    library: Library
    language: str
    texts: dict[str, str]

    @property
    def home(self) -> Link:
        """The first crumb of every page."""
        return {"title": self.texts["home"], "url": "index.html"}

    @cached_property
    def kinds(self) -> dict[str, list[Product]]:
        """The products of each kind of which there are two or more; those without a kind are compared with no other."""
        found: dict[str, list[Product]] = {}
        for product in self.library.products.values():
            if product.kind:
                found.setdefault(product.kind, []).append(product)
        return {kind: products for kind, products in found.items() if len(products) > 1}

    @cached_property
    def slugs(self) -> dict[str, str]:
        """Names of the pages on which products of a kind stand side by side."""
        return slugs(self.kinds)

    def comparison(self, product: Product) -> Link | None:
        """Return where a product stands beside those of its kind, else its models beside each other; nothing if it is alone."""
        if product.kind in self.kinds:
            return {"title": self.texts["product_compare"], "url": f"compare/{self.slugs[product.kind]}.html"}
        if product.compare and len(product.models) > 1:
            return {"title": self.texts["product_compare_models"], "url": f"products/{product.id}/compare.html"}
        return None

    def product_name(self, product_id: str) -> str:
        """Return a product's name as these readers see it."""
        product = self.library.products.get(product_id)
        return product.name_in(self.language) if product else product_id

    def category_name(self, category: str) -> str:
        """Return a category's name as these readers see it."""
        return category_name(category, self.settings.look.categories, self.language, self.texts)

    def stage_name(self, stage: str) -> str:
        """Return a stage's name as these readers see it."""
        return self.texts[f"stage_{stage}"]

    def untranslated(self, guide: Guide) -> Facts | None:
        """Return the language of a guide that these readers get in another one than theirs."""
        if guide.language == self.language:
            return None
        return {"lang": guide.language, "name": endonym(guide.language), "dir": direction(guide.language)}

    def hub(self, src: str, template: str, kind: str, title: str, facts: Facts | None = None, summary: str = "") -> Planned:
        """Return a page that nobody writes."""
        base: Facts = {
            "kind": "hub",
            "page_kind": kind,
            "title": title,
            "summary": summary,
            "breadcrumb": [] if kind in {"home", "404", "offline"} else [self.home],
            "article": {
                "guide": src.removesuffix(".md"),
                "product": "",
                "stage": "",
                "lang": self.language,
                "type": "hub",
            },
        }
        return Planned(src, template, title, "", {**base, **(facts or {})}, summary=summary)

    def card(self, product: Product) -> Link:
        """Return what a list of products shows of one."""
        title = product.name_in(self.language)
        return {
            "title": title,
            "url": f"products/{product.id}.html",
            "summary": product.summary_in(self.language),
            "note": _other_names(product.models, title),
            "picture": product.picture,
            "models": list(product.models),
        }


def _other_names(models: tuple[str, ...], title: str) -> str:
    """Return the models, or nothing where the one model stands in the title."""
    return "" if len(models) == 1 and models[0] in title else ", ".join(models)
