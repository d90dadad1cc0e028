"""Who answers what: rules from top to bottom, the first that fits decides. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.messages import Complaint, Flow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.messages import CaseRequest

DESK = "desk"
"""The name that means: it stays here."""
CONDITIONS = ("flow", "product", "route", "stage", "language", "store", "safety")

Priority = Literal["low", "normal", "high", "urgent"]


def as_list(value: Any) -> Any:
    """Take one word for a list of one."""
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


Words = Annotated[tuple[str, ...], BeforeValidator(as_list)]
Flows = Annotated[tuple[Flow, ...], BeforeValidator(as_list)]


class Rule(BaseModel):
    """One line of routes.yml: conditions, of which each that is set must fit, and where the case goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    flow: Flows = Field(default=(), description="what is wanted: person, question, complaint, repair, return, exchange, …")
    product: Words = Field(default=(), description="product ids")
    route: Words = Field(default=(), description="the `route` of the product's file")
    stage: Words = Field(default=(), description="stages of the page: use, repair, …")
    language: Words = Field(default=(), description="language codes; `pt` fits `pt-BR`")
    store: Words = Field(default=(), description="shops: names of files in stores/")
    safety: bool | None = Field(default=None, description="whether a complaint says that somebody could be hurt")
    to: Annotated[Words, Field(min_length=1)] = Field(description="names of targets, or `desk`: it stays here")
    priority: Priority | None = Field(
        default=None, description="low, normal, high or urgent; urgent cases are urgent by themselves"
    )
    group: str = Field(default="", description="group at the other side, in place of the target's own")

    @property
    def catches_all(self) -> bool:
        """Whether every case fits."""
        return not any(getattr(self, name) not in ((), None) for name in CONDITIONS)

    def covers(self, other: Rule) -> bool:
        """Whether every case that fits the other rule fits this one."""
        return all(_wider(getattr(self, name), getattr(other, name)) for name in CONDITIONS)


class DefectRule(BaseModel):
    """One line of `defects` in routes.yml: who hears of a defect that comes again and again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Words = Field(default=(), description="product ids")
    route: Words = Field(default=(), description="the `route` of the product's file")
    to: Annotated[Words, Field(min_length=1)] = Field(description="names of targets of the kind `webhook` or `mail`")


def told_of(rules: tuple[DefectRule, ...], product: str, routes: Mapping[str, str]) -> tuple[str, ...]:
    """Return who hears of a defect of a product, by the first rule that fits; nobody without one."""
    route = routes.get(product, "")
    for rule in rules:
        if (not rule.product or product in rule.product) and (not rule.route or route in rule.route):
            return tuple(dict.fromkeys(rule.to))
    return ()


@dataclass(frozen=True)
class Choice:
    """Where a case goes, and how pressing it is there."""

    targets: tuple[str, ...]
    priority: Priority
    group: str
    rule: int
    """The rule's number, from 1."""


def choose(rules: tuple[Rule, ...], case: CaseRequest, routes: Mapping[str, str]) -> Choice:
    """Return what the first fitting rule says; `routes` knows the route of each product. Without a rule it stays here."""
    safety = isinstance(case.details, Complaint) and case.details.safety_risk
    for number, rule in enumerate(rules, 1):
        if _fits(rule, case, routes.get(case.product, ""), safety=safety):
            urgent = safety or case.flow is Flow.PERSON
            targets = tuple(dict.fromkeys(name for name in rule.to if name != DESK))
            return Choice(targets, rule.priority or ("urgent" if urgent else "normal"), rule.group, number)
    return Choice((), "normal", "", 0)


def _fits(rule: Rule, case: CaseRequest, route: str, *, safety: bool) -> bool:
    language = case.language.lower()
    told = [
        (rule.flow, case.flow),
        (rule.product, case.product),
        (rule.route, route),
        (rule.stage, case.stage),
        (rule.store, case.store),
    ]
    return (
        all(not wanted or value in wanted for wanted, value in told)
        and (not rule.language or any(language == one.lower() or language.startswith(f"{one.lower()}-") for one in rule.language))
        and (rule.safety is None or rule.safety is safety)
    )


def _wider(mine: Any, theirs: Any) -> bool:
    if mine in ((), None):
        return True
    if isinstance(mine, tuple):
        return bool(theirs) and set(theirs) <= set(mine)
    return bool(mine == theirs)
