"""Is this number right? If not: which is, for which cases, and until when?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from flows.problems import refuse
from runtime.question_kinds.control import Control, Said, Shown, Wording
from runtime.question_kinds.filling import REASON, choice, day, number, read_number, spelled, text

_SURE = Control(
    "sure", "choice", "Are you sure?", (("yes", "yes, I am sure"),), False, help="Needed for a large change only."
)


@dataclass(frozen=True)
class CorrectNumber:
    """Correct a number, for this case or for all that are alike, for good or until a day.

    The value keeps {column, from, to, adjustment, already, scope, group, expires}: the adjustment is
    `to` less `from`, with its sign and in the unit of the number; `already` is by how much the number
    shown had been adjusted before; scope is case or group, and the group its {column, value}.
    """

    name: str = "correct-number"
    says: str = "Correct a number that is wrong."

    def controls(self, wording: Wording, shown: Shown) -> tuple[Control, ...]:
        """Return the number, why, for which cases, until when, and whether a large change is meant."""
        now, unit = _now(wording, shown), str(wording.get("unit", ""))
        words = "nothing" if now is None else " ".join(filter(None, (spelled(now), unit)))
        low, high = _number(wording.get("low")), _number(wording.get("high"))
        answer = Control(
            "answer", "number", "The right number", (), True, low, high, unit, f"Now it is {words}.", starts=now
        )
        expires = Control("expires", "date", "Until which day", required=False, help="Empty: for good.")
        return (answer, REASON, *_scope(wording, shown), expires, _SURE)

    def read(self, wording: Wording, shown: Shown, filled: Mapping[str, object]) -> Said:
        """Return the correction; one that looks like a slip is refused unless `sure` is given."""
        by_name = {control.name: control for control in self.controls(wording, shown)}
        now, right = _now(wording, shown), number(by_name["answer"], filled)
        scope = choice(by_name["scope"], filled) if "scope" in by_name else "case"
        if _is_large(now, right, _number(wording.get("sure_factor"))) and not choice(_SURE, filled):
            raise refuse(
                "answer-unsure",
                f"From {spelled(now or 0.0)} to {spelled(right)} is a large change. Say that you are sure (sure: yes), "
                "or correct it.",
            )
        value = {
            "column": wording.get("column"),
            "from": now,
            "to": right,
            "adjustment": None if now is None else right - now,
            "already": _number(wording.get("already")) or 0.0,
            "scope": scope or "case",
            "group": _group(wording, shown) if scope == "group" else None,
            "expires": day(by_name["expires"], filled) or None,
        }
        return Said(spelled(right), value, text(REASON, filled))

    def tell(self, wording: Wording, said: Said) -> str:
        """Return the number, instead of which, for which cases and until when."""
        value, unit = said.value or {}, str(wording.get("unit", ""))
        words = " ".join(filter(None, (said.label, unit)))
        if self.detail(said):
            words += f" instead of {spelled(_number(value.get('from')) or 0.0)} ({self.detail(said)})"
        group = value.get("group")
        words += f", for all of '{group.get('value')}'" if isinstance(group, Mapping) else ""
        return words + (f", until {value['expires']}" if value.get("expires") else "")

    def detail(self, said: Said) -> str:
        """Return the adjustment with its sign; nothing where there was no number."""
        by = _number((said.value or {}).get("adjustment"))
        return "" if by is None else ("+" if by > 0 else "") + spelled(by)

    def settle(self, wording: Wording, said: Sequence[Said]) -> Said | None:
        """Return the median; it holds for a group if more than half say so, and until the earliest day they name."""
        values = [one.value for one in said if one.value is not None and _number(one.value.get("to")) is not None]
        if not values:
            return None
        right = float(median(_number(value["to"]) or 0.0 for value in values))
        wide = [value for value in values if value.get("scope") == "group"]
        of_group = 2 * len(wide) > len(values)
        agreed = wide if of_group else [value for value in values if value.get("scope") != "group"] or values
        days = sorted(str(value["expires"]) for value in agreed if value.get("expires"))
        now = _number(values[0].get("from"))
        kept = {
            **agreed[0],
            "to": right,
            "adjustment": None if now is None else right - now,
            "scope": "group" if of_group else "case",
            "group": wide[0].get("group") if of_group else None,
            "expires": days[0] if days else None,
        }
        reasons = dict.fromkeys(one.reason for one in said if one.reason)
        return Said(spelled(right), kept, " / ".join(reasons))

    def simulate(self, wording: Wording, shown: Shown, truth: str, right: bool, draw: float) -> Said | None:
        """Return the true number; who is wrong misses it by up to a fifth. None where the truth is no number."""
        true = read_number(truth)
        if true is None:
            return None
        said = true if right else true * (0.8 + 0.4 * draw) if true else draw
        low, high = _number(wording.get("low")), _number(wording.get("high"))
        within = min(max(said, low if low is not None else said), high if high is not None else said)
        return self.read(wording, shown, {"answer": repr(within), "sure": "yes"})


def _now(wording: Wording, shown: Shown) -> float | None:
    return _number(shown.get(str(wording.get("column", ""))))


def _number(found: object) -> float | None:
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _scope(wording: Wording, shown: Shown) -> tuple[Control, ...]:
    group = _group(wording, shown)
    if group is None:
        return ()
    choices = (("case", "this case"), ("group", f"all with {group['column']} '{group['value']}'"))
    return (Control("scope", "scope", "For which cases", choices, False, starts="case"),)


def _group(wording: Wording, shown: Shown) -> dict[str, object] | None:
    """Return what makes cases alike; None where the flow names no column for it, or the case has nothing there."""
    column = wording.get("alike_by")
    found = shown.get(str(column)) if column else None
    return None if found is None or found == "" else {"column": column, "value": found}


def _is_large(now: float | None, right: float, factor: float | None) -> bool:
    if now is None or factor is None or now == 0 or right == now:
        return False
    return right / now > factor or right / now < 1 / factor
