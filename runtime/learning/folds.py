"""Parts of the training rows for cross-fitting: groups stay together, each label is spread evenly."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def deal(labels: Ints, groups: npt.NDArray[np.str_], seed: int, most: int = 5) -> Ints | None:
    """Return the part (0, 1, ...) of each row, or None when there is too little to cross-fit.

    It takes at least 10 rows and two labels that each stand in three groups or more. The parts depend
    on groups and seed, never on the order of rows.
    """
    members: dict[str, list[int]] = {}
    for row, group in enumerate(groups.tolist()):
        members.setdefault(group, []).append(row)
    size = Counter(labels.tolist())
    rarest = {
        group: min(labels[rows].tolist(), key=lambda label: (size[label], label)) for group, rows in members.items()
    }
    spread = [count for count in Counter(rarest.values()).values() if count >= 3]
    if len(labels) < 10 or len(spread) < 2:
        return None
    parts = min(most, min(spread))
    order = sorted(members, key=lambda group: (size[rarest[group]], rarest[group], _shuffled(group, seed)))
    part = np.zeros(len(labels), dtype=np.int64)
    for place, group in enumerate(order):
        part[members[group]] = place % parts
    return part


def _shuffled(group: str, seed: int) -> bytes:
    return blake2b(f"{seed}/{group}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
