"""Contrast of colours, as the Web Content Accessibility Guidelines measure it."""

from __future__ import annotations

LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: the least for text."""


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def contrast_on_white(colour: str) -> float:
    """Return the contrast ratio of a colour on white."""
    return contrast(colour, "#ffffff")


def mix(colour: str, other: str, share: float) -> str:
    """Return a colour with a share, 0 to 1, of another one in it."""
    pairs = [(int(colour[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(one * (1 - share) + two * share):02x}" for one, two in pairs)


def toward(colour: str, goal: str, ground: str, least: float) -> str:
    """Return the colour nearest to one that has a contrast on a ground, mixed in steps toward black or white."""
    steps = (mix(colour, goal, step / 40) for step in range(41))
    return next((mixed for mixed in steps if contrast(mixed, ground) >= least), goal)
