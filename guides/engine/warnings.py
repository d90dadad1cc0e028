"""What only a build can find: warnings of the engine, in the form of the content rules."""

from __future__ import annotations

from guides.problems import Problem, Severity

ENGINE_RULES = {
    "html-refused": "What a page must not hold (scripts, event handlers, forms, foreign frames) is taken out of it.",
    "link-dead": "A link in raw HTML leads to a page or file of the site.",
    "engine-link": "MkDocs found a link or anchor that leads nowhere.",
    "engine-warning": "MkDocs warned of something else.",
    "picture-broken": "A picture can be read, and is not larger than a screen can use; else it is left out.",
    "picture-refused": "A drawing (SVG) holds nothing that runs or loads from elsewhere; what does is taken out of it.",
    "video-silent": "A film has captions: without them, deaf people and everybody in a loud shop miss what is said.",
    "extension-refused": "A Markdown extension of a foreign site is not on the allow-list, so it is not used.",
}


def engine_problem(path: str, line: int, rule: str, message: str) -> Problem:
    """Return a warning of the engine; `--strict` makes it count."""
    if rule not in ENGINE_RULES:
        raise KeyError(rule)
    return Problem(path, line, rule, Severity.WARNING, message)
