"""Model numbers in titles: a line never breaks inside one, or readers look for a product called "200"."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_MODEL = re.compile(r"\b[A-Z]{1,5}-?[0-9][0-9A-Z-]*\b")


def whole_models(text: str) -> Markup:
    """Return the text as HTML, each model number such as AK-200 in a `span.whole`."""
    return Markup(_MODEL.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704, escaped just here
