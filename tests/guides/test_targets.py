"""Where a link leads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.targets import Kind, resolve


@pytest.mark.parametrize(
    ("target", "kind", "name", "anchor"),
    [
        ("descale.md", Kind.PAGE, "kettle/descale", ""),
        ("./descale.md#lime", Kind.PAGE, "kettle/descale", "lime"),
        ("../robot/first-map.md", Kind.PAGE, "robot/first-map", ""),
        ("../../de/kettle/descale.md", Kind.PAGE, "../de/kettle/descale", ""),
        ("gr%C3%B6%C3%9Fe%20%26%20farbe.md", Kind.PAGE, "kettle/größe & farbe", ""),
        ("gro\u0308ße.md", Kind.PAGE, "kettle/größe", ""),
        ("#lime", Kind.HERE, "kettle/use", "lime"),
        ("../../media/lid.svg", Kind.FILE, "", ""),
        ("/en/kettle/use.html", Kind.ABSOLUTE, "", ""),
        ("//host.example/x", Kind.OUTSIDE, "", ""),
        ("https://host.example/a.md", Kind.OUTSIDE, "https", ""),
        ("service:repair", Kind.SERVICE, "repair", ""),
        ("javascript:alert(1)", Kind.DANGEROUS, "javascript", ""),
        ("JaVaScRiPt:alert(1)", Kind.DANGEROUS, "javascript", ""),
        (" java\tscript:alert(1)", Kind.DANGEROUS, "javascript", ""),
        ("java&#115;cript:alert(1)", Kind.DANGEROUS, "javascript", ""),
        ("&#1;javascript:alert(1)", Kind.DANGEROUS, "javascript", ""),
        ("data:text/html,x", Kind.DANGEROUS, "data", ""),
        ("vbscript:x", Kind.DANGEROUS, "vbscript", ""),
        ("file:///etc/passwd", Kind.DANGEROUS, "file", ""),
        ("", Kind.EMPTY, "", ""),
    ],
)
def test_where_a_target_leads(target: str, kind: Kind, name: str, anchor: str) -> None:
    """What browsers make of an address counts, not what it looks like."""
    found = resolve("kettle/use", target)
    assert (found.kind, found.id, found.anchor) == (kind, name, anchor)


@given(st.text())
def test_no_target_raises(target: str) -> None:
    """A target can be any text."""
    resolve("kettle/use", target)
