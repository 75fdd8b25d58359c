"""Write the reference page of the built-in kinds: `python -m runtime.reference`."""

from __future__ import annotations

import sys

from flows.catalog import Catalog
from runtime.reference import PAGE, reference
from runtime.steps import BUILTIN


def main() -> None:
    """Write the page, and say where it lies."""
    PAGE.write_text(reference(Catalog(BUILTIN)), encoding="utf-8")
    sys.stdout.write(f"Wrote {PAGE}.\n")


if __name__ == "__main__":
    main()
