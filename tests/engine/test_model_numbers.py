"""Model numbers stay whole in titles."""

from __future__ import annotations

import pytest

from guides.engine.model_numbers import whole_models


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
