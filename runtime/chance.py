"""Chance that is the same everywhere: drawn from a seed and a key, never from an order."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def uniform(keys: Iterable[str], seed: object) -> npt.NDArray[np.float64]:
    """Return (n,) numbers in [0, 1), each drawn from the seed and its key alone."""
    import numpy as np

    start = blake2b(repr(seed).encode(), digest_size=8)

    def draw(key: str) -> int:
        hashed = start.copy()
        hashed.update(key.encode())
        return int.from_bytes(hashed.digest(), "big")

    return np.fromiter((draw(key) for key in keys), dtype=np.uint64) / 2.0**64
