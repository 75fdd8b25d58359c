"""Whether the team is better than the model and than people alone, on the same cases drawn at random."""

from __future__ import annotations

from runtime.measuring import Measure, Pair, Verdict, paired, verdict
from runtime.measuring_rounds.audit import Audit
from runtime.measuring_rounds.taken import Look, Row, truth_words

OVER = Pair(None, None, None, 0, "not known: all announced rounds are over")


def standing(audit: Audit, look: Look, measure: Measure) -> tuple[tuple[Row, Row], Verdict]:
    """Return by how much the team is better than the model and than people, and what follows from it."""
    model, people, team = audit.side_by_side()
    pairs = [
        OVER if look.alpha is None else paired(measure, team, other, look.positive, look.alpha)
        for other in (model, people)
    ]
    truth = truth_words(audit.cases)
    rows = [
        Row(
            f"team_minus_{other}", "team", "audit", truth, pair.difference, pair.low, pair.high,
            pair.cases, 0, None, look.round, f"{measure.replace('_', ' ')} {pair.says}",
        )
        for other, pair in zip(("model", "people"), pairs, strict=True)
    ]  # fmt: skip
    found = verdict(pairs[0], pairs[1])
    on = f"On the cases drawn at random so far, by {measure.replace('_', ' ')}"
    sentence = f"{on}: {found.sentence[0].lower()}{found.sentence[1:]}"
    return (rows[0], rows[1]), Verdict(found.standing, sentence)
