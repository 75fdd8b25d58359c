"""What the problem codes mean that stand in modules without a list of their own."""

from __future__ import annotations

CODES: tuple[tuple[str, str], ...] = (
    (
        "setting-conflict",
        "Settings that are each fine do not go together; change the one that the sentence names.",
    ),
)
