"""Rules for a guide's front matter that look at one guide, or at its product's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.frontmatter import SUMMARY_LIMIT, TITLE_LIMIT
from guides.rules.site import MADE_FOLDERS, Site, at, folded
from guides.suggest import did_you_mean
from guides.synonyms import words_of
from guides.vocabulary import Stage, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.problems import Problem


def lengths(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a title fits on a card, a summary below it."""
    title, summary = len(guide.front.title), len(guide.front.summary)
    if title > TITLE_LIMIT:
        yield from at(
            guide,
            "title-long",
            f"the title has {title} characters, the limit is {TITLE_LIMIT}. Say it as the reader would",
            "title",
        )
    if summary > SUMMARY_LIMIT:
        message = f"the summary has {summary} characters, the limit is {SUMMARY_LIMIT}. Keep what it saves or prevents"
        yield from at(guide, "summary-long", message, "summary")


def review(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that somebody looks at a live guide again before its date."""
    due = guide.front.review_by
    if due is None or due >= site.today or guide.front.status is not Status.LIVE:
        return
    what = "the legal review date of this policy" if guide.front.stage is Stage.POLICY else "the review date"
    who = f" Ask {guide.front.owner} to" if guide.front.owner else ""
    cure = f"{who} check the guide, then set a new date" if who else " Check the guide, then set a new date"
    yield from at(guide, "review-past", f"{what} {due.isoformat()} is past.{cure}", "review_by")


def product(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that a guide's products have files."""
    known = site.product_ids
    for number, name in enumerate(guide.front.product):
        if name not in known:
            cure = did_you_mean(name, known) or f" Write content/products/{name}.yml"
            yield from at(guide, "product-unknown", f"unknown product '{name}'.{cure}", "product", number)


def models(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that a guide's models are on its products' labels."""
    products = [site.library.products[name] for name in guide.front.product if name in site.library.products]
    known = [model for product in products for model in product.models]
    for number, model in enumerate(guide.front.models if products else ()):
        if model not in known:
            cure = did_you_mean(model, known) or f" Its models are: {', '.join(known)}"
            yield from at(
                guide, "model-unknown", f"unknown model '{model}' of product '{products[0].id}'.{cure}", "models", number
            )


def parts(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that what a guide asks for is in a product's file, where its shelf is known."""
    for key, names in (("accessories", guide.front.accessories), ("parts", guide.front.parts)):
        for number, name in enumerate(names):
            if name not in site.item_ids and site.every_item_known:
                cure = did_you_mean(name, site.item_ids) or " Add it to accessories or consumables of the product file"
                yield from at(
                    guide, "part-unknown", f"unknown {'part' if key == 'parts' else 'accessory'} '{name}'.{cure}", key, number
                )


def related(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that what a guide recommends exists, and readers may see it."""
    for number, name in enumerate(guide.front.related):
        other = site.library.get(guide.language, name)
        if other is None and not site.exists(guide.language, name) and name not in site.library.ids:
            yield from at(
                guide,
                "related-unknown",
                f"unknown guide '{name}'.{did_you_mean(name, site.near(guide.language, name))}",
                "related",
                number,
            )
        elif other is not None and guide.public and not other.public:
            yield from at(
                guide,
                "link-hidden",
                f"the related guide '{name}' {hidden(other)}, readers never see it. Take it out",
                "related",
                number,
            )


def redirects(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that an old address is free, and leads to one guide."""
    for number, old in enumerate(guide.front.redirect_from):
        languages = (guide.language, site.library.languages[0])
        page = next(filter(None, (site.addresses.get((language, old.casefold())) for language in languages)), None)
        owner = site.redirect_owners[guide.language, old.casefold()]
        if page == guide.id:
            message = f"'{old}' is this page's own address. Write the one that it had before, or take it out"
        elif page is not None:
            message = f"'{old}' is the address of another page. Rename that page, or take this out"
        elif is_made(old, site):
            message = f"'{old}' is a page that Helpstand makes itself. Take it out"
        elif owner != guide.id:
            message = f"'{old}' leads to '{owner}' already. An old address can lead to one guide only"
        else:
            continue
        yield from at(guide, "redirect-taken", message, "redirect_from", number)


def is_made(old: str, site: Site) -> bool:
    """Tell whether Helpstand may make a page at an address, now or with the next product."""
    return site.is_made(old) or old.split("/", maxsplit=1)[0] in MADE_FOLDERS


def hidden(guide: Guide) -> str:
    """Say why readers do not see a guide."""
    return (
        "is for staff"
        if guide.front.status is Status.LIVE
        else f"is {'a draft' if guide.front.status is Status.DRAFT else 'retired'}"
    )


def aliases(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that a customer's phrase leads to one guide of a product."""
    for number, alias in enumerate(guide.front.aliases):
        for name in guide.front.product:
            owner = site.alias_owners[guide.language, name, folded(alias)]
            if owner != guide.id:
                message = f"the alias '{alias}' belongs to '{owner}' too. Keep it where the answer is"
                yield from at(guide, "alias-double", message, "aliases", number)


def new_words(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that an alias gives search a word to find the page by: those of the title find it already."""
    title = {*words_of(guide.front.title), *site.stop_words(guide.language)}
    for number, alias in enumerate(guide.front.aliases):
        if title >= set(words_of(alias)):
            message = f"the alias '{alias}' adds no word to the title. Write what customers say instead, or take it out"
            yield from at(guide, "alias-nothing-new", message, "aliases", number)


RULES = (lengths, review, product, models, parts, related, redirects, aliases, new_words)
