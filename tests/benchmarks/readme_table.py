"""Tables of README that a benchmark makes: each stands between two marks with its name."""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def put(name: str, table: str) -> None:
    """Write a table between its marks; raises ValueError when README has no such marks."""
    begin, end = f"<!-- {name}: made by make bench -->", f"<!-- end of {name} -->"
    text = README.read_text(encoding="utf-8")
    head, _, rest = text.partition(begin)
    _, found, tail = rest.partition(end)
    if not found:
        raise ValueError(f"README.md has no marks for the table '{name}'.")
    README.write_text(f"{head}{begin}\n{table}\n{end}{tail}", encoding="utf-8")
