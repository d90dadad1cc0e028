"""Places where no line may break: inside a model number, or readers look for a product called "200", and before a unit."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_MODEL = re.compile(r"\b[A-Z]{1,5}-?[0-9][0-9A-Z-]*\b")
_UNIT = (
    r"%|°C|°|€|(?:min|Min|h|s|ms|l|L|ml|cl|dl|mg|g|kg|mm|cm|m|km|m²|km/h|W|kW|kWh|V|A|mA|Ah|mAh|Hz|kHz|MHz|GHz|lm|lx|K|bar|dB|MB|GB)"
    r"(?![\w²])"
)
_BEFORE_UNIT = re.compile(rf"<(pre|code|kbd|script)\b.*?</\1>|<[^>]*>|(?<=[0-9]) (?={_UNIT})", re.DOTALL)


def whole_models(text: str) -> Markup:
    """Return the text as HTML, each model number such as AK-200 in a `span.whole`, and each unit bound to its number."""
    found = _MODEL.sub(r'<span class="whole">\g<0></span>', str(escape(text)))
    return Markup(whole_units(found))  # noqa: S704, escaped just here


def whole_units(html: str) -> str:
    """Return the HTML with a space that never breaks between a number and its unit, as in "1.7 l"; code stays as it is."""
    return _BEFORE_UNIT.sub(lambda found: "\N{NO-BREAK SPACE}" if found[0] == " " else found[0], html)
