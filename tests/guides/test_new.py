"""A new guide from a template."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from guides.check import check
from guides.library import load_library
from guides.new import NewGuideError, new_guide
from guides.settings import load_settings
from guides.vocabulary import GuideType

MakeSite = Callable[[dict[str, str | bytes]], Path]
TODAY = date(2028, 2, 29)
PRODUCT = "name: Kettle\nmodels: [AK-200, AK-201]\nroute: kitchen\n"


def make(config: Path, kind: str, product: str, slug: str) -> Path:
    """Make a guide and return its path in the site."""
    settings = load_settings(config)
    return new_guide(settings, load_library(settings)[0], kind, product, slug, today=TODAY).relative_to(config.parent)


@pytest.mark.parametrize("kind", list(GuideType))
def test_a_new_guide_of_each_type_passes_the_check(make_site: MakeSite, kind: GuideType) -> None:
    """A writer begins with a page on which nothing is wrong."""
    config = make_site({"content/products/kettle.yml": PRODUCT})
    path = make(config, kind, "kettle", "Clean the filter")
    assert path == Path("content/en/kettle/clean-the-filter.md")
    settings = load_settings(config)
    library, problems = load_library(settings)
    assert check(settings, library, problems, TODAY) == []
    guide = library.get("en", "kettle/clean-the-filter")
    assert guide is not None
    assert (guide.front.title, guide.front.review_by, guide.public) == ("Clean the filter", date(2029, 2, 28), False)


def test_a_model_number_names_its_product(make_site: MakeSite) -> None:
    """Writers have the label before their eyes, not our IDs."""
    config = make_site({})
    assert make(config, "howto", "ak-201", "descale") == Path("content/en/kettle/descale.md")
    assert "models: [AK-201]\n" in (config.parent / "content/en/kettle/descale.md").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("howot", "kettle", "x"), "unknown type 'howot'. Did you mean 'howto'?"),
        (("howto", "kettel", "x"), "unknown product or model 'kettel'. Did you mean 'kettle'?"),
        (("howto", "ak-20", "x"), "unknown product or model 'ak-20'. Did you mean 'AK-200'?"),
        (("howto", "zzz", "x"), "unknown product or model 'zzz'. Use one of: kettle, AK-200, AK-201"),
        (
            ("howto", "kettle", "../x"),
            "'../x' cannot be the name of a file. Use letters, digits and hyphens, such as clean-the-filter",
        ),
        (("howto", "kettle", " "), "' ' cannot be the name of a file. Use letters, digits and hyphens, such as clean-the-filter"),
    ],
)
def test_a_slip_gets_its_cure(make_site: MakeSite, words: tuple[str, str, str], message: str) -> None:
    """Nothing is written, and the likely word is named."""
    config = make_site({})
    with pytest.raises(NewGuideError) as error:
        make(config, *words)
    assert str(error.value) == message
    assert not (config.parent / "content/en").exists()


def test_nothing_is_overwritten(make_site: MakeSite) -> None:
    """Not even a file whose name differs in case alone."""
    config = make_site({"content/en/kettle/Descale.md": "mine"})
    with pytest.raises(
        NewGuideError, match=r"content/en/kettle/Descale.md: this guide exists already. Open it, or take another name"
    ):
        make(config, "howto", "kettle", "descale")
    assert (config.parent / "content/en/kettle/Descale.md").read_text() == "mine"
