"""What insights are made of, read from the store; and the clusters of which the maker was told."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, union_all, update

from service.insights import Cluster
from service.store.tables import clusters, counts, phrases, sums

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Row

QUIET = 30 * 86_400_000
"""A defect that was not told of for so long is a new one when it comes again."""
CLUSTER_LOCK = 4_811_270_002
MARK = "defect-"
"""So begins the name under which a defect is handed on; no case's number does."""
_OF_PAGES = ("page-views", "helpful", "reason", "handoff-sent")


def page_counts(connection: Connection, first: str, last: str) -> dict[tuple[str, str], dict[tuple[str, str], int]]:
    """Return for each page and language how much of each name and choice was counted."""
    found: dict[tuple[str, str], dict[tuple[str, str], int]] = defaultdict(dict)
    columns = ("page", "language", "name", "choice")
    for page, language, name, choice, n in _counted(connection, first, last, columns, _OF_PAGES):
        found[page, language][name, choice] = n
    return found


def exits(connection: Connection, first: str, last: str) -> dict[tuple[str, str], int]:
    """Return how often each troubleshooter was left at each place."""
    rows = _counted(connection, first, last, ("page", "choice"), ("tree-exit",))
    return {(tree, choice): n for tree, choice, n in rows}


def searches(connection: Connection, first: str, last: str) -> list[tuple[str, str, str, int]]:
    """Return every search as (visit, words, language, results), the latest last; only who may count visits sees these."""
    query = select(phrases).where(phrases.c.day.between(first, last)).order_by(phrases.c.day, phrases.c.kiosk, phrases.c.seq)
    rows = connection.execute(query)
    return [(f"{row.kiosk} {row.epoch} {row.seq}", row.words, row.language, row.results) for row in rows]


def _counted(
    connection: Connection, first: str, last: str, columns: tuple[str, ...], names: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    each = (
        select(*(table.c[name] for name in columns), table.c.n).where(table.c.day.between(first, last), table.c.name.in_(names))
        for table in (counts, sums)
    )
    lines = union_all(*each).subquery()
    keys = [lines.c[name] for name in columns]
    return [(*row[:-1], int(row[-1])) for row in connection.execute(select(*keys, func.sum(lines.c.n)).group_by(*keys))]


def raise_clusters(connection: Connection, found: Iterable[Cluster], now: int) -> list[Cluster]:
    """Note defects that came together; return those that are new, each once until it has been quiet for a month."""
    if connection.dialect.name == "postgresql":  # two desks that look at the same moment; SQLite lets in one writer anyway
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CLUSTER_LOCK})")
    new = []
    for cluster in found:
        where = (clusters.c.product == cluster.product, clusters.c.model == cluster.model, clusters.c.code == cluster.code)
        last = connection.execute(select(clusters).where(*where).order_by(clusters.c.raised_at.desc()).limit(1)).one_or_none()
        if last is not None and cluster.last_at - last.seen_at <= QUIET:
            same = (*where, clusters.c.raised_at == last.raised_at)
            connection.execute(update(clusters).where(*same).values(cases=cluster.cases, seen_at=cluster.last_at))
            continue
        key = {"product": cluster.product, "model": cluster.model, "code": cluster.code}
        connection.execute(insert(clusters), {**key, "raised_at": now, "cases": cluster.cases, "seen_at": cluster.last_at})
        new.append(cluster)
    return new


def raised(connection: Connection, since: int) -> list[Row[Any]]:
    """Return the defects that were raised since a moment, the newest first."""
    return list(connection.execute(select(clusters).where(clusters.c.raised_at >= since).order_by(clusters.c.raised_at.desc())))


def name_of(cluster: Cluster, raised_at: int) -> str:
    """Return the name under which a defect is handed on; the cases of then are in it, so that every try tells the same."""
    digest = hashlib.sha256(json.dumps([cluster.product, cluster.model, cluster.code]).encode()).hexdigest()
    return f"{MARK}{raised_at}-{cluster.cases}-{digest[:12]}"


def event_named(connection: Connection, name: str) -> dict[str, Any] | None:
    """Return the event of a raised defect by that name; None when there is none."""
    told = re.fullmatch(rf"{MARK}([0-9]{{1,15}})-([0-9]{{1,9}})-[0-9a-f]{{12}}", name)
    if told is None:
        return None
    raised_at, cases = int(told[1]), int(told[2])
    for row in connection.execute(select(clusters).where(clusters.c.raised_at == raised_at)):
        found = Cluster(row.product, row.model, row.code, cases, raised_at, raised_at)
        if name_of(found, raised_at) == name:
            return cluster_event(found, raised_at)
    return None


def cluster_event(found: Cluster | Row[Any], raised_at: int) -> dict[str, Any]:
    """Return what the maker is told: a `defect.cluster` event with nothing of a person in it."""
    facts = {"product": found.product, "model": found.model, "code": found.code, "cases": found.cases}
    return {"type": "defect.cluster", "timestamp": raised_at, "data": facts}
