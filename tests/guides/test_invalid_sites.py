"""Small wrong sites, and word for word what a writer is told about each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guides.problems import RULES, Severity

SITES = Path(__file__).parents[1] / "sites"
Told = Callable[[Path], list[str]]
INVALID = sorted(SITES.glob("invalid-*"))


@pytest.mark.parametrize("site", INVALID, ids=lambda site: site.name)
def test_each_wrong_site_gives_exactly_these_messages(site: Path, told: Told) -> None:
    """The messages are data: `expected.txt` holds all of them, in order."""
    expected = (site / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert told(site / "mkdocs.yml") == expected


def test_a_clean_site_gives_no_message(told: Told) -> None:
    """Names with spaces and umlauts, CRLF, a byte order mark, 010 and no as codes: all of it is allowed."""
    assert told(SITES / "clean" / "mkdocs.yml") == []


def test_what_no_repository_can_hold(broken_files: Path, told: Told) -> None:
    """Clashing names, unreadable, wrongly encoded and huge files each get their message, and the rest goes on."""
    folder = "content/en/kettle"
    clash = "they differ only in case or in the form of letters. Rename one"
    deep = "more than 100 HTML tags stand in one another here. Close them, or write it in Markdown"
    link, mend = "the file is a link that leads", "Mend the link, or delete it"
    linked = "this folder is a link to '.', and the build does not follow it. Put a folder in its place"
    assert sorted(told(broken_files)) == [
        f"error encoding {folder}/latin.md:10: the text is not UTF-8 (byte 0xe9). Save the file as UTF-8",
        f"error encoding {folder}/wide.md:1: the text is not UTF-8 (byte 0xff). Save the file as UTF-8",
        f"error encoding {folder}/zero.md:9: the text holds a zero byte. Save the file as UTF-8",
        f"error file-outside {folder}/passwd.md:1: {link} outside of content/. Put a copy of what it leads to in its place",
        f"error file-unreadable {folder}/gone.md:1: {link} nowhere, to 'nowhere.md'. {mend}",
        f"error file-unreadable {folder}/loop.md:1: {link} nowhere, to 'loop.md'. {mend}",
        f"error file-unreadable {folder}/na\\udcefve.md:1: the name of the file is not UTF-8. Rename it",
        f"error folder-linked {folder}/deeper:1: {linked}",
        f"error id-clash {folder}/good.md:1: the name clashes with {folder}/Good.md: {clash}",
        f"error id-clash {folder}/gr\u00f6\u00dfe.md:1: the name clashes with {folder}/gro\u0308\u00dfe.md: {clash}",
        f"error page-too-big {folder}/huge.md:1: the file has 5.3 MB, the limit is 1 MB. Split it into several guides",
        f"error page-too-heavy {folder}/nested.md:109: {deep}",
    ]


def test_every_rule_is_exercised(broken_files: Path, told: Told) -> None:
    """A rule without a fixture is a rule that nobody knows to work."""
    lines = [line for site in INVALID for line in (site / "expected.txt").read_text(encoding="utf-8").splitlines()]
    seen = {line.split()[1] for line in [*lines, *told(broken_files)]}
    assert seen == set(RULES)


def test_severity_is_the_one_of_the_table() -> None:
    """Only sites written by others are told more mildly."""
    for site in INVALID:
        for line in (site / "expected.txt").read_text(encoding="utf-8").splitlines():
            severity, rule = line.split()[:2]
            assert severity == RULES[rule].severity or (site.name == "invalid-foreign" and severity == Severity.WARNING)
