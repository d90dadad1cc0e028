"""The one table of content rules: what each is called, how grave it is, and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a problem is."""

    ERROR = "error"
    """Wrong, dangerous or unbuildable: the command ends with exit code 1."""
    WARNING = "warning"
    """Quality: told, and counted as an error only with --strict."""


@dataclass(frozen=True)
class Rule:
    """One rule that content must keep, with the sentence that the docs print."""

    id: str
    severity: Severity
    sentence: str


_ERRORS = {
    # Reading
    "file-unreadable": "Every file of the site can be read.",
    "encoding": "Files are saved as UTF-8.",
    "file-outside": "No file is a link that leads outside of the site.",
    "folder-linked": "The folders of a site are real ones, not links to others.",
    "page-too-heavy": "No page is nested, long or full of unclosed brackets beyond what any reader could want.",
    "page-too-big": "A page is at most 1 MB of text.",
    "content-empty": "The site has at least one guide.",
    "id-clash": "No two files of a language have the same ID, whatever the case or the Unicode form of their names.",
    "language-folder": "Every language of the settings has its folder.",
    "id-reserved": "A guide does not take the address of a page that Helpstand makes itself.",
    # YAML
    "yaml-malformed": "Front matter, product files, store files and synonyms are well-formed YAML: keys, texts and lists.",
    "yaml-duplicate-key": "A key stands once in a file.",
    "front-matter-missing": "A guide begins with its front matter between two lines of three hyphens.",
    "key-unknown": "Only the keys that Helpstand knows are used.",
    "key-missing": "The required keys are there and not empty.",
    "value-unknown": "A key with a fixed list of values has one of them.",
    "value-shape": "A value has the form its key asks for: a text, a list, a number.",
    "date-format": "A date is written as year-month-day, for example 2027-03-01.",
    "every-format": "A maintenance interval is a number and a unit, for example 3 months or 200 h.",
    "owner-missing": "A policy names its owner.",
    # Products
    "product-unknown": "The product of a guide has a file in content/products.",
    "product-id": "The name of a product's file is made of letters, digits and hyphens: it is part of addresses.",
    "product-missing": "A guide names its product, unless it is a menu or a policy.",
    "model-unknown": "A model in a guide, or in what a product's file compares, is one of the product's models.",
    "first-unknown": "What a product's file puts first is a guide of the product.",
    "part-unknown": "An accessory or part in a guide stands in a product's file.",
    "gtin-invalid": "A barcode number has 8, 12, 13 or 14 digits and a right check digit.",
    "gtin-duplicate": "A barcode number belongs to one product.",
    # Safety
    "safety-too-low": "The safety of a page is at least that of its gravest warning box.",
    "phone-cost-missing": "A paid phone number shows what a call costs.",
    # HTML
    "html-dangerous": "No script, frame, style, form field or event handler in a guide.",
    "link-dangerous": "Links and pictures use no javascript:, vbscript:, data: or file: address.",
    # Links
    "link-broken": "A link to another page leads to a page that exists.",
    "link-anchor": "A link to a heading leads to a heading that exists.",
    "link-hidden": "A public page does not lead to a draft, a retired page or a page for staff.",
    "service-unknown": "A service: link names a service that the help desk offers.",
    "redirect-taken": "An old address that leads to a guide is no page's own address, and leads to one guide only.",
    "notice-unknown": "The guide behind a product's notice exists.",
    "related-unknown": "A related guide exists.",
    "picture-missing": "A picture that is used exists.",
    "picture-outside": "Pictures lie in the site itself: pages load nothing from other hosts.",
    "alt-missing": "A picture has an alternative text: it is what the kiosk reads aloud.",
    "video-captions": "A film has captions in the language of its page, as a WebVTT file beside it.",
    "snippet-missing": "A snippet that is included exists.",
    "heading-id-duplicate": "An ID of a heading stands once on a page.",
    # Troubleshooters and menus
    "tree-empty": "A troubleshooter or menu has at least one question.",
    "tree-start": "The first heading of a tree is a question: there its way begins.",
    "tree-heading": "Questions and endings are headings with two #, and an ending's class stands on the heading.",
    "tree-id": "Every question and ending has an ID of small letters, digits and hyphens.",
    "tree-ending": "An ending has one class that Helpstand knows.",
    "tree-answers": "Answers are one list with '- ', each entry a link and nothing else.",
    "tree-answer-twice": "Two answers of a question differ in their words.",
    "tree-target": "An answer leads to another question or ending of the tree, to a page, or to a service.",
    "tree-dead-end": "What is not an ending has answers.",
    "tree-one-answer": "A question has at least two answers.",
    "tree-many-answers": "A question has at most 9 answers: each is one digit of a keypad.",
    "tree-ending-goes-on": "An ending is the end: it does not lead back into its tree.",
    "tree-unreachable": "Every question and ending can be reached from the first question.",
    "tree-trap": "From every question an ending can be reached.",
    "tree-person": "Somewhere on its ways a tree offers a person.",
    "tree-danger": "Before an ending that is risky stands a warning or danger box, whatever way leads there.",
    "tree-shape": "A tree has the same questions, answers, targets and endings in all languages.",
    "admonition-empty": "A box has its title in quotation marks and its text on the next lines, four spaces in.",
}

_WARNINGS = {
    "file-ignored": "Every file in a language's folder is one that the build uses.",
    "language-texts": "Helpstand has buttons and headings in every language of the settings.",
    "nav-entry": "What the navigation of a site written by others names is one of its pages.",
    "language-unknown": "Every folder of guides, and every key of the synonyms, is one of the site's languages.",
    "title-long": "A title has at most 70 characters.",
    "summary-long": "A summary has at most 160 characters.",
    "alias-double": "An alias belongs to one guide of a product.",
    "alias-nothing-new": "An alias has a word that the title has not.",
    "synonym-alone": "A group of synonyms has two words or more.",
    "synonym-double": "A word stands in one group of synonyms of a language, and once.",
    "synonym-stop-word": "A synonym is no word that search passes over, such as 'how' or 'the'.",
    "name-missing": "A product has its name in every language of the site.",
    "coverage-gap": "Every declared stage of a product has a live guide in every language not named in `partial`.",
    "review-past": "A live guide is not past its review date.",
    "title-repeated": "The title comes from the front matter; the body begins below it with ## headings.",
    "heading-jump": "Headings go down one level at a time.",
    "admonition-late": "A warning box stands before the step that it protects.",
    "step-and": "A step is one action: two actions joined by 'and' are two steps.",
    "step-pictures": "A step has at most one picture.",
    "step-typed": "Steps and bullets are Markdown lists, not numbers or signs typed by hand.",
    "step-result": "A list of steps says what the reader can see when a step is done.",
    "howto-you-will-see": "A howto has a section with the ID you-will-see.",
    "howto-if-not": "A howto closes with a section with the ID if-it-did-not-work.",
    "html-raw": "Markdown is used instead of raw HTML.",
    "link-absolute": "Links to pages of the site are relative and end in .md.",
    "link-vague": "The text of a link says where it leads.",
    "alt-file-name": "An alternative text says what the picture shows; it is not a file name.",
    "video-poster": "A film has a poster, a picture of the same name beside it.",
    "hint-place": "A hint does not depend on place, shape or colour alone.",
    "language-wrong": "A line is written in the language of its page.",
    "direction-wrong": "Right-to-left letters stand in a right-to-left page, or are marked with lang and dir.",
    "hard-to-read": "A page has a LIX of at most 40 (German 45).",
    "word-list": "No word that talks down to the reader or blames them.",
    "translation-source-missing": "A translation has a guide of the same path in the source language.",
    "translation-outdated": "A translation that is stamped was made from the source as it is now.",
    "translation-steps": "A translation has as many steps as its source.",
    # Troubleshooters and menus
    "tree-deep": "A troubleshooter asks at most 7 questions on its longest way, a menu 4.",
    "tree-big": "A tree has at most 150 questions and endings.",
    "tree-late": "In a question nothing stands behind the answers.",
    "tree-long": "A question fits one screen: at most 90 words, and 100 letters for an answer.",
    "code-double": "A code of a display leads to one guide of type error for each product.",
}


def _table() -> dict[str, Rule]:
    errors = {rule: Rule(rule, Severity.ERROR, sentence) for rule, sentence in _ERRORS.items()}
    return errors | {rule: Rule(rule, Severity.WARNING, sentence) for rule, sentence in _WARNINGS.items()}


RULES: dict[str, Rule] = _table()
