"""The file of synonyms: what it means, and what happens without it or with a wrong one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from guides.library import Library, load_library
from guides.schemas import schema_of
from guides.settings import load_settings
from guides.synonyms import MOST_ENTRIES, MOST_WORDS, same
from search_index.analysis import split_words
from search_index.languages import stop_words
from search_index.stems import stem_function

ROOT = Path(__file__).parents[2]
MakeSite = Callable[[dict[str, str | bytes]], Path]
Told = Callable[[Path], list[str]]
MALFORMED = "error yaml-malformed {}:%d: this is not well-formed YAML:"
GUIDE = "---\ntitle: Boil water\ntype: guide\nproduct: kettle\nstage: use\nreview_by: 2036-11-30\naliases: {}\n---\n\nText.\n"


def library_of(config: Path) -> Library:
    """Return what a site holds."""
    return load_library(load_settings(config))[0]


def test_groups_are_read_as_they_were_typed(make_site: MakeSite) -> None:
    """Every scalar is a text, blanks are one, and the order stays."""
    library = library_of(make_site({"content/synonyms.yml": "en: [[no, 010,  washing   powder], [Wi-Fi, wlan]]\nde:\n"}))
    assert library.synonyms.of("en") == [["no", "010", "washing powder"], ["Wi-Fi", "wlan"]]
    assert library.synonyms.of("de") == library.synonyms.of("fr") == []


def test_a_group_that_says_nothing_goes_no_further(make_site: MakeSite) -> None:
    """A word alone, or twice in other letters, is warned of, and search never sees it."""
    library = library_of(make_site({"content/synonyms.yml": "en: [[lonely], [Café, cafe], [], [one, ONE, two]]"}))
    assert library.synonyms.of("en") == [["one", "two"]]


def test_a_site_needs_no_synonyms(make_site: MakeSite, told: Told) -> None:
    """Without the file nothing is told and nothing is meant."""
    config = make_site({"content/en/kettle/boil.md": GUIDE.format("[]")})
    assert told(config) == []
    assert library_of(config).synonyms.root == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"en: [[leccy, \xe9]]", "error encoding {}:1: the text is not UTF-8 (byte 0xe9). Save the file as UTF-8"),
        (b"- [a, b]\n", f"{MALFORMED % 1} it must be keys with values. Write 'key: value' in each line"),
        (b"en: [[one, two]\n", f"{MALFORMED % 2} a list is not closed. Write ] at its end"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_once(make_site: MakeSite, told: Told, content: bytes, message: str) -> None:
    """The rest of the site is checked all the same, and no half of the file is used."""
    config = make_site({"content/en/kettle/boil.md": GUIDE.format("[]"), "content/synonyms.yml": content})
    assert told(config) == [message.format("content/synonyms.yml")]
    assert library_of(config).synonyms.root == {}


def test_a_link_out_of_the_site_is_not_read(make_site: MakeSite, told: Told) -> None:
    """Nobody's private words get into a public site."""
    config = make_site({"content/en/kettle/boil.md": GUIDE.format("[]"), "private.yml": "en: [[one, two]]"})
    (config.parent / "content/synonyms.yml").symlink_to("../private.yml")
    assert [line.split()[1] for line in told(config)] == ["file-outside"]
    assert library_of(config).synonyms.root == {}


def test_a_folder_of_that_name_is_told(make_site: MakeSite, told: Told) -> None:
    """It is no file, and it is not passed over in silence."""
    config = make_site({"content/en/kettle/boil.md": GUIDE.format("[]"), "content/synonyms.yml/a": ""})
    assert [line.split()[1] for line in told(config)] == ["file-unreadable"]


def test_a_site_written_by_others_has_none(tmp_path: Path) -> None:
    """A file of that name among somebody's documents is their own business."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Hello\n")
    (tmp_path / "docs/synonyms.yml").write_text("not: ours")
    (tmp_path / "mkdocs.yml").write_text("site_name: Theirs\n")
    library, problems = load_library(load_settings(tmp_path / "mkdocs.yml"))
    assert (library.synonyms.root, problems) == ({}, [])


@pytest.mark.parametrize(
    ("alias", "told_of"),
    [
        ("how do I boil the water", True),
        ("BOIL  wáter!", True),
        ("how to", True),
        ("boil water for tea", False),
        ("boiling water", False),
    ],
)
def test_an_alias_has_a_word_of_its_own(make_site: MakeSite, told: Told, alias: str, told_of: bool) -> None:
    """Words of the title, and those that every question has, find nothing that the title does not find."""
    lines = told(make_site({"content/en/kettle/boil.md": GUIDE.format(f'["{alias}"]')}))
    cure = "adds no word to the title. Write what customers say instead, or take it out"
    assert lines == [f"warning alias-nothing-new content/en/kettle/boil.md:7: the alias '{alias}' {cure}"] * told_of


def test_words_are_one_where_search_takes_them_for_one() -> None:
    """Case, accents and signs between words make no other word."""
    assert same("Wi-Fi") == same("wi fi") == same("WI–FI")
    assert same("Crème brûlée") == same("creme  BRULEE")
    assert same("Straße") == same("STRASSE")
    assert same("chaud") != same("chaude")


def test_editors_know_the_limits_that_check_knows() -> None:
    """The schema of the file asks for groups of two to twelve words."""
    schema = schema_of("synonyms")
    group = schema["additionalProperties"]["items"]
    assert (group["minItems"], group["maxItems"]) == (2, MOST_ENTRIES)
    assert MOST_WORDS == 4
    assert json.dumps(schema)


def test_the_example_in_the_manual_is_right(make_site: MakeSite, told: Told) -> None:
    """A writer who copies it gets no message."""
    page = (ROOT / "docs/writers.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(en:\n.*?)```", page, re.DOTALL)
    config = make_site({"content/en/kettle/boil.md": GUIDE.format("[]"), "content/synonyms.yml": example})
    assert told(config) == []
    assert library_of(config).synonyms.of("de") == [["Ladestation", "Dockingstation", "Basisstation"]]


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it"])
def test_the_demo_shops_groups_lead_to_its_guides(language: str) -> None:
    """Of each group at least one entry stands in a guide of that language: the others are what shoppers say for it."""
    library = library_of(ROOT / "mkdocs.yml")
    stem, stop = stem_function(language), stop_words(language)
    written = "\n".join(f"{guide.front.title}\n{guide.front.summary}\n{guide.body}" for guide in library.by_language(language))
    known = {stem(word) for word in split_words(written)}
    groups = library.synonyms.of(language)
    assert len(groups) >= (15 if language in {"en", "de"} else 8)
    dead = [group for group in groups if not any({stem(one) for one in split_words(word)} - stop <= known for word in group)]
    assert dead == []
