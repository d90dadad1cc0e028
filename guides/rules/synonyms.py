"""Rules for the file of synonyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.problems import Problem, problem
from guides.suggest import did_you_mean
from guides.synonyms import same, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.rules.site import Site


def languages(site: Site) -> Iterator[Problem]:
    """Demand that words are given for languages that the site has."""
    text, known = site.library.texts["synonyms"], site.library.languages
    for code in site.library.synonyms.root:
        if code not in known:
            cure = did_you_mean(code, known) or f" Add it to the languages in {site.settings.config_file.name}, or take it out"
            message = f"'{code}' is not a language of this site ({', '.join(known)}).{cure}"
            yield problem(text.source, text.line((code,)), "language-unknown", message)


def groups(site: Site) -> Iterator[Problem]:
    """Demand that a group names two things to look for, each of them in no other group."""
    text = site.library.texts["synonyms"]
    for code, listed in site.library.synonyms.root.items():
        firsts: dict[str, tuple[int, int]] = {}
        for number, group in enumerate(listed):
            if len(group) < 2:
                what = f"'{group[0]}' stands alone in its group. Add" if group else "the group is empty. Write"
                message = f"{what} what people call the same thing, or take the group out"
                yield problem(text.source, text.line((code, number)), "synonym-alone", message)
            for place, word in enumerate(group):
                line = text.line((code, number, place))
                if set(words_of(word)) <= site.stop_words(code):
                    message = f"search passes over '{word}': it is in almost every question. Take it out"
                    yield problem(text.source, line, "synonym-stop-word", message)
                elif same(word) in firsts:
                    yield problem(text.source, line, "synonym-double", _twice(word, number, *firsts[same(word)]))
                firsts.setdefault(same(word), (number, line))


def _twice(word: str, group: int, first_group: int, first_line: int) -> str:
    if group == first_group:
        return f"'{word}' stands twice in this group. Take one out"
    return f"'{word}' stands in another group too (line {first_line}). Join the two, or take it out of one"


RULES = (languages, groups)
