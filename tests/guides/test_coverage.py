"""The coverage matrix: what each product has per stage and language, and where a gap is a warning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs.paste import command_line
from guides.settings import SettingsError, load_settings
from tests.guides.conftest import HEAD, PRODUCT, MakeSite

STAGES = PRODUCT + "stages: [use, repair, policy]\n"
SETTINGS = "site_name: Test\ndocs_dir: content/en\nextra:\n  helpstand:\n    languages: [en, de, ar]\n    partial: [ar]\n"


@pytest.fixture
def shop(make_site: MakeSite) -> Path:
    """Make a shop with a guide for one of two stages, in two of three languages; a draft and a late page do not count."""
    return make_site(
        {
            "mkdocs.yml": SETTINGS,
            "content/products/kettle.yml": STAGES,
            "content/ar/.keep": "",
            "content/en/kettle/boil.md": HEAD + "\nText.\n",
            "content/de/kettle/boil.md": HEAD + "\nText.\n",
            "content/en/kettle/mend.md": HEAD.replace("use", "repair").replace("2036", "2020") + "\nText.\n",
            "content/en/kettle/seal.md": HEAD.replace("use", "repair\nstatus: draft") + "\nText.\n",
        }
    )


def run(*words: str) -> str:
    """Run a command and return what it printed."""
    return CliRunner().invoke(command_line(), list(words)).output


def test_the_matrix_is_printed(shop: Path) -> None:
    """A row for each declared stage, a column for each language, a dot for a gap, the sum below."""
    lines = run("check", "--coverage", "-f", str(shop)).splitlines()
    assert [line.split() for line in lines] == [
        ["en", "de", "ar"],
        ["kettle", "use", "1", "1", "·"],
        ["kettle", "repair", "·", "·", "·"],
        ["6", "cells,", "4", "without", "a", "guide."],
    ]


def test_the_matrix_as_json(shop: Path) -> None:
    """The same for programs."""
    rows = json.loads(run("check", "--coverage", "--json", "-f", str(shop)))
    assert rows[0] == {"product": "kettle", "stage": "use", "language": "en", "guides": 1}
    assert len(rows) == 6


def test_a_build_leaves_the_matrix(shop: Path) -> None:
    """`build/coverage.json` is there for what comes after."""
    assert "pages" in run("build", "-f", str(shop))
    assert len(json.loads((shop.parent / "build/coverage.json").read_text())) == 6


def test_gaps_of_a_partial_language_are_no_warning(shop: Path) -> None:
    """English and German are meant to be whole, Arabic is not."""
    gaps = [line for line in run("check", "-f", str(shop)).splitlines() if "no live guide" in line]
    assert [line.split(": ")[1] for line in gaps] == [
        f"no live guide in {language} for the stage repair. Write one, or take the stage out of this list"
        for language in ("English", "German")
    ]


@pytest.mark.parametrize("value", ["en", "[en]", "[fr]", "[de, de]", "{de: yes}"])
def test_partial_names_translations(shop: Path, value: str) -> None:
    """The source language cannot be partial, nor one that the site does not have."""
    shop.write_text(SETTINGS.replace("[ar]", value))
    with pytest.raises(SettingsError) as error:
        load_settings(shop)
    assert str(error.value) == "mkdocs.yml:6: extra.helpstand.partial must be a list of translations, each one of: de, ar"
