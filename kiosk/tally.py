"""What one visit counted, and what the visits of an hour did: numbers only, in memory, until the hour is over. Pure."""

import random
from collections import Counter as Sums
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from service.messages import Answer, Count, Counted, Counter, Counts, Feedback, Phrase, Phrases

MOST_KINDS = 300
"""Different lines of one visit; whoever counts more is no shopper."""
MOST_LINES = 200
MOST_PHRASES = 20
MOST_DIGITS = 4
"""E18 and AK 200 may pass; a phone or order number may not."""
MOST_PHRASE = 60

Line = tuple[Counter, str, str, str, str, str]
"""Name, choice, language, product, stage and page."""


def may_be_kept(words: str) -> bool:
    """Whether words that were searched for look like words, not like an address or a number of somebody."""
    return len(words) <= MOST_PHRASE and "@" not in words and sum(sign.isdecimal() for sign in words) <= MOST_DIGITS


@dataclass
class Visit:
    """What a visit has counted so far."""

    lines: Sums[Line] = field(default_factory=Sums)
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    phrases: dict[tuple[str, str], int] = field(default_factory=dict)
    language: str = ""
    began: float | None = None
    touched: float = 0.0

    def count(self, found: Counted, now: float, *, undo: bool = False) -> None:
        """Count, or take back what turned out otherwise."""
        line = (found.name, found.choice, found.language, found.product, found.stage, found.page)
        self._seen(found.language, now)
        if undo:
            self.lines[line] = max(0, self.lines[line] - found.n)
        elif line in self.lines or len(self.lines) < MOST_KINDS:
            self.lines[line] += found.n

    def answer(self, found: Answer, now: float) -> None:
        """Keep the last answer to each question about each page."""
        self._seen(found.language, now)
        if len(self.answers) < MOST_KINDS:
            self.answers[found.question, found.page] = found

    def search(self, found: Phrase, now: float) -> None:
        """Keep words that were searched for, unless they could tell who did."""
        self._seen(found.language, now)
        words = " ".join(found.words.casefold().split())
        if may_be_kept(words) and len(self.phrases) < MOST_PHRASES:
            self.phrases[words, found.language] = found.results

    @property
    def has_outcome(self) -> bool:
        """Whether it came to something: a solution, a person, the end of a troubleshooter, a thumb up."""
        names = {
            line[0] for line, n in self.lines.items() if n and not (line[0] is Counter.TREE_EXIT and line[1].endswith("/left"))
        }
        done = names & {Counter.SOLVED, Counter.HANDOFF_SENT, Counter.HANDOFF_SOLVED, Counter.TREE_EXIT}
        return bool(done) or any(found.question == "helpful" and found.value for found in self.answers.values())

    def _seen(self, language: str, now: float) -> None:
        self.began = now if self.began is None else self.began
        self.touched = now
        self.language = language or self.language


@dataclass
class Hour:
    """The visits of an hour, added up: which of them counted what is gone."""

    at: datetime
    lines: Sums[Line] = field(default_factory=Sums)
    answers: list[Answer] = field(default_factory=list)
    searches: list[Phrases] = field(default_factory=list)

    def add(self, visit: Visit, *, left: bool, seconds: float) -> None:
        """Add a visit that is over; `left` says that nobody said so, and `seconds` how long it lasted."""
        own = ("", visit.language, "", "", "")
        self.lines.update({line: n for line, n in visit.lines.items() if n})
        self.lines[Counter.VISITS, *own] += 1
        self.lines[Counter.ACTIVE_SECONDS, *own] += max(1, round(seconds))
        if left and not visit.has_outcome:
            self.lines[Counter.VISITS_UNKNOWN, *own] += 1
        self.answers += visit.answers.values()
        if visit.phrases:
            found = (Phrase(words=words, language=lang or "en", results=n) for (words, lang), n in visit.phrases.items())
            self.searches.append(Phrases(day=self.at.date(), phrases=tuple(found)))

    def messages(
        self, shuffle: Callable[[list[Counts | Feedback | Phrases]], None] = random.shuffle
    ) -> list[Counts | Feedback | Phrases]:
        """Return what to send, in no order that anybody acted in."""
        when = {"day": self.at.date(), "hour": self.at.hour}
        names = ("name", "choice", "language", "product", "stage", "page")
        lines = [
            Count.model_validate({**when, **dict(zip(names, line, strict=True)), "n": n})
            for line, n in sorted(self.lines.items())
        ]
        told: list[Counts | Feedback | Phrases] = [
            Counts(lines=tuple(lines[at : at + MOST_LINES])) for at in range(0, len(lines), MOST_LINES)
        ]
        told += [Feedback.model_validate({**when, **found.model_dump()}) for found in self.answers]
        told += self.searches
        shuffle(told)
        return told
