"""A new guide from a template: it passes the check, and is a draft until its writer says otherwise."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from guides.reading import guide_id, markdown_files
from guides.suggest import did_you_mean
from guides.vocabulary import GuideType, Stage

if TYPE_CHECKING:
    from guides.library import Library
    from guides.products import Product
    from guides.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"

STAGES = {
    GuideType.GUIDE: Stage.LEARN,
    GuideType.HOWTO: Stage.USE,
    GuideType.TROUBLESHOOTER: Stage.TROUBLESHOOT,
    GuideType.ERROR: Stage.TROUBLESHOOT,
    GuideType.FAQ: Stage.USE,
    GuideType.REFERENCE: Stage.USE,
    GuideType.MENU: Stage.USE,
}
"""Where a kind of guide mostly stands; the writer changes it in the file."""


class NewGuideError(Exception):
    """The guide was not made; the text says why, and what to do."""


def new_guide(
    settings: Settings,
    library: Library,
    type: str,  # noqa: A002 - the word of the front matter
    product_or_model: str,
    slug: str,
    *,
    today: date | None = None,
) -> Path:
    """Write a guide from a template in the source language and return its path. Raises NewGuideError, or OSError."""
    if settings.foreign:
        raise NewGuideError(
            f"{settings.config_file.name} is not a site of Helpstand. Run the command in the folder of your own guides"
        )
    kind = _kind(type)
    product, model = find_product(library, product_or_model)
    name = _slug(slug)
    path = settings.folder(settings.source_language) / product.id / f"{name}.md"
    _refuse_clash(settings, path)
    day = today or datetime.now(UTC).date()
    text = Template((TEMPLATES / f"{kind}.md").read_text(encoding="utf-8")).substitute(
        title=_title(name),
        product=product.id,
        stage=STAGES[kind],
        review_by=_next_year(day).isoformat(),
        owner=product.route or "guides",
        models=", ".join([model] if model else product.models),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise NewGuideError(_there(settings, path)) from None
    return path


def find_product(library: Library, word: str) -> tuple[Product, str]:
    """Return the product of an ID or a model number, and the model when one was named. Raises NewGuideError."""
    folded = word.casefold()
    for product in library.products.values():
        if product.id.casefold() == folded:
            return product, ""
    for product in library.products.values():
        for model in product.models:
            if model.casefold() == folded:
                return product, model
    known = [*library.products, *(model for product in library.products.values() for model in product.models)]
    cure = did_you_mean(word, known) or (
        f" Use one of: {', '.join(known)}" if known else " Write a file content/products/<id>.yml first"
    )
    raise NewGuideError(f"unknown product or model '{word}'.{cure}")


def _kind(word: str) -> GuideType:
    try:
        return GuideType(word.casefold())
    except ValueError:
        cure = did_you_mean(word, GuideType) or f" Use one of: {', '.join(GuideType)}"
        raise NewGuideError(f"unknown type '{word}'.{cure}") from None


def _slug(word: str) -> str:
    name = "-".join(unicodedata.normalize("NFC", word).strip().removesuffix(".md").split()).lower()
    if not name or name.startswith(".") or any(sign in name for sign in '/\\:*?"<>|#%') or not name.isprintable():
        raise NewGuideError(f"'{word}' cannot be the name of a file. Use letters, digits and hyphens, such as clean-the-filter")
    return name


def _refuse_clash(settings: Settings, path: Path) -> None:
    folder = settings.folder(settings.source_language)
    wanted = guide_id(folder, path).casefold()
    for other in markdown_files(settings, settings.source_language):
        if guide_id(folder, other).casefold() == wanted:
            raise NewGuideError(_there(settings, other))


def _there(settings: Settings, path: Path) -> str:
    return f"{settings.shown(path)}: this guide exists already. Open it, or take another name"


def _title(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:69]


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
