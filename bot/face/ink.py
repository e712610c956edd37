"""What every picture is drawn with: its font, its colours on a dark card, text and lines."""

import asyncio
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

FONT_DIR: Final = Path(__file__).parent / "fonts"
FONTS: Final = [str(FONT_DIR / "DejaVuSans.ttf"), str(FONT_DIR / "DejaVuSans-Bold.ttf")]

CARD, EDGE = "#232428", "#3f4147"
TEXT, QUIET = "#f2f3f5", "#b5bac1"
WIDE: Final = 0.62  # of its size, an average letter


@dataclass(frozen=True)
class Chart:
    """A picture with its alternative text and all its figures in words."""

    svg: str
    alt: str
    figures_text: str


async def png(svg: str) -> bytes:
    """The drawing as a PNG file, made beside the event loop."""
    return await asyncio.to_thread(_render, svg)


def _render(svg: str) -> bytes:
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, font_files=FONTS, skip_system_fonts=True, font_family="DejaVu Sans"
        )
    )


def sheet(width: int, height: int, *parts: str) -> str:
    """A whole drawing on a dark card with round corners."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="DejaVu Sans">'
        f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="20" fill="{CARD}" '
        f'stroke="{EDGE}" stroke-width="2"/>{"".join(parts)}</svg>'
    )


def text(
    x: float,
    y: float,
    words: str,
    size: int = 24,
    anchor: str = "start",
    fill: str = TEXT,
    bold: bool = False,
) -> str:
    """Some words; `anchor` says which end of them stands at x."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{fill}"{weight}>{escape(words)}</text>'
    )


def stroke(
    x1: float, y1: float, x2: float, y2: float, colour: str, width: int, more: str = ""
) -> str:
    """A straight line with round ends."""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}" stroke-linecap="round"{more}/>'
    )


def long(words: str, size: int) -> float:
    """About how long these words are in pixels."""
    return len(words) * WIDE * size
