"""Model numbers stay whole in titles, and units with their numbers."""

from __future__ import annotations

import pytest

from guides.engine.unbroken import whole_models, whole_units


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("AK-200 kettle", '<span class="whole">AK-200</span> kettle'),
        ("Wasserkocher AK-200/AK-201", 'Wasserkocher <span class="whole">AK-200</span>/<span class="whole">AK-201</span>'),
        ("Error E1: no water", 'Error <span class="whole">E1</span>: no water'),
        ("Tea & <b>milk</b>", "Tea &amp; &lt;b&gt;milk&lt;/b&gt;"),
        ("Wi-Fi at home", "Wi-Fi at home"),
    ],
)
def test_models_are_kept_whole(text: str, html: str) -> None:
    """And whatever else the title holds is escaped."""
    assert whole_models(text) == html


@pytest.mark.parametrize(
    ("html", "bound"),
    [
        ("<p>Wait 20 min, then add 1.7 l.</p>", "<p>Wait 20\u00a0min, then add 1.7\u00a0l.</p>"),
        ("up to 90 °C or 60 %", "up to 90\u00a0°C or 60\u00a0%"),
        ("faster than 20 km/h", "faster than 20\u00a0km/h"),
        ("2 lids, 3 stones, 4 minutes", "2 lids, 3 stones, 4 minutes"),
        ('<img alt="1 l"> <code>sleep 5 s</code> 5 s', '<img alt="1 l"> <code>sleep 5 s</code> 5\u00a0s'),
    ],
)
def test_units_stay_with_their_numbers(html: str, bound: str) -> None:
    """In words only: attributes and code are as their writer left them."""
    assert whole_units(html) == bound
