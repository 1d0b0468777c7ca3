"""A space picks one hue; everything else about its colours is derived, and checked to be readable.

Colours are made in OKLCH, where equal lightness looks equally light whatever the hue, then searched
for the first lightness whose contrast (WCAG 2.2) suffices. A derived pair that fails is impossible
by construction: the search only ends on one that passes.
"""

from __future__ import annotations

from functools import cache
from math import cos, radians, sin
from typing import NamedTuple

SURFACE, SURFACE_DARK, INK, WHITE = "#ffffff", "#1a1d20", "#15181b", "#ffffff"

TEXT_CONTRAST = 4.5
EDGE_CONTRAST = 3.0


class Palette(NamedTuple):
    """The colours of a space in one theme, as CSS hexadecimal.

    `fill` is the ribbon, `on` the text on it, `thread` the second thread of its weave; `text` is
    the hue as text on the theme's surface, `tint` a quiet background that carries it, `chart` is
    for bars and charts, `deep` the hue as text on a panel that stays light.
    """

    fill: str
    on: str
    thread: str
    text: str
    tint: str
    chart: str
    deep: str


@cache
def derive_palette(hue: int, *, dark: bool = False) -> Palette:
    """Return the colours of a space that picked `hue` (0 to 359, OKLCH)."""
    fill = _hex(0.52, 0.19, hue)
    on = max((WHITE, INK), key=lambda ink: contrast(ink, fill))
    thread = _first(hue, 0.11, _steps(0.72, 0.97), ((fill, 1.8),))
    tint = _hex(0.28, 0.045, hue) if dark else _hex(0.955, 0.025, hue)
    surface = SURFACE_DARK if dark else SURFACE
    lightnesses = _steps(0.68, 0.95) if dark else _steps(0.5, 0.2)
    return Palette(
        fill=fill,
        on=on,
        thread=thread,
        text=_first(hue, 0.13, lightnesses, ((surface, TEXT_CONTRAST), (tint, TEXT_CONTRAST))),
        tint=tint,
        chart=_first(
            hue, 0.17, _steps(0.6, 0.95) if dark else _steps(0.55, 0.2), ((surface, EDGE_CONTRAST),)
        ),
        deep=_first(hue, 0.13, _steps(0.5, 0.2), ((SURFACE, TEXT_CONTRAST),)),
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _first(
    hue: int, chroma: float, lightnesses: list[float], against: tuple[tuple[str, float], ...]
) -> str:
    """Return the first colour that has the asked contrast against every other."""
    for lightness in lightnesses:
        colour = _hex(lightness, chroma, hue)
        if all(contrast(colour, other) >= ratio for other, ratio in against):
            return colour
    raise AssertionError(f"no lightness of hue {hue} is readable")


def _steps(start: float, end: float) -> list[float]:
    return [start + (end - start) * step / 24 for step in range(25)]


def _hex(lightness: float, chroma: float, hue: int) -> str:
    """Return an OKLCH colour as hexadecimal sRGB, its chroma lowered until it fits the gamut."""
    while True:
        red, green, blue = _linear_rgb(lightness, chroma, hue)
        if chroma <= 0 or all(-1e-4 <= value <= 1 + 1e-4 for value in (red, green, blue)):
            return "#" + "".join(f"{_byte(value):02x}" for value in (red, green, blue))
        chroma -= 0.005


def _linear_rgb(lightness: float, chroma: float, hue: int) -> tuple[float, float, float]:
    """Convert OKLCH to linear sRGB (Björn Ottosson's matrices)."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _byte(linear: float) -> int:
    clipped = min(1.0, max(0.0, linear))
    gamma = 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
    return round(gamma * 255)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
