"""Query and ranking, against scores worked out by hand."""

# ruff: noqa: E501  (lists of samples read best one to a line)

from __future__ import annotations

import math
from typing import Any

import pytest

from search_index.answer import SearchAnswer, answer
from search_index.corpus import analyse, numbers
from search_index.documents import Document, Section
from search_index.memory import MemorySource
from search_index.query import one_slip, two_slips, understand
from search_index.ranking import Ranker, idf, sentence_share, windows


def shelf(*documents: Document, code: str = "en") -> tuple[MemorySource, Ranker]:
    """Return an index in memory."""
    source = MemorySource(analyse(code, sorted(documents, key=lambda document: document.id)))
    return source, Ranker(source)


def guide(name: str, title: str, text: str = "", **more: Any) -> Document:
    """Return a page of one section."""
    return Document(name, f"en/{name}.html", title, sections=(Section("", "", text),), **more)


def ask(found: tuple[MemorySource, Ranker], text: str, **more: Any) -> SearchAnswer:
    """Return the whole answer."""
    return answer(found[0], found[1], text, "en", **more)


def ids(found: tuple[MemorySource, Ranker], text: str, **more: Any) -> list[str]:
    """Return the ids found, best first."""
    return [result["id"] for result in ask(found, text, **more)["results"]]


@pytest.mark.parametrize(
    ("titles", "share"),
    [
        (["Descale", "Clean the filter"], 0.0),
        (["Kettle boils water slowly lately", "Lamp blinks red three times"], 2 / 3),
        (["Kettle boils water slowly every single morning"], 1.0),
    ],
)
def test_titles_that_are_sentences_are_told_from_headings(titles: list[str], share: float) -> None:
    """By their mean length in kept words; a page without words of its own does not count."""
    pages = [guide(f"p{number}", title, "words") for number, title in enumerate(titles)]
    empty = guide("z", "A very long title that stands over a page without any text")
    assert sentence_share(shelf(*pages, empty)[0].facts) == pytest.approx(share)


def test_score_is_the_formula() -> None:
    """One word, two documents: field sum, coverage, title term and best passage as the formula says."""
    found = shelf(guide("a", "Lamp", "lamp lamp shade"), guide("b", "Cable", "copper"))
    word = round(math.log(1 + (2 - 1 + 0.5) / (1 + 0.5)), 6)
    times = 1.0 * 1 / (1 - 0.3 + 0.3 * 1 / 1) + 1.0 * 2 / (1 - 0.5 + 0.5 * 3 / 2)
    base = word * times * 2.5 / (times + 1.5)
    in_title = word * 1 * 2.2 / (1 + 1.2)
    passage = word * 2 * 2.5 / (2 + 1.5)
    [result] = ask(found, "lamp ")["results"]
    assert result["score"] == pytest.approx(base * 1.7 + 1.5 * 0.5 * in_title + 0.5 * passage, abs=2e-9)


def test_idf_is_rounded() -> None:
    """The logarithm is cut to six digits, so that every runtime has the same."""
    assert idf(1, 10) == 1.992430
    assert idf(10, 10) == 0.046520


@pytest.mark.parametrize(("length", "count"), [(0, 1), (60, 1), (61, 2), (100, 2), (101, 3), (140, 3)])
def test_windows_of_a_text(length: int, count: int) -> None:
    """Sixty words each, forty apart; the last twenty make no new one."""
    assert windows(length) == count


def test_covering_more_words_wins() -> None:
    """A page with both words comes before one that repeats one of them."""
    found = shelf(
        guide("a", "One", "filter filter filter filter"), guide("b", "Two", "filter basket"), guide("c", "Three", "basket")
    )
    assert ids(found, "filter basket")[0] == "b"


def test_equal_scores_keep_the_order_of_ids() -> None:
    """Ties are settled by document number, which is the order of ids."""
    found = shelf(*(guide(name, "Same", "same words") for name in ("c", "a", "b")))
    assert ids(found, "same words") == ["a", "b", "c"]


@pytest.mark.parametrize("typed", ["AK-200", "ak200", "ak 200", "AK/200", "how do I clean the AK-200?"])
def test_a_model_number_comes_first_always(typed: str) -> None:
    """A page for that very model beats pages that are full of the other words."""
    found = shelf(guide("a", "Clean clean clean", "clean clean AK 200 clean"), guide("b", "Other", "nothing", models=("AK-200",)))
    assert ids(found, typed)[0] == "b"


def test_a_code_counts_more_than_a_model() -> None:
    """Who types code and model wants the page of the code."""
    pages = [guide("a", "Kettle", "E24", models=("AK-200",)), guide("b", "Sensor", "", codes=("E24",), models=("AK-200",))]
    assert ids(shelf(*pages, guide("c", "Lid", "", codes=("E25",))), "E24 AK-200")[:2] == ["b", "a"]


def test_the_product_itself_comes_first_for_its_bare_number() -> None:
    """"AK-200" alone means the thing, not one of its guides."""  # fmt: skip
    found = shelf(
        guide("a", "AK-200 AK-200", "AK-200 AK-200", models=("AK-200",)), guide("p", "Kettle", models=("AK-200",), type="product")
    )
    assert ids(found, "AK-200") == ["p", "a"]


def test_bare_words_and_small_figures_are_no_numbers() -> None:
    """"2" or "Err" must not push pages to the top."""  # fmt: skip
    assert numbers(["2", "15", "Err", "E1", "AK-200", "12345"]) == ("e1", "ak200", "12345")


@pytest.mark.parametrize(
    ("typed", "meant", "near"),
    [("kettel", "kettle", True), ("vaccum", "vacuum", True), ("expresso", "espresso", True), ("cart", "carts", True), ("kettle", "kettle", False),
     ("abcd", "badc", False), ("ab", "ba", True), ("abc", "cba", False), ("", "a", True)],
)  # fmt: skip
def test_one_slip_of_the_finger(typed: str, meant: str, near: bool) -> None:
    """Dropped, added, replaced, swapped: one of them, not two."""
    assert one_slip(typed, meant) is near
    assert one_slip(meant, typed) is near


@pytest.mark.parametrize(
    ("typed", "meant", "near"),
    [("pliiows", "pillows", True), ("custimize", "customise", True), ("verities", "varieties", True), ("abcdefg", "badcefg", True),
     ("matters", "mattress", True), ("quantity", "quality", True), ("pillows", "follows", True), ("pillows", "willow", True),
     ("pillows", "wallow", False), ("delivery", "liver", False), ("", "abc", False)],
)  # fmt: skip
def test_two_slips_of_the_finger(typed: str, meant: str, near: bool) -> None:
    """Two of them, not three."""
    assert two_slips(typed, meant) is near
    assert two_slips(meant, typed) is near


def test_two_slips_are_forgiven_in_long_words_that_lead_nowhere() -> None:
    """One slip comes first; a short word has too many neighbours; the correction is said."""
    found = shelf(guide("a", "Wash the pillows", "warm"), guide("b", "Delivery", "late"), guide("c", "Lamps", "lamp"))
    given = ask(found, "my pliiows are dirty")
    assert [result["id"] for result in given["results"]] == ["a"]
    assert given["did_you_mean"] == "my pillows are dirty"
    assert ids(found, "delevory") == ["b"]
    assert ids(found, "lmaps") == ["c"]
    assert ids(found, "lmpsa") == []


def test_a_typo_is_corrected_and_said() -> None:
    """Never silently: the corrected words come with the answer."""
    found = shelf(guide("a", "Clean the kettle", "rinse"))
    given = ask(found, "my kettel, please!")
    assert [result["id"] for result in given["results"]] == ["a"]
    assert given["did_you_mean"] == "my kettle, please!"
    assert ask(found, "my kettle ")["did_you_mean"] is None


def test_a_correction_is_shown_with_its_accents() -> None:
    """Folding is our business, not the reader's."""
    found = shelf(guide("a", "Der Kühlschrank", "Kühlschrank"), code="de")
    assert ask(found, "kühlschrnk ")["did_you_mean"] == "kühlschrank"


def test_known_words_are_not_corrected() -> None:
    """Only words that stand nowhere are led elsewhere."""
    source, _ = shelf(guide("a", "Lid", "lid"), guide("b", "Lids", "led led led"))
    assert [dict(group.stems) for group in understand("lid ", source.words).groups] == [{"lid": 1.0}]


def test_the_last_word_completes_while_typing() -> None:
    """A half-typed last word finds its page; a space ends it."""
    found = shelf(guide("a", "Cartridge", "put it in"), guide("b", "Lamp", "cart"))
    assert "a" in ids(found, "cartr")
    assert ids(found, "car ") == []
    assert understand("cart", found[0].words).groups[0].stems == {"cart": 1.0, "cartridg": 0.6}


def test_a_question_of_stop_words_only_is_answered() -> None:
    """"is it on" has nothing but stop words, and still finds the page."""  # fmt: skip
    found = shelf(guide("a", "Is it on?", "Look at the light"), guide("b", "Lamp", "shade"))
    assert ids(found, "is it on") == ["a"]


def test_a_word_said_twice_counts_once() -> None:
    """Repeating oneself does not change the ranking."""
    found = shelf(guide("a", "Lamp", "lamp"), guide("b", "Cable", "cable"))
    assert ask(found, "lamp lamp lamps lamp ")["results"] == ask(found, "lamp ")["results"]


def test_a_product_narrows_the_answer() -> None:
    """Only pages of that product, also where a page has several."""
    found = shelf(guide("a", "Lamp", "x", product="lamp bulb"), guide("b", "Lamp", "x", product="cable"))
    assert ids(found, "lamp", product="bulb") == ["a"]
    assert ids(found, "lamp", product="lam") == []


def test_people_name_the_product_and_the_guide_need_not() -> None:
    """The product's name in this language finds its guides."""
    pages = [
        guide("a", "Kalk entfernen", "Essig", product="kettle", product_names=("Wasserkocher",)),
        guide("b", "Kalk", "Kalk Kalk"),
    ]
    assert ids(shelf(*pages, code="de"), "kalk wasserkocher")[0] == "a"


def test_the_passage_is_the_section_that_answers() -> None:
    """The result leads to the section and marks the words that matched, in any form."""
    sections = (Section("", "", "About it."), Section("You will see", "see", "Rinse. " * 30 + "The limescale is descaled. Done."))
    [result] = ask(shelf(Document("a", "en/a.html", "Clean", sections=sections)), "limescale descaling")["results"]
    assert (result["url"], result["heading"]) == ("en/a.html#see", "You will see")
    assert [mark["text"] for mark in result["passage"] if mark["mark"]] == ["limescale", "descaled"]
    assert "".join(mark["text"] for mark in result["passage"]) == "The limescale is descaled. Done."


def shown(text: str, query: str, code: str = "en") -> str:
    """Return the passage of a page with this text."""
    [result] = ask(shelf(guide("a", "Page", text), code=code), query)["results"]
    return "".join(mark["text"] for mark in result["passage"])


EMERGENCY = [
    "Call 112 at once.", "Say that it was a button cell that the child swallowed.", "Do not make the child sick. The cell would burn a second time.",
    "Give food or drink only if the emergency service tells you to.", "Take the packet with you.",
]  # fmt: skip


@pytest.mark.parametrize("between", ["\n", " "])
@pytest.mark.parametrize("query", ["child swallowed cell ", "food ", "drink ", "packet ", "112 "])
def test_a_passage_never_says_half_a_sentence(between: str, query: str) -> None:
    """"Give food or …" says the opposite of what the page says."""  # fmt: skip
    whole = between.join(EMERGENCY)
    passage = shown(whole, query)
    assert passage in whole
    assert "…" not in passage
    assert passage.endswith(tuple(line.rsplit(". ", 1)[-1] for line in (*EMERGENCY, "Do not make the child sick.")))
    assert ("Give food or" in passage) == ("emergency service tells you to." in passage)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("Never do this:\nPut it in water", "."), ("Fill in approx. 5 litres", "."), ("Nehmen Sie Kalkreiniger, z. B. Zitronensäure", "."),
        ('It says "Ready!" in green', "."), ("Is it hot (over 40 degrees, cf. the label)", "?"), ("لا تعطِ الطفل طعاماً", "؟"),
    ],
)  # fmt: skip
def test_what_looks_like_an_end_is_none(start: str, end: str) -> None:
    """A colon before a list, a short form, a word in quotes: the sentence goes on, and is shown whole or not at all."""
    filler = "word " * 6
    sentence = f"{start} and so on{end}"
    for before in range(6):
        text = f"Target one here. Some {filler * before}.\n{sentence} After it {filler * 3}.\nLast."
        passage = shown(text, "target one ")
        assert "…" not in passage
        assert sentence in passage or start.split(maxsplit=1)[0] not in passage


def test_a_sentence_longer_than_a_passage_is_cut_and_says_so() -> None:
    """After a comma if there is one near the end, else after a word."""
    words = " ".join(f"word{number}" for number in range(20))
    assert shown(f"Target {words}, {words} end. Next.", "target ") == f"Target {words}, {' '.join(words.split()[:15])}…"
    assert shown(f"Target {words} {words[:70]}, {words} end.", "target ").endswith(",…")
    assert shown(f"{words} {words} target {words}.", "target ").startswith("…word15 word16")


TREE = (
    Section("", "", "What to do with an old washing machine: we take it back at no cost."),
    Section("Make it ready", "ready", "An old washing machine drips. Take off the hose, then dry the machine."),
)


@pytest.mark.parametrize(
    ("query", "anchor"),
    [("old washing machine ", ""), ("give back old machine ", ""), ("take hose ", "#ready"), ("hose ", "#ready"), ("machine drips cost free back ", "")],
)  # fmt: skip
def test_a_link_leads_to_the_section_only_where_it_says_more_than_the_top(query: str, anchor: str) -> None:
    """Title and intro answer as well, and there one sees which product it is."""
    found = shelf(Document("a", "en/a.html", "Give it back", sections=TREE), guide("b", "Lamp", "shade"))
    assert ask(found, query)["results"][0]["url"] == f"en/a.html{anchor}"


def test_a_troubleshooter_opens_at_the_question_that_answers() -> None:
    """The page shows that question alone, and says first what the ones before it would have warned of."""
    found = shelf(Document("a", "en/a.html", "Give it back", type="troubleshooter", sections=TREE), guide("b", "Lamp", "shade"))
    assert ask(found, "hose ")["results"][0]["url"] == "en/a.html#ready"
    assert ask(found, "give back old machine ")["results"][0]["url"] == "en/a.html"


def test_nothing_found_is_no_dead_end() -> None:
    """An empty list comes with ways on; an empty question does not."""
    found = shelf(guide("a", "Lamp", "x"))
    found[0].links = [*(("Product", f"p{number}.html") for number in range(20)), ("Home", "en/index.html")]
    given = ask(found, "zzzzzz")
    assert given["results"] == []
    assert given["zero_result_help"] is not None
    assert len(given["zero_result_help"]["links"]) == 8
    assert given["zero_result_help"]["links"][-1] == {"title": "Home", "url": "en/index.html"}
    assert ask(found, "  ")["zero_result_help"] is None


def test_an_empty_language_answers() -> None:
    """No documents at all: still an answer."""
    assert ask(shelf(), "lamp")["results"] == []


def test_everything_is_bounded() -> None:
    """256 characters, 24 words, 8 unknown words, 20 completions."""
    words = " ".join(f"word{chr(97 + number)}" for number in range(26))
    source, _ = shelf(guide("a", "T", words), guide("b", "U", " ".join(f"long{number:03}x" for number in range(60))))
    assert len(understand("é" * 1000, source.words).text) == 256
    assert len(understand(words.replace("word", "word"), source.words).groups) <= 24
    assert len(understand("long", source.words).groups[0].stems) == 20
    assert len(understand(" ".join(f"worda{chr(97 + n)}" for n in range(20)) + " ", source.words).groups) <= 8


def test_words_with_and_without_a_hyphen_are_the_same() -> None:
    """Who types "wifi" finds "Wi-Fi", and the other way round."""
    assert ids(shelf(guide("a", "Connect to Wi-Fi", "x"), guide("b", "Lamp", "x")), "wifi ") == ["a"]
    assert ids(shelf(guide("a", "Connect to wifi", "x"), guide("b", "Lamp", "x")), "wi-fi ") == ["a"]


def test_short_words_keep_their_first_letter() -> None:
    """"just" is not corrected to "dust"; a longer word may have a wrong first letter."""  # fmt: skip
    found = shelf(guide("a", "Dust", "dust"), guide("b", "Kettle", "kettle"))
    assert ids(found, "just ") == []
    assert ids(found, "jettle ") == ["b"]
