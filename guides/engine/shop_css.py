"""The shop's own accent as a style sheet: no style stands in a page, the content security policy forbids it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.contrast import mix, toward

if TYPE_CHECKING:
    from guides.shop_look import ShopLook

SHOP_CSS = "assets/css/shop.css"
READABLE = 7.0
"""WCAG 2.2, 1.4.6: links and buttons are text, and ours stands at 7:1."""
PAPER, NIGHT, NIGHT_INK = "#faf7f0", "#192523", "#f4f1ea"
"""Grounds of the tokens that are hardest to read on, by day and by night, and the ink of the night."""


def shop_css(look: ShopLook) -> str:
    """Return the style sheet: the accent as it must be to be read by day and at night; empty without one.

    High contrast keeps its own colours.
    """
    if not look.accent:
        return "/* The shop has set no accent of its own: extra.helpstand.accent in mkdocs.yml. */\n"
    tint = mix(look.accent, "#ffffff", 0.9)
    day = _block(_readable(look.accent, "#000000", (PAPER, tint)), "#ffffff", tint)
    # A tint at night must carry the ink and the accent alike.
    tint = toward(mix(look.accent, NIGHT, 0.75), "#000000", NIGHT_INK, 1.6 * READABLE)
    night = _block(_readable(look.accent, "#ffffff", (NIGHT, tint)), "#0a1211", tint)
    return (
        f':root,\nhtml[data-theme="light"] {{\n{day}}}\n\n'
        "@media (prefers-color-scheme: dark) and (prefers-contrast: no-preference) {\n"
        f'html:not([data-theme], [data-surface="kiosk"]) {{\n{night}}}\n}}\n\n'
        f'html[data-theme="dark"] {{\n{night}}}\n'
    )


def _readable(accent: str, goal: str, grounds: tuple[str, ...]) -> str:
    for ground in grounds:
        accent = toward(accent, goal, ground, READABLE)
    return accent


def _block(accent: str, on_accent: str, tint: str) -> str:
    return f"  --accent: {accent};\n  --on-accent: {on_accent};\n  --tint: {tint};\n"
