"""Two small pictures: how the values of a column are spread, and how near a limit is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import isfinite

from editor.charts import GRID, INK, MUTED
from flows.show.wording import ems, shorten, visible

BAR = "var(--td-accent, #3b4fb5)"
GOOD, NEAR, BROKEN = "var(--td-good, #2b7a31)", "var(--td-warning, #8f5800)", "var(--td-error, #b9274d)"
NEAR_FROM = 0.8
"""From which share of a limit it is called near."""


def histogram(bars: Sequence[tuple[str, int]], title: str, width: int = 220, height: int = 64) -> str:
    """Return small bars: each a label and how many rows; the first and the last label stand below.

    Every bar that is not empty can be seen, however small, and says its number when it is pointed at.
    """
    most, slot = max((rows for _, rows in bars), default=0), width / max(len(bars), 1)
    base, gap = height - 16, min(2.0, slot / 5)
    drawn = [_line(0, base + 0.5, width, base + 0.5, GRID)]
    for place, (label, rows) in enumerate(bars):
        tall = max(2.0, (base - 2) * rows / most) if rows else 0
        corner = min(2.0, tall / 2, (slot - gap) / 2)
        drawn.append(
            f'<rect x="{place * slot + gap / 2:.1f}" y="{base - tall:.1f}" width="{max(slot - gap, 0.5):.1f}" '
            f'height="{tall:.1f}" rx="{corner:.1f}" fill="{BAR}" fill-opacity="0.75">'
            f"<title>{_text(label)}: {rows:,}</title></rect>"
        )
    if bars:
        drawn.append(_words(0, height - 3, shorten(bars[0][0], width / 22, ems), "start"))
    if len(bars) > 1:
        drawn.append(_words(width, height - 3, shorten(bars[-1][0], width / 22, ems), "end"))
    told = ", ".join(f"{label}: {rows:,}" for label, rows in bars[:20]) or "no values"
    return _svg(width, height, title, told, drawn)


def gauge(share: float | None, title: str, width: int = 220, height: int = 26) -> str:
    """Return how much of a limit is used: a track whose mark is the limit, and what goes beyond it.

    `share` is 0 for nothing, 1 at the limit; None while there is no value, which is drawn as unknown.
    """
    mark, y, thick = width * 0.8, 6, 8
    drawn = [_bar(0, y, width, thick, GRID, 0.7)]
    if share is None or share != share:
        told = "no value yet"
        drawn.append(_line(4, y + 4, width - 4, y + 4, MUTED, "2 5"))
    else:
        color = BROKEN if share > 1 else NEAR if share >= NEAR_FROM else GOOD
        told = f"{100 * share:,.0f} % of the limit" if isfinite(share) else "far beyond the limit"
        reach = min(mark * share, width) if isfinite(share) else width
        drawn.append(_bar(0, y, max(reach, thick if share > 0 else 0), thick, color, 1))
    drawn.append(_line(mark, y - 4, mark, y + thick + 4, INK))
    return _svg(width, height, title, told, drawn)


def _bar(x: float, y: float, wide: float, tall: float, color: str, opacity: float) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:.1f}" height="{tall:g}" rx="{min(tall / 2, wide / 2):g}" '
        f'fill="{color}" fill-opacity="{opacity:g}"/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, color: str, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:g}" x2="{x2:.1f}" y2="{y2:g}" stroke="{color}" stroke-width="1.5"{dashes}/>'


def _words(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{MUTED}" font-size="11" text-anchor="{anchor}">{_text(text)}</text>'


def _svg(width: int, height: int, title: str, told: str, drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="td-chart" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{_text(title)}: {_text(told)}" '
        'font-family="var(--td-font, sans-serif)">'
        f"{''.join(drawn)}</svg>"
    )


def _text(text: str) -> str:
    return escape(visible(text))
