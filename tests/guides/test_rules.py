"""Details of single rules: what they must not say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from guides.check import check
from guides.library import load_library
from guides.problems import RULES, Severity
from guides.settings import load_settings

MakeSite = Callable[[dict[str, str | bytes]], Path]
Told = Callable[[Path], list[str]]
HEAD = "---\ntitle: A title\ntype: {}\nproduct: kettle\nstage: use\nreview_by: 2036-11-30\nsafety: danger\n---\n\n"


def page(make_site: MakeSite, told: Told, body: str, kind: str = "guide", language: str = "en") -> list[str]:
    """Return what is told about one page, by rule."""
    files: dict[str, str | bytes] = {
        "content/en/kettle/a.md": HEAD.format(kind),
        f"content/{language}/kettle/a.md": HEAD.format(kind) + body,
    }
    return [line.split()[1] for line in told(make_site(files))]


@pytest.mark.parametrize(
    "body",
    [
        "Turn the knob on the side to the left. The red lamp on the right goes out.",
        "Press the green button for 3 seconds.",
        "The lid and the base stay dry. The water boils and the lamp goes out.",
        "Justify the adjustment of the machine.",
        "Call 030 1234567 or +49 30 900 123.",
        "Press `Step 1:` and read 2) aloud.",
        "Costs: 12 €.\n\n- One\n- Two\n\n* Three\n\n1. Four",
        "La casa de papel is a film.",
        "Words like *el* and *la* and *que* are small.",
        "A 3 x 4 < 5 > 2 and a <https://x.example> and a_b_c.",
        "--- \n\nText -- and more.",
    ],
)
def test_good_text_is_left_alone(make_site: MakeSite, told: Told, body: str) -> None:
    """A false alarm teaches writers not to look."""
    assert page(make_site, told, body) == []


@pytest.mark.parametrize(
    "step", ["Take all paper and foil out. The floor is bare.", "Wait until it stops.", "Push it down and in. It clicks."]
)
def test_and_between_things_is_fine(make_site: MakeSite, told: Told, step: str) -> None:
    """Only two actions are two steps."""
    assert page(make_site, told, f"1.  {step}\n", kind="error") == []


def test_steps_in_other_kinds_of_pages_may_be_short(make_site: MakeSite, told: Told) -> None:
    """A numbered list in a reference is a list."""
    assert page(make_site, told, "1.  Red\n2.  Blue\n", kind="reference") == []


def test_a_box_between_steps_protects_the_next_one(make_site: MakeSite, told: Told) -> None:
    """Only a box behind the last step is late."""
    between = "1.  Open it. It is open.\n\n    !!! danger\n        Hot.\n\n2.  Close it. It is shut.\n"
    assert page(make_site, told, between) == []
    assert page(make_site, told, "1.  Open it. It is open.\n\n!!! danger\n    Hot.\n") == ["admonition-late"]


def test_german_pages_have_german_rules(make_site: MakeSite, told: Told) -> None:
    """Word list, steps and links know the language of the page."""
    body = "1.  Öffnen Sie den Deckel und ziehen Sie das Sieb. Es ist offen.\n\n[hier](a.md)\n"
    lines = page(make_site, told, body, kind="error", language="de")
    assert lines == ["translation-steps", "step-and", "link-vague"]


def test_right_to_left_pages_may_hold_their_letters(make_site: MakeSite, told: Told) -> None:
    """Arabic in an Arabic page is no fault."""
    config = make_site(
        {"content/ar/kettle/a.md": HEAD.format("guide") + "اضغط الزر\n", "content/en/kettle/a.md": HEAD.format("guide")}
    )
    config.write_text(config.read_text().replace("de]", "ar]"))
    (config.parent / "content/de").rmdir()
    assert [line.split()[1] for line in told(config)] == []


def test_a_late_page_is_an_error_only_for_publishing(make_site: MakeSite) -> None:
    """`check` and `build` warn, `publish` refuses."""
    settings = load_settings(make_site({"content/en/kettle/a.md": HEAD.format("guide").replace("2036", "2020")}))
    library, problems = load_library(settings)
    late = date(2026, 11, 22)
    assert [one.severity for one in check(settings, library, problems, late)] == [Severity.WARNING]
    assert [one.severity for one in check(settings, library, problems, late, late_is_error=True)] == [Severity.ERROR]


def test_a_problem_of_a_snippet_is_told_once(make_site: MakeSite, told: Told) -> None:
    """Hundreds of pages include the same safety text."""
    include = '--8<-- "hot.md"\n'
    config = make_site(
        {
            "content/snippets/hot.md": "This is simply hot.\n",
            "content/en/kettle/a.md": HEAD.format("guide") + include,
            "content/en/kettle/b.md": HEAD.format("guide") + include,
        }
    )
    message = "the word 'simply' does not help the reader. Leave it out: what is easy for you is not for every reader"
    assert told(config) == [f"warning word-list content/snippets/hot.md:1: {message}"]


@pytest.mark.parametrize(
    ("target", "cure"),
    [
        ("lidd.png", "Did you mean 'lid.svg'?"),
        ("lid.jpg", "Did you mean 'lid.svg'?"),
        ("open.svg", "Did you mean 'basket-open-wide.svg'?"),
        ("step-3.png", "Add the file, or correct the path"),
        ("manual.json", "Add the file, or correct the path"),
    ],
)
def test_a_missing_picture_is_not_mistaken_for_its_neighbour(make_site: MakeSite, told: Told, target: str, cure: str) -> None:
    """A wrong cure is worse than none: the next one of a series, or a file of another kind, is not what was meant."""
    names = ("lid.svg", "basket-open-wide.svg", "step-2.png", "step-4.png", "manual.png")
    files: dict[str, str | bytes] = {f"content/media/{name}": "" for name in names}
    files["content/en/kettle/a.md"] = HEAD.format("guide") + f"![The open lid](../../media/{target})\n"
    assert told(make_site(files)) == [
        f"error picture-missing content/en/kettle/a.md:10: the picture '../../media/{target}' is not found. {cure}"
    ]


@pytest.mark.parametrize(
    ("target", "cure"),
    [
        ("a-b.md", "Correct the path"),
        ("dscale.md", "Did you mean 'descale.md'?"),
        ("moved.md", "Did you mean '../robot/moved.md'?"),
    ],
)
def test_a_broken_link_is_never_mended_to_its_own_page(make_site: MakeSite, told: Told, target: str, cure: str) -> None:
    """The ending that all pages share does not make two names alike."""
    names = ("kettle/descale", "robot/moved")
    files: dict[str, str | bytes] = {f"content/en/{name}.md": HEAD.format("guide") for name in names}
    files["content/en/kettle/a.md"] = HEAD.format("guide") + f"[Elsewhere]({target})\n"
    assert told(make_site(files)) == [
        f"error link-broken content/en/kettle/a.md:10: the page '{target}' is not found. {cure}",
    ]


def test_rules_have_plain_sentences() -> None:
    """The docs print them as they are."""
    for rule in RULES.values():
        assert rule.sentence.endswith(".")
        assert rule.sentence[0].isupper()
        assert rule.id == rule.id.lower()


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "En caso de emergencia, llame al número de la tienda y no toque el cable de la base en agua."),
        ("fr", "En cas de doute, un appel de la part de votre magasin de quartier met fin à la panne de courant."),
        ("it", "In caso di dubbio, la spina di corrente si toglie e il cavo di rete non si tocca con le mani."),
    ],
)
def test_romance_languages_are_not_taken_for_dutch(make_site: MakeSite, told: Told, language: str, line: str) -> None:
    """They share "de", "en" and "in" with it."""
    config = f"site_name: Test\ndocs_dir: content/en\nextra:\n  helpstand:\n    languages: [en, {language}]\n"
    files = {"mkdocs.yml": config, "content/en/kettle/a.md": HEAD.format("guide") + "Text.\n"}
    site = make_site({**files, f"content/{language}/kettle/a.md": HEAD.format("guide") + f"{line}\n"})
    assert [message for message in told(site) if "language-wrong" in message] == []
