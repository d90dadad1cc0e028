"""Rules for the shape of a page and of its steps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guides.problems import Problem, problem
from guides.rules.languages import SECOND_ACTION, STEP_WORD, TYPED_SIGN, UNTIL
from guides.vocabulary import GuideType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.page import Place
    from guides.rules.site import Site

SEEN, FAILED = "you-will-see", "if-it-did-not-work"
_WORK = {GuideType.HOWTO, GuideType.ERROR}
_SENTENCE_END = re.compile(r"[.!?؟:](?:\s|$)")
_GLUED = re.compile(r"(?:\d{1,2}\.|[-*+])\s+\S")


def _at(place: Place, rule: str, message: str) -> Problem:
    return problem(place.source, place.line, rule, message)


def headings(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that the title is the one h1; below it no level is left out; an ID stands once."""
    level, ids = 1, set()
    for heading in guide.page.headings:
        if heading.level == 1:
            message = f"the title stands in the front matter already. Make '# {heading.text}' a '## …' heading, or take it out"
            if not guide.front.title:
                message = f"the title belongs into the front matter. Write 'title: {heading.text}' there, and take this line out"
            yield _at(heading.place, "title-repeated", message)
        elif heading.level > level + 1:
            message = f"the heading '{heading.text}' goes from level {level} to {heading.level}. Write it with {level + 1} #"
            yield _at(heading.place, "heading-jump", message)
        level = heading.level
        if heading.given and heading.id in ids:
            yield _at(
                heading.place,
                "heading-id-duplicate",
                f"the ID '{heading.id}' stands on this page already. Give this heading another",
            )
        ids.add(heading.id)


def howto_sections(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a howto closes with what the reader will see, and with what to do when it is not so."""
    if guide.front.type is not GuideType.HOWTO:
        return
    by_id = {heading.id: heading for heading in guide.page.headings}
    last = guide.body_line + guide.body.rstrip().count("\n")
    if SEEN not in by_id:
        yield problem(guide.source, last, "howto-you-will-see", _missing_section("You will see", SEEN))
    if FAILED not in by_id:
        yield problem(guide.source, last, "howto-if-not", _missing_section("If it did not work", FAILED))
        return
    failed = by_id[FAILED]
    tops = [heading for heading in guide.page.headings if heading.level <= 2]
    if tops and tops[-1].id != FAILED:
        yield _at(
            failed.place, "howto-if-not", f"the section '{failed.text}' is not the last one. Move it to the end of the page"
        )
    elif not any(link.place.included > failed.place.included for link in guide.page.links):
        yield _at(
            failed.place,
            "howto-if-not",
            f"the section '{failed.text}' has no link. Say where to go, for example [talk to a person](service:person)",
        )


def _missing_section(words: str, name: str) -> str:
    return (
        f"a howto needs the section '{words}'. Add '## {words} {{#{name}}}'; in another language keep the ID and "
        "translate the words"
    )


def steps(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a step is one action, with at most one picture, and ends in something that one can see."""
    if guide.front.type not in _WORK:
        return
    language = guide.language.split("-")[0]
    second = SECOND_ACTION.get(language)
    for step in guide.page.steps:
        first = _SENTENCE_END.split(step.text, maxsplit=1)[0]
        joined = second.search(first) if second else None
        if joined:
            message = f"this step holds two actions ('{joined[0].strip(' ,')}'). Make two steps of it"
            yield _at(step.place, "step-and", message)
        if step.pictures > 1:
            yield _at(step.place, "step-pictures", f"this step has {step.pictures} pictures. Keep one, or make more steps")
        if (
            not step.pictures
            and len([part for part in _SENTENCE_END.split(step.text) if part.strip()]) < 2
            and not _has_end(first, language)
        ):
            yield _at(step.place, "step-result", "this step does not say what one can see when it is done. Add a short sentence")


def _has_end(text: str, language: str) -> bool:
    return UNTIL.get(language, " until ") in text


def typed(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that lists are Markdown, so that they are counted, numbered and read aloud as lists."""
    before = None
    for line in guide.page.lines:
        text = line.text.strip()
        glued = (
            before is not None
            and before.number == line.number - 1
            and before.source == line.source
            and _is_paragraph(before.text)
        )
        if STEP_WORD.match(text):
            message = f"the number of a step is typed by hand ('{text[:20].strip()}…'). Write '1. ' at the start of the line"
            yield problem(line.source, line.number, "step-typed", message)
        elif TYPED_SIGN.match(text):
            message = f"the list is typed by hand ('{text[:20].strip()}…'). Write '1. ' or '- ' at the start of the line"
            yield problem(line.source, line.number, "step-typed", message)
        elif glued and _GLUED.match(line.text):
            message = "this list does not begin, because the line above it is not empty. Put an empty line before it"
            yield problem(line.source, line.number, "step-typed", message)
        before = line


def _is_paragraph(text: str) -> bool:
    return bool(text.strip()) and text[0] not in " #>|!=-*+:<" and not _GLUED.match(text)


RULES = (headings, howto_sections, steps, typed)
