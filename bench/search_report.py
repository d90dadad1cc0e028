"""The figures of a search bench as a table: a row for each set and engine."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from bench.search_sets import VARIANTS


def table(results: list[dict[str, Any]]) -> Table:
    """Return success at 1 and 5 of each variant, what it lost against plain, and what it cost."""
    made = Table(title="success at 1 / 5 (points of s5 lost against plain)", title_justify="left")
    for name in ("set", "engine", *VARIANTS, "zero", "CPU ms 50/95 %", "index s", "kB", "first result"):
        made.add_column(name, no_wrap=True)
    for result in results:
        rows = [("helpstand", result), *result.get("peers", {}).items()]
        for name, found in rows:
            made.add_row(result["set"] if found is result else "", name, *_cells(found))
        for name in result.get("missing", {}):
            made.add_row("", name, "not measured")
        made.add_section()
    return made


def _cells(found: dict[str, Any]) -> list[str]:
    plain = found["plain"]
    first = f"{found['first_result_ms']:.0f} ms, {found['first_result_kb']:.0f} kB" if "first_result_ms" in found else ""
    return [
        *(_variant(found.get(variant), plain) for variant in VARIANTS),
        f"{plain['zero']:.3f}",
        f"{found['query_cpu_ms_p50']:.1f}/{found['query_cpu_ms_p95']:.1f}",
        f"{found['index_seconds']:.2f}",
        f"{found['index_bytes'] / 1000:.0f}",
        first,
    ]


def _variant(worth: dict[str, Any] | None, plain: dict[str, Any]) -> str:
    if worth is None:
        return ""
    lost = f" ({100 * (worth['s5'] - plain['s5']):+.1f})" if worth is not plain else ""
    return f"{worth['s1']:.3f}/{worth['s5']:.3f}{lost}"
