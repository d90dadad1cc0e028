"""A guide with mistakes in its front matter: never built, but all of it is checked, and no mistake is told twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guides.library import load_library
from guides.settings import load_settings
from guides.split import split_page

MakeSite = Callable[[dict[str, str | bytes]], Path]
Told = Callable[[Path], list[str]]

HEAD = "---\ntitle: A title\ntype: guide\nproduct: kettle\nstage: use\nreview_by: 2036-11-30\n---\n"
PAGE = "content/en/kettle/a.md"
GRAVE = "\n!!! danger\n    Hot.\n"


def test_a_mistake_in_the_front_matter_hides_nothing_in_the_text(make_site: MakeSite, told: Told) -> None:
    """All problems in one go, each with its own line."""
    body = "\n[a](gone.md)\n\n![](b.svg)\n\n<b>raw</b>\n"
    assert told(make_site({PAGE: HEAD.replace("use", "usse") + body})) == [
        f"error value-unknown {PAGE}:5: unknown stage 'usse'. Did you mean 'use'?",
        f"error link-broken {PAGE}:9: the page 'gone.md' is not found. Correct the path",
        f"error alt-missing {PAGE}:11: the picture 'b.svg' has no alternative text. Say between [ and ] what it shows",
        f"error picture-missing {PAGE}:11: the picture 'b.svg' is not found. Add the file, or correct the path",
        f"warning html-raw {PAGE}:13: raw HTML <b> in a guide. Write it in Markdown",
    ]


def test_it_is_not_built_and_keeps_the_keys_that_can_be_read(make_site: MakeSite) -> None:
    """What is built comes from `guides` alone."""
    head = HEAD.replace("review_by: 2036", "models: AK-200\nmodels: AK-201\nreview_by: 36")
    library, _ = load_library(load_settings(make_site({PAGE: head})))
    assert library.guides == ()
    front = library.broken[0].front
    assert (front.title, front.product, front.models, front.review_by) == ("A title", ("kettle",), (), None)


@pytest.mark.parametrize(
    ("right", "wrong", "rules"),
    [
        ("title: A title", "titel: A title", ["key-unknown"]),
        ("title: A title", "title: [A, title]", ["value-shape"]),
        ("type: guide", "type: menue", ["value-unknown"]),
        ("type: guide\nproduct: kettle", "type: menue", ["value-unknown"]),
        ("product: kettle", "products: kettle", ["key-unknown"]),
        ("product: kettle", "product: kettle\nproduct: kettle", ["yaml-duplicate-key"]),
        ("stage: use", "stage: usse", ["value-unknown"]),
        ("stage: use", "stage: polcy", ["owner-missing", "value-unknown"]),
        ("stage: use", "stage: policy\nauthor: Ada", ["coverage-gap", "key-unknown"]),
        ("review_by: 2036", "review_by: 36", ["date-format"]),
        ("review_by: 2036-11-30", "reviewby: 2020-11-30", ["key-unknown"]),
        ("review_by: 2036", "staus: draft\nreview_by: 2020", ["key-unknown"]),
        ("review_by: 2036", "status: drafted\nreview_by: 2020", ["value-unknown"]),
        ("title: A title", "title: A: title", ["yaml-malformed"]),
    ],
)
def test_one_mistake_is_one_message(make_site: MakeSite, told: Told, right: str, wrong: str, rules: list[str]) -> None:
    """No rule finds a second mistake where the writer made one; links to the guide are not dead."""
    files: dict[str, str | bytes] = {
        "content/products/kettle.yml": "name: Kettle\nmodels: [AK-200]\nstages: [use]\n",
        PAGE: HEAD.replace(right, wrong) + "\n## Zwei Wörter\n\n[here below](#zwei-wörter)\n",
        "content/en/kettle/b.md": HEAD.replace("stage: use", "stage: plan\nrelated: [kettle/a]") + "\n[a](a.md#zwei-wörter)\n",
        "content/de/kettle/a.md": HEAD,
    }
    assert sorted(line.split()[1] for line in told(make_site(files))) == rules


@pytest.mark.parametrize("key", ["saftey: danger", "safety: dangre", "safety: danger\nsafety: danger"])
def test_an_unreadable_safety_is_not_too_low(make_site: MakeSite, told: Told, key: str) -> None:
    """What cannot be read is not taken for its default."""
    lines = told(make_site({PAGE: HEAD.replace("stage", f"{key}\nstage") + GRAVE}))
    assert [line.split()[1] for line in lines] in (["key-unknown"], ["value-unknown"], ["yaml-duplicate-key"])


def test_a_readable_safety_is_checked(make_site: MakeSite, told: Told) -> None:
    """A mistake in one key does not excuse another."""
    lines = told(make_site({PAGE: HEAD.replace("stage: use", "stage: usse") + GRAVE}))
    message = "the page has a danger box (line 9) but its safety is 'none'. Write 'safety: danger'"
    assert lines[0] == f"error safety-too-low {PAGE}:2: {message}"
    assert len(lines) == 2


def test_a_page_without_front_matter_is_checked_too(make_site: MakeSite, told: Told) -> None:
    """Its title is told where it belongs."""
    message = "the title belongs into the front matter. Write 'title: Descale' there, and take this line out"
    assert told(make_site({PAGE: "# Descale\n\n[a](gone.md)\n"}))[1:] == [
        f"warning title-repeated {PAGE}:1: {message}",
        f"error link-broken {PAGE}:3: the page 'gone.md' is not found. Correct the path",
    ]


def test_a_heading_of_a_broken_guide_is_known(make_site: MakeSite, told: Told) -> None:
    """A link to a heading that it lacks is told now, not after its front matter is mended."""
    lines = told(make_site({PAGE: HEAD + "\n[b](b.md#tow)\n", "content/en/kettle/b.md": "## Two {#two}\n"}))
    assert lines[0] == f"error link-anchor {PAGE}:9: there is no heading '#tow' in 'kettle/b'. Did you mean '#two'?"


@pytest.mark.parametrize(
    ("front", "body", "body_line"),
    [
        ("title: A\n", "\nText.\n", 3),
        ("title: A\nkeywords:\n  - b\n- c\n\n\ntype: guide\n", "\n- item\n", 9),
        ("title: A\n", "\nNote: text.\n", 3),
        ("title: A\n", "## Two\n", 3),
        ("title: A", "", 2),
        ("", "Text.\n", 2),
        ("", "<b>\n", 2),
    ],
)
def test_where_an_open_front_matter_ends(front: str, body: str, body_line: int) -> None:
    """Where the lines are no keys any more."""
    split = split_page(f"---\n{front}{body}")
    assert split.open
    assert (split.front, split.body, split.body_line) == (front, body, body_line)


@pytest.mark.parametrize(
    "product",
    [
        "name: Kettle\nmodels: [AK-200]\nmodel: x\naccessories: [lid-seal]\n",
        "name: Kettle\nmodels: [AK-200]\nmodel: x\naccessories: {lid-seal: A seal}\n",
        "name: [Kettle\n",
        b"name: K\xe9ttle\n",
    ],
)
def test_a_broken_product_file_makes_no_part_unknown(make_site: MakeSite, told: Told, product: str | bytes) -> None:
    """Who mends the product file must not first read of every guide that names its parts."""
    head = HEAD.replace("stage: use", "stage: use\naccessories: [lid-seal]")
    found = told(make_site({PAGE: head + "\nWords.\n", "content/products/kettle.yml": product}))
    assert {line.split(":")[0].split()[-1] for line in found} == {"content/products/kettle.yml"}


def test_a_kind_of_mistake_is_told_twenty_times_in_a_file(make_site: MakeSite, told: Told) -> None:
    """Then the others are counted: nobody reads ten thousand lines."""
    head = HEAD.replace("stage: use", "stage: use\n" + "".join(f"key{number}: x\n" for number in range(100)).strip())
    found = told(make_site({PAGE: head + "\nWords.\n"}))
    assert len(found) == 21
    assert found[-1] == f"error key-unknown {PAGE}:26: … and 80 more of this kind in this file"
