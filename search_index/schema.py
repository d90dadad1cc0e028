"""The fields of a document and every number of the ranking; exported as data, so that the browser has the same."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = 4


@dataclass(frozen=True)
class Field:
    """A field's weight W and how much its length counts, b."""

    name: str
    weight: float
    b: float


# The order is the order of summing, in both runtimes.
FIELDS = (
    Field("title", 1.0, 0.3),
    Field("headings", 0.5, 0.3),
    Field("aliases", 3.0, 0.5),  # customers' words: aliases, symptoms, keywords
    Field("product", 1.0, 0.0),  # what the page is about: product, models, codes
    Field("text", 1.0, 0.5),
)
FIELD_NAMES = tuple(field.name for field in FIELDS)

K1 = 1.5
COVERAGE = 0.7
PASSAGE = 0.5
PHRASE = 3.0  # of what one alias alone holds of the question, times the root of how much of that alias was asked
TITLE_TERM = 1.5
TITLE_K1 = 1.2
TITLE_B = 0.3
TITLE_LONE = 0.5  # a single word in common with a title proves little: "camera" stands over many pages of a manual
TITLE_SHARE = 0.3  # the title counts so much of its weight at once, the rest by the share of the question that it holds
# Titles of questions and sentences prove more than headings of two words do: by the mean length of a site's titles, in kept
# words, these numbers go over into the ones of a site whose titles are sentences.
SENTENCE_FROM = 4.0
SENTENCE_TO = 5.5
SENTENCE_TITLE_TERM = 3.4
SENTENCE_COVERAGE = 0.0
SENTENCE_PHRASE = 6.0
SENTENCE_B = 0.75  # of the text
COMMON = 0.3
WINDOW = 60
STEP = 40
PASSAGE_DOCUMENTS = 50  # passages are scored for the best so many: 24 frequent words would take 190 ms else
PREFIX_KNOWN = 0.6
PREFIX_UNKNOWN = 0.9
PREFIX_LETTERS = 2
TYPO_WEIGHT = 0.8
TYPO_LETTERS = 4
TYPO_ANY_FIRST = 6  # shorter words keep their first letter: "just" is not "dust"
TYPO_TWO_LETTERS = 7  # from here on two slips are forgiven where one leads nowhere: "pliiows" is "pillows"
TYPO_TWO_WEIGHT = 0.6
FAMILY_WEIGHT = 0.3  # stems that begin alike: who wants to "sell" reads about the "seller", "privat" about "privaci"
FAMILY_LETTERS = 4
FAMILY_APART = 5  # letters in common where neither stem begins with the other: "clean" is not "clear"
FAMILY_SHARE = 0.65  # of the longer stem
QUERY_CHARACTERS = 256
QUERY_WORDS = 24
UNKNOWN_WORDS = 8
EXPANSIONS = 20
PART_LETTERS = 4
PART_WEIGHT = 0.8
LONE_PART_WEIGHT = 0.5  # only one part of an unknown compound is known
COMPOUND_WEIGHT = 0.3
SYNONYM_WEIGHT = 0.7
SYNONYM_PART_WEIGHT = 0.4  # a word of one that is written in several
SYNONYM_WORDS = 3
RESULTS = 10
SNIPPET_WORDS = 36
SNIPPET_LEAD = 10
CODE_WEIGHT = 2
CLEAR_LEAD = 1.4  # times the score of the second page
CLEAR_SHARE = 0.7  # of the question
HELP_LINKS = 8


def settings() -> dict[str, object]:
    """Return all of it as plain data."""
    numbers = {name.lower(): value for name, value in globals().items() if name.isupper() and isinstance(value, int | float)}
    return {**numbers, "fields": [[field.name, field.weight, field.b] for field in FIELDS]}
