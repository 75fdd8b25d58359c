"""The key of each row: from columns that are named, or from the words of the row itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl

from flows.problems import Refused, refuse
from runtime.tables.native import spelled
from runtime.tables.oddities import SHOWN, counted, quoted
from runtime.tables.settings import KEY

Hashes = np.ndarray[tuple[int], np.dtype[np.uint64]]
Parts = Callable[[], Iterator[pl.DataFrame]]  # begins anew at each call
HASH_BYTES = 8  # 16 hex characters; two of 3 million different rows agree with probability 2e-7, and get -2


@dataclass(frozen=True)
class Keys:
    """What gives each row its key: columns of the table, or without them the hashes of its rows.

    `hashes` has one uint64 a row, in file order; `repeated` holds those that occur more than once, sorted.
    """

    columns: tuple[str, ...]
    hashes: Hashes
    repeated: Hashes

    def of(self, part: pl.DataFrame, start: int, seen: Counter[int]) -> pl.Series:
        """Return the keys of a part that begins at row `start`; `seen` counts equal rows over all parts."""
        if self.columns:
            return joined(part, self.columns)
        hashes = self.hashes[start : start + part.height]
        words = [f"{number:016x}" for number in hashes.tolist()]
        for row in np.flatnonzero(np.isin(hashes, self.repeated)).tolist():
            number = int(hashes[row])
            seen[number] += 1
            if seen[number] > 1:
                words[row] = f"{words[row]}-{seen[number]}"
        return pl.Series(KEY, words, pl.String)


def keys_of_columns(parts: Parts, columns: tuple[str, ...], file: str) -> Keys:
    """Return the keys that the columns hold; `table-key-missing` or `table-key-twice` where they are none.

    A key is missing where any of its words is. Rows count from 1.
    """
    hashes, missing, start = [], [], 0
    for part in parts():
        keys = joined(part, columns)
        missing += [start + row + 1 for row in keys.is_null().arg_true().to_list()]
        hashes.append(keys.hash(seed=0).to_numpy())
        start += part.height
    if missing:
        raise _missing(columns, missing, file)
    found = _repeated(hashes)
    if len(found):
        _judge_twice(parts, columns, found, file)
    return Keys(columns, np.empty(0, np.uint64), np.empty(0, np.uint64))


def keys_of_rows(parts: Parts) -> Keys:
    """Return keys hashed from all words of each row as they stand in the file, with the columns' names.

    Missing words and the order of columns make no difference, so an empty column more changes no key.
    """
    hashes = [_hashed(_spelled(part)) for part in parts()]
    whole = np.concatenate(hashes) if hashes else np.empty(0, np.uint64)
    return Keys((), whole, _repeated([whole]))


def joined(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return the words of the key columns with | between them, null where one is missing."""
    frame = frame.select(spelled(frame[name]) for name in columns)
    words = [pl.col(name).str.strip_chars() for name in columns]
    cells: list[pl.Expr] = [pl.when(word != "").then(word) for word in words]
    if len(cells) == 1:
        return frame.select(cells[0].alias(KEY)).to_series()
    escaped = [cell.str.replace_all("\\", "\\\\", literal=True) for cell in cells]
    escaped = [cell.str.replace_all("|", "\\|", literal=True) for cell in escaped]
    return frame.select(pl.concat_str(escaped, separator="|").alias(KEY)).to_series()


def _spelled(frame: pl.DataFrame) -> pl.Series:
    """Return each row as one word that no other row has: name, length and word of each known cell."""
    frame = frame.select(spelled(column) for column in frame.get_columns())
    cells = []
    for name in sorted(frame.columns):
        word = pl.col(name)
        length = word.str.len_bytes().cast(pl.String)
        cell = pl.concat_str(pl.lit(f"{name}\x1f"), length, pl.lit("\x1f"), word)
        cells.append(pl.when(word != "").then(cell))
    return frame.select(pl.concat_str(cells, ignore_nulls=True).alias(KEY)).to_series()


def _hashed(words: pl.Series) -> Hashes:
    digests = b"".join(blake2b(word.encode(), digest_size=HASH_BYTES).digest() for word in words)
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)


def _repeated(hashes: Sequence[Hashes]) -> Hashes:
    ordered = np.sort(np.concatenate(hashes)) if hashes else np.empty(0, np.uint64)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def _missing(columns: Sequence[str], rows: list[int], file: str) -> Refused:
    shown = ", ".join(f"{row:,}" for row in rows[:SHOWN])
    message = f"The key {_named(columns)} is missing in {counted(len(rows), 'row')} of {file}, first in row {shown}."
    return refuse("table-key-missing", f"{message} Fill it in, or name other columns as the key.", columns[0])


def _judge_twice(parts: Parts, columns: tuple[str, ...], suspects: Hashes, file: str) -> None:
    rows: dict[str, list[int]] = {}
    start = 0
    for part in parts():
        keys = joined(part, columns)
        for row in np.flatnonzero(np.isin(keys.hash(seed=0).to_numpy(), suspects)).tolist():
            rows.setdefault(keys[row], []).append(start + row + 1)
        start += part.height
    twice = {key: at for key, at in rows.items() if len(at) > 1}
    if twice:
        raise _twice(columns, twice, file)


def _twice(columns: Sequence[str], twice: dict[str, list[int]], file: str) -> Refused:
    shown = "; ".join(
        f"{quoted([key])} in rows {', '.join(f'{row:,}' for row in at[:SHOWN])}"
        for key, at in list(twice.items())[:SHOWN]
    )
    several = f"{counted(len(twice), 'key')} {'stands' if len(twice) == 1 else 'stand'} on several rows"
    message = f"The key {_named(columns)} must differ from row to row, but in {file} {several}: {shown}."
    what = "Name more columns as the key, or leave it empty to count equal rows."
    return refuse("table-key-twice", f"{message} {what}", columns[0])


def _named(columns: Sequence[str]) -> str:
    return " and ".join(columns)
