"""What is wrong in a writer's files, each with its place, cause and cure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guides.rulebook import RULES, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RULES", "Problem", "Rule", "Severity", "has_errors", "problem"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, at one line of one file (path relative to the project, POSIX)."""

    path: str
    line: int
    rule: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def problem(path: str, line: int, rule: str, message: str) -> Problem:
    """Return a problem whose severity is the one in the table of rules."""
    return Problem(path, line, rule, RULES[rule].severity, message)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any problem forbids building."""
    return any(found.severity is Severity.ERROR for found in problems)
