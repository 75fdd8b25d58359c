"""Figures in words: bounds are rounded outward, so that no words promise more than the figures."""

from __future__ import annotations

import math


def interval_words(value: float, low: float, high: float, signed: bool = False) -> str:
    """Return a text such as "0.83 (0.71 to 0.92)"; three decimals where the bounds are closer than 0.05.

    signed: differences carry their sign, "+0.08 (-0.01 to +0.15)".
    """
    digits = 2 if high - low >= 0.05 else 3
    scale = 10**digits
    down, up = math.floor(low * scale + 1e-9) / scale, math.ceil(high * scale - 1e-9) / scale
    sign = "+" if signed else ""
    return f"{value:{sign}.{digits}f} ({down:{sign}.{digits}f} to {up:{sign}.{digits}f})"
