"""Why a round could not go on, in words, where the cause is an error of some library."""

from __future__ import annotations

import re

_ERROR = re.compile(r"It ended with an error: (\w+)\((.*)\)", re.DOTALL)


def stuck(sentence: str) -> str:
    """Return what a round says of itself; an error that Tandem did not foresee comes in brackets, cut short."""
    found = _ERROR.fullmatch(sentence)
    if found is None:
        return sentence
    cause = re.sub(r"""^(\d+, )?["']|["'],?$""", "", found[2]).split("\\n")[0]
    says = f"{found[1]}: {cause}" if cause else found[1]
    return f"An error that Tandem did not foresee kept it from going on; run it again to go on ({says:.200})."
