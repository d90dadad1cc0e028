"""A reference number that was misread, misheard or mistyped is caught at once."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reference import ALPHABET, ReferenceProblem, check_symbol, new_reference, parse_reference, spoken

symbols = st.text(ALPHABET, min_size=10, max_size=10)


@pytest.mark.parametrize(("ten", "check"), [("7K3M9QXD4R", "9"), ("1111111111", "1"), ("ZZZZZZZZZZ", "8"), ("23456789AB", "E")])
def test_the_check_symbol_is_the_written_one(ten: str, check: str) -> None:
    """The four test values of the definition come out."""
    assert check_symbol(ten) == check


@given(symbols, st.integers(0, 10), st.sampled_from(ALPHABET))
def test_every_single_error_is_caught(ten: str, place: int, other: str) -> None:
    """One wrong symbol, also the check symbol, never passes."""
    body = ten + check_symbol(ten)
    wrong = body[:place] + other + body[place + 1 :]
    if wrong != body:
        with pytest.raises(ReferenceProblem, match="one symbol"):
            parse_reference(f"HS{wrong}")


@given(symbols, st.integers(0, 9), st.sampled_from([1, 2]))
def test_every_swap_is_caught(ten: str, place: int, apart: int) -> None:
    """Two neighbours, or two symbols with one between them, never change places unseen."""
    body = list(ten + check_symbol(ten))
    if place + apart > 10 or body[place] == body[place + apart]:
        return
    body[place], body[place + apart] = body[place + apart], body[place]
    with pytest.raises(ReferenceProblem):
        parse_reference("HS" + "".join(body))


@given(st.from_regex(r"[A-Z0-9]{1,6}", fullmatch=True))
def test_a_new_number_reads_back_as_itself(prefix: str) -> None:
    """What is printed can be typed again, with any prefix."""
    number = new_reference(prefix)
    assert str(parse_reference(number)) == number
    assert set(number.removeprefix(prefix + "-")) <= set(ALPHABET + "-")


@pytest.mark.parametrize(
    "typed",
    ["hs-7k3m9-qxd4r-9", "HS7K3M9QXD4R9", " hs 7k3m9 qxd4r 9 ", "HS–7K3M9–QXD4R–9", "hs_7k3m9.qxd4r.9"],
)
def test_any_way_of_writing_means_the_same(typed: str) -> None:
    """Case, dashes and blanks do not matter."""
    assert str(parse_reference(typed)) == "HS-7K3M9-QXD4R-9"


def test_letters_that_look_like_a_one_are_read_as_one() -> None:
    """I and L are not in the alphabet; people mean 1."""
    assert str(parse_reference("NH-IL11I-11111-l")) == "NH-11111-11111-1"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("HS-7K3M9-QXD4R-8", "one symbol of this number is wrong"),
        ("HS-0K3M9-QXD4R-9", "there is no 0 in a reference number. Is it perhaps a D or a Q?"),
        ("HS-UK3M9-QXD4R-9", "Is it perhaps a V?"),
        ("HS-!K3M9-QXD4R-9", "there is no '!'"),
        ("", "is not a reference number. It looks like HS-7K3M9-QXD4R-9"),
        ("7K3M9-QXD4R-9", "is not a reference number"),
        ("TOOLONGPREFIX-7K3M9-QXD4R-9", "is not a reference number"),
    ],
)
def test_what_cannot_be_one_is_refused_with_a_hint(typed: str, words: str) -> None:
    """The reader is told what to look at again."""
    with pytest.raises(ReferenceProblem) as caught:
        parse_reference(typed)
    assert words in str(caught.value)


@given(st.text(max_size=60))
def test_no_input_breaks_the_reader(text: str) -> None:
    """Whatever is typed is a number or a ReferenceProblem."""
    with contextlib.suppress(ReferenceProblem):
        parse_reference(text)


def test_a_prefix_is_checked() -> None:
    """A number of an impossible prefix is never made."""
    with pytest.raises(ValueError, match="'n-h' is not a prefix"):
        new_reference("n-h")


def test_a_number_is_there_at_once_and_only_once() -> None:
    """Under 100 ms each, by far; ten thousand in a row are all different."""
    started = time.perf_counter()
    made = {new_reference() for _ in range(10_000)}
    assert len(made) == 10_000
    assert (time.perf_counter() - started) / 10_000 < 0.01


def test_a_number_is_spoken_in_groups() -> None:
    """Each symbol by itself, with a rest between the groups."""
    assert spoken("HS-7K3M9-QXD4R-9") == ("H S", "7 K 3 M 9", "Q X D 4 R", "9")
