"""YAML whose scalars stay text."""

from __future__ import annotations

import pytest

from guides.yamltext import read_yaml


@pytest.mark.parametrize(
    "typed",
    [
        "no",
        "yes",
        "on",
        "null",
        "~",
        "010",
        "0x10",
        "12_000",
        "1e3",
        "2027-03-01",
        "4006381333931",
        "1:30",
        ".inf",
        "1.0",
        "E1",
        "true",
    ],
)
def test_a_scalar_stays_what_was_typed(typed: str) -> None:
    """YAML's types are traps: 010 is 8, no is false, 1:30 is 90."""
    found = read_yaml(f"codes: [{typed}]\nother: {typed}\n", "a.yml")
    assert found.data == {"codes": [typed], "other": typed}
    assert found.problems == []


def test_every_key_and_entry_knows_its_line() -> None:
    """Lines are those of the file, not of the text between the hyphens."""
    found = read_yaml("title: A\nmodels:\n  - B\n  - C\nname: {en: D,\n  de: E}\n", "a.md", first_line=2)
    assert [found.line(place) for place in [("title",), ("models", 1), ("name", "de"), ("gone",), ("models", 9)]] == [
        2,
        5,
        7,
        2,
        3,
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: b: c\n", 1, "a colon stands inside a text. Put the text in quotes"),
        ("a: [b\nc: d\n", 2, "a list is not closed. Write ] at its end"),
        ('a: "b\n', 2, "a quote is not closed. Write it at the end of the text"),
        ("a:\n\t- b\n", 2, "a tab or a special sign stands here. Use spaces, and quotes around texts"),
        ("a: @b\n", 1, "a tab or a special sign stands here. Use spaces, and quotes around texts"),
        ("- a\n", 1, "it must be keys with values. Write 'key: value' in each line"),
        ("text\n", 1, "it must be keys with values. Write 'key: value' in each line"),
        ("a: &x b\nc: *x\n", 1, "anchors (&) and aliases (*) are not used here. Put the text in quotes"),
        ("a: b\n---\nc: d\n", 2, "a second --- stands inside. Take it out"),
        ("a: b\x07\n", 1, "it holds a control character. Take it out"),
    ],
)
def test_malformed_yaml_is_told_in_plain_words(text: str, line: int, message: str) -> None:
    """The line is the one to look at, the words are a writer's."""
    found = read_yaml(text, "a.yml")
    assert found.data == {}
    assert str(found.problems[0]) == f"a.yml:{line}: this is not well-formed YAML: {message}"


def test_a_key_typed_twice_is_told() -> None:
    """YAML would take the last one without a word."""
    found = read_yaml("a: 1\nb: 2\na: 3\n", "a.yml")
    assert [str(one) for one in found.problems] == [
        "a.yml:3: the key 'a' stands here a second time (first in line 1). Remove one"
    ]


def test_nesting_without_end_is_told() -> None:
    """A thousand brackets neither crash nor hang."""
    for text in ("a: " + "[" * 3000, "a: " + "[" * 3000 + "]" * 3000, "- " * 3000 + "a"):
        assert read_yaml(text, "a.yml").broken


def test_nothing_is_nothing() -> None:
    """An empty text has no keys and no fault."""
    assert read_yaml("", "a.yml").data == {}
    assert read_yaml("# only a note\n", "a.yml").problems == []
