"""Rules for product and store files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guides.coverage import coverage_of
from guides.problems import Problem, problem
from guides.rules.phones import cost_missing
from guides.rules.pictures import picture_problem
from guides.rules.site import Site, language_name
from guides.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.products import Product
    from guides.stores import Store
    from guides.yamltext import YamlText

_ID = re.compile(r"[\w-]+")


def file_name(product: Product, text: YamlText, _site: Site) -> Iterator[Problem]:
    """Demand that a product's ID can stand in an address, and in a list of IDs."""
    if not _ID.fullmatch(product.id):
        yield problem(
            text.source,
            1,
            "product-id",
            f"'{product.id}' cannot be the ID of a product. Name the file with letters, digits and hyphens",
        )


def names(product: Product, text: YamlText, site: Site) -> Iterator[Problem]:
    """Demand that a product is called something in every language."""
    missing = [code for code in site.library.languages if not (product.name.get(code) or product.name.get(""))]
    if missing:
        yield problem(
            text.source,
            text.line(("name",)),
            "name-missing",
            f"the product has no name in {_and(missing)}. Add a line such as '{missing[0]}: …'",
        )


def barcodes(product: Product, text: YamlText, site: Site) -> Iterator[Problem]:
    """Demand that a barcode belongs to one product."""
    for number, code in enumerate(product.gtin):
        owners = [other.id for other in site.library.products.values() if code.zfill(14) in {own.zfill(14) for own in other.gtin}]
        if owners[0] != product.id:
            message = f"the barcode {code} belongs to product '{owners[0]}' already. Copy it from the package again"
            yield problem(text.source, text.line(("gtin", number)), "gtin-duplicate", message)
        elif code.zfill(14) in {own.zfill(14) for own in product.gtin[:number]}:
            yield problem(
                text.source, text.line(("gtin", number)), "gtin-duplicate", f"the barcode {code} stands here twice. Remove one"
            )


def gaps(product: Product, text: YamlText, site: Site) -> Iterator[Problem]:
    """Demand that a stage that a product declares has a guide that is live and in date, in every language meant to be whole."""
    empty = [cell for cell in coverage_of(product, site.library, site.today) if not cell.guides]
    for language in site.library.languages:
        # A guide whose front matter is broken fills its gap once that is mended; without a readable stage it may fill any.
        coming = {guide.front.stage for guide in site.broken_of(product.id, language)}
        if language in site.settings.partial or None in coming:
            continue
        missing = [cell.stage for cell in empty if cell.language == language and cell.stage not in coming]
        if missing:
            stages = f"stage {missing[0]}" if len(missing) == 1 else f"stages {', '.join(missing)}"
            message = (
                f"no live guide in {language_name(language)} for the {stages}. Write one, or take the stage out of this list"
            )
            yield problem(text.source, text.line(("stages",)), "coverage-gap", message)


def notices(product: Product, text: YamlText, site: Site) -> Iterator[Problem]:
    """Demand that a notice leads to a guide that exists, or out of the site."""
    for number, notice in enumerate(product.notice):
        if notice.url and ":" not in notice.url and notice.url not in site.library.ids:
            ids = sorted(site.library.ids)
            cure = did_you_mean(notice.url, ids) or " Write the ID of a guide, such as kettle/descale, or an https: address"
            place = ("notice", number, "url") if ("notice", number, "url") in text.lines else ("notice", "url")
            yield problem(text.source, text.line(place), "notice-unknown", f"unknown guide '{notice.url}'.{cure}")


def first(product: Product, text: YamlText, site: Site) -> Iterator[Problem]:
    """Demand that what stands first among a product's guides is one of them."""
    own = {guide.id for guide in site.library.by_product(product.id)}
    # Whose a guide with broken front matter is shows once that is mended.
    coming = {guide.id for guide in site.library.broken}
    for number, name in enumerate(product.first):
        if name not in own and name not in coming:
            place = ("first", number) if ("first", number) in text.lines else ("first",)
            cure = did_you_mean(name, sorted(own)) or " Write the ID of one of its guides, such as kettle/descale, or take it out"
            said = f"'{name}' is no guide of this product." if name in site.library.ids else f"unknown guide '{name}'."
            yield problem(text.source, text.line(place), "first-unknown", f"{said}{cure}")


def compared(product: Product, text: YamlText, _site: Site) -> Iterator[Problem]:
    """Demand that what is compared belongs to models of the product."""
    for number, one in enumerate(product.compare):
        for model in one.models:
            if model not in product.models:
                cure = did_you_mean(model, list(product.models)) or f" Use one of: {', '.join(product.models)}"
                place = text.line(("compare", number, "models", model))
                yield problem(text.source, place, "model-unknown", f"unknown model '{model}' of this product.{cure}")


def product_pictures(product: Product, text: YamlText, site: Site) -> Iterator[Problem]:
    """Demand that the pictures of a product exist."""
    for key, value in (("picture", product.picture), ("label_photo", product.label_photo)):
        if value:
            yield from picture_problem(site, site.settings.content, value, text.source, text.line((key,)))


def store_pictures(store: Store, text: YamlText, site: Site) -> Iterator[Problem]:
    """Demand that the pictures of the attract screen exist."""
    for number, value in enumerate(store.attract):
        yield from picture_problem(site, site.settings.content, value, text.source, text.line(("attract", number)))


def store_phones(store: Store, text: YamlText, site: Site) -> Iterator[Problem]:
    """Demand that a paid number of a shop shows its cost."""
    for key, contact in store.contacts.items():
        found = cost_missing(contact.spoken(), site.library.languages)
        if found:
            yield problem(
                text.source,
                text.line(("contacts", key)),
                "phone-cost-missing",
                f"the number {found} is paid by the minute. Add its cost",
            )


def store_places(store: Store, text: YamlText, site: Site) -> Iterator[Problem]:
    """Demand that what a shop says the place of is something that it has."""
    for name in store.places:
        if name not in site.item_ids and site.every_item_known:
            cure = did_you_mean(name, site.item_ids) or " Use an ID of a product file"
            yield problem(text.source, text.line(("places", name)), "part-unknown", f"unknown article '{name}'.{cure}")


def _and(codes: list[str]) -> str:
    words = [language_name(code) for code in codes]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


PRODUCT_RULES = (file_name, names, barcodes, gaps, first, notices, compared, product_pictures)
STORE_RULES = (store_pictures, store_phones, store_places)
