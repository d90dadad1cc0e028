"""What readers miss, for writers: worked out from counts and cases, never told of so few that they could be known. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from service.cases import Case
from service.messages import Complaint, Repair
from service.metrics import LEAST, Figure, ratio

LEAST_VISITS = 3
"""A phrase is shown when so many different visits searched for it, and a group of cases when it has so many."""
MOST = 20
CLUSTER_CASES = 5
CLUSTER_DAYS = 30


class PageSign(NamedTuple):
    """How a page does: who read it, who said no and why, who asked a person afterwards."""

    page: str
    language: str
    views: int
    helpful: Figure
    reasons: dict[str, int]
    contacts: int
    help_to_contact: Figure


class Asked(NamedTuple):
    """Words that were searched for, in how many visits, and with how many results the last time."""

    words: str
    language: str
    visits: int
    results: int


class Exit(NamedTuple):
    """Where people left a troubleshooter, and how."""

    tree: str
    node: str
    ending: str
    times: int
    share: float
    """Of all that left this troubleshooter, in per cent."""


class Group(NamedTuple):
    """Cases of the same kind about the same model."""

    product: str
    model: str
    kind: str
    cases: int


class Cluster(NamedTuple):
    """The same defect of the same model, often enough in a short time for the maker to know."""

    product: str
    model: str
    code: str
    cases: int
    first_at: int
    last_at: int


PageCounts = Mapping[tuple[str, str], Mapping[tuple[str, str], int]]
"""For each (page, language): how much of each (name, choice)."""


def failing_pages(counted: PageCounts, contacts: Mapping[tuple[str, str], int]) -> list[PageSign]:
    """Return the pages with the worst signs: asked a person after reading first, then found unhelpful."""
    found = []
    for (page, language), own in counted.items():
        views = own.get(("page-views", ""), 0)
        votes = {choice: n for (name, choice), n in own.items() if name == "helpful"}
        reasons = {choice: n for (name, choice), n in own.items() if name == "reason" and n >= LEAST}
        if not page or views < LEAST:
            continue
        asked = min(views, max(own.get(("handoff-sent", ""), 0), contacts.get((page, language), 0)))
        asked = asked if asked >= LEAST_VISITS else 0
        helpful = ratio(votes.get("1", 0), sum(votes.values()))
        sign = PageSign(page, language, views, helpful, reasons, asked, ratio(asked, views))
        if sign.contacts or (helpful.value is not None and helpful.value < 50):
            found.append(sign)
    return sorted(found, key=_worst)[:MOST]


def _worst(sign: PageSign) -> tuple[float, float, int, str]:
    return (
        -(sign.help_to_contact.value or 0),
        sign.helpful.value if sign.helpful.value is not None else 101,
        -sign.views,
        sign.page,
    )


def asked_for(searches: Iterable[tuple[str, str, str, int]], *, found: bool) -> list[Asked]:
    """Return what was searched for with or without results; a search is (visit, words, language, results), the latest last."""
    visits: dict[tuple[str, str], set[str]] = defaultdict(set)
    results: dict[tuple[str, str], int] = {}
    for visit, words, language, n in searches:
        key = (" ".join(words.casefold().split()), language)
        visits[key].add(visit)
        results[key] = n
    told = [Asked(*key, len(who), results[key]) for key, who in visits.items() if len(who) >= LEAST_VISITS]
    told = [asked for asked in told if (asked.results > 0) is found]
    return sorted(told, key=lambda asked: (-asked.visits, asked.words))[:MOST]


def tree_exits(counted: Mapping[tuple[str, str], int]) -> list[Exit]:
    """Return where people left troubleshooters without a solution; counted by (tree, node/ending)."""
    whole: Counter[str] = Counter()
    for (tree, _), n in counted.items():
        whole[tree] += n
    found = []
    for (tree, choice), n in counted.items():
        node, _, ending = choice.rpartition("/")
        if n >= LEAST and ending != "solved":
            found.append(Exit(tree, node, ending, n, 100 * n / whole[tree]))
    return sorted(found, key=lambda exit_: (-exit_.times, exit_.tree, exit_.node))[:MOST]


def complaint_kinds(cases: Iterable[Case]) -> list[Group]:
    """Return how often which kind of complaint came about which model."""
    return _groups((case, f"{case.request.details.kind}") for case in cases if isinstance(case.request.details, Complaint))


def _groups(kinds: Iterable[tuple[Case, str]]) -> list[Group]:
    counted = Counter((case.request.product, _model(case), kind) for case, kind in kinds if not case.merged_into)
    found = [Group(*key, n) for key, n in counted.items() if n >= LEAST_VISITS]
    return sorted(found, key=lambda group: (-group.cases, group))[:MOST]


def read_before(cases: Iterable[Case]) -> dict[tuple[str, str], int]:
    """Return how many cases came from somebody who had read a page, by page and language."""
    return Counter((case.request.page, case.request.language) for case in cases if case.request.page and not case.merged_into)


def clusters(cases: Iterable[Case], now: int, *, least: int = CLUSTER_CASES, days: int = CLUSTER_DAYS) -> list[Cluster]:
    """Return the defects that were told of often enough in the last days: same product, model and code."""
    since = now - days * 86_400_000
    moments: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for case in cases:
        code = defect_code(case)
        if code and case.request.product and since <= case.received_at <= now and not case.merged_into:
            moments[case.request.product, _model(case), code].append(case.received_at)
    found = [Cluster(*key, len(at), min(at), max(at)) for key, at in moments.items() if len(at) >= least]
    return sorted(found, key=lambda cluster: (-cluster.cases, cluster))


def defect_code(case: Case) -> str:
    """Return what is wrong in a word that is the same for the same defect; nothing where it is no defect."""
    details = case.request.details
    if isinstance(details, Repair):
        return "".join(details.error_code.upper().split()) or "repair"
    if isinstance(details, Complaint) and details.kind in {"broken", "damaged", "not-as-promised"}:
        return details.kind
    return ""


def _model(case: Case) -> str:
    return " ".join(case.request.model.upper().split())


class Gap(NamedTuple):
    """Stages of a product that have no live guide in some languages."""

    product: str
    languages: tuple[str, ...]
    stages: tuple[str, ...]


def gaps(cells: Sequence[tuple[str, str, str, int]]) -> list[Gap]:
    """Return every declared stage without a live guide, those that miss the same languages together; the most missed first."""
    missing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for product, stage, language, guides in cells:
        if not guides:
            missing[product, stage].append(language)
    together: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (product, stage), languages in missing.items():
        together[product, tuple(languages)].append(stage)
    found = [Gap(product, languages, tuple(stages)) for (product, languages), stages in together.items()]
    return sorted(found, key=lambda gap: (-len(gap.languages), gap.product))
