"""Front matter: 26 keys, five of them required."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guides.fields import Interval
from guides.frontmatter import FrontMatter, read_front_matter
from guides.split import split_page
from guides.vocabulary import Audience, GuideType, Safety, Stage, Status, Surface

FIVE = "title: Descale\ntype: howto\nproduct: kettle\nstage: maintain\nreview_by: 2036-11-30\n"


def read(head: str) -> tuple[FrontMatter, list[str]]:
    """Read a head and return its front matter and its messages."""
    front, _, problems = read_front_matter(split_page(f"---\n{head}---\n\nBody\n"), "a.md")
    return front, [str(found) for found in problems]


def test_five_keys_are_enough() -> None:
    """Everything else has a sensible default."""
    front, problems = read(FIVE)
    assert problems == []
    assert (front.title, front.type, front.product, front.stage) == ("Descale", GuideType.HOWTO, ("kettle",), Stage.MAINTAIN)
    assert front.review_by == date(2036, 11, 30)
    assert (front.safety, front.audience, front.status) == (Safety.NONE, Audience.EVERYONE, Status.LIVE)
    assert front.where == (Surface.WEB, Surface.KIOSK)


def test_traps_of_yaml_stay_text() -> None:
    """Codes, models and barcodes mean what is printed on the device."""
    front, problems = read(FIVE + "codes: [no, 010, 0x10, 12_000]\nmodels: 4006381333931\nkeywords:\n  - 2027-03-01\n")
    assert problems == []
    assert front.codes == ("no", "010", "0x10", "12_000")
    assert front.models == ("4006381333931",)
    assert front.keywords == ("2027-03-01",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("3 months", "3 months"), ("1 months", "1 month"), ("200 h", "200 h"), ("200h", "200 h"), ("2 hours", "2 h")],
)
def test_intervals(typed: str, meant: str) -> None:
    """An interval is a number and a unit."""
    front, problems = read(FIVE + f"every: {typed}\n")
    assert problems == []
    assert isinstance(front.every, Interval)
    assert str(front.every) == meant


@pytest.mark.parametrize("typed", ["20270301", "2027-3-1", "2027-W01-1", "2027-13-01", "soon", "2027-03-01T00:00", "٢٠٢٧-٠٣-٠١"])
def test_a_date_is_year_month_day(typed: str) -> None:
    """Whatever else a date can look like is told."""
    front, problems = read(FIVE.replace("2036-11-30", typed))
    assert front.review_by is None
    assert len(problems) == 1
    assert problems[0].startswith("a.md:6: ")
    assert "date" in problems[0]


def test_four_mistakes_give_four_messages() -> None:
    """All of them at once, each with its line and its cure."""
    _, problems = read("title: Descale\ntype: howot\nproduct: kettle\nstage: maintenence\nreview_by: soon\ndificulty: easy\n")
    assert problems == [
        "a.md:3: unknown type 'howot'. Did you mean 'howto'?",
        "a.md:5: unknown stage 'maintenence'. Did you mean 'maintain'?",
        "a.md:6: 'soon' is not a date. Write year-month-day, for example 2027-03-01",
        "a.md:7: unknown key 'dificulty'. Did you mean 'difficulty'?",
    ]


def test_a_word_that_looks_nothing_alike_still_gets_its_cure() -> None:
    """Writers think in other words than ours."""
    for word, meant in (
        ("clean", "maintain"),
        ("setup", "install"),
        ("buy", "plan"),
        ("recycle", "dispose"),
        ("troubleshooting", "troubleshoot"),
    ):
        assert read(FIVE.replace("maintain", word))[1] == [f"a.md:5: unknown stage '{word}'. Did you mean '{meant}'?"]


def test_menus_and_policies_need_no_product() -> None:
    """They belong to the shop; a policy belongs to somebody."""
    head = FIVE.replace("product: kettle\n", "")
    assert read(head.replace("howto", "menu"))[1] == []
    assert read(head.replace("maintain", "policy") + "owner: legal\n")[1] == []
    assert read(head.replace("maintain", "policy"))[1] == ["a.md:2: a policy needs its owner. Add a line 'owner: …'"]


def test_a_template_line_that_is_not_filled_in_is_no_mistake() -> None:
    """A key without a value is as good as no key, unless it is required."""
    assert read(FIVE + "summary:\ncodes: []\nevery:\n")[1] == []
    assert read(FIVE + "sumary:\n")[1] == ["a.md:7: unknown key 'sumary'. Did you mean 'summary'?"]


def test_the_page_is_cut_behind_the_head() -> None:
    """The body knows the line on which it begins; hyphens in it are its own."""
    split = split_page("---\ntitle: A\n---\nOne\n---\nTwo\n")
    assert (split.front, split.front_line, split.body, split.body_line) == ("title: A\n", 2, "One\n---\nTwo\n", 4)
    assert split_page("# Title\n---\n").front_line == 0
    assert split_page("---\ntitle: A\n").open
    assert split_page("---\n---\nBody").body == "Body"


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_no_text_whatever_raises(text: str) -> None:
    """What a writer types can be wrong, never fatal."""
    read_front_matter(split_page(text), "a.md")
    read_front_matter(split_page(f"---\n{text}\n---\n"), "a.md")


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(FrontMatter.model_fields)),
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(["[a, [b]]", "{a: b}", "- x", "|\n  a", "!!int 3", "2036-11-30", "howto", "*a", "&a b", "? x"]),
        ),
    )
)
def test_no_value_of_any_key_raises(values: dict[str, str]) -> None:
    """Every key takes every text and answers with messages."""
    head = "".join(f"{key}: {value}\n" for key, value in values.items())
    read_front_matter(split_page(f"---\n{head}---\n"), "a.md")
