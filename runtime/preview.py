"""Trying a flow without a store: every step in memory, nothing asked, nothing kept."""

from __future__ import annotations

from pathlib import Path

from runtime.artifacts import Artifacts
from runtime.plan import Outputs, Plan
from runtime.round import Round
from runtime.values import digest_of


class Preview:
    """A plan made ready to be played any number of times in memory.

    Steps that ask people, and all that follow them, are left out; steps that deliver hand over
    nothing. Tables still go through `artifacts`, since a table is a file named by its hash.
    """

    def __init__(self, plan: Plan, artifacts: Artifacts, folder: Path = Path(), seed: int = 1) -> None:
        self.plan = plan
        self._ready = [
            (
                planned,
                Round(
                    seed=int(digest_of([seed, planned.card.memory])[:8], 16),
                    artifacts=artifacts,
                    folder=folder,
                    by_round=planned.step.by_round,
                    opens_truth=planned.step.opens_truth,
                ),
            )
            for planned in plan.working()
            if planned.run is not None and not any(entry.port.feedback for entry in planned.inputs)
        ]

    def play(self) -> dict[str, Outputs]:
        """Run every step that needs nobody, and return what each gave, by step."""
        results: list[Outputs | None] = [None] * len(self.plan.steps)
        for planned, context in self._ready:
            inputs = planned.gather(results)
            if inputs is not None:
                assert planned.run is not None
                results[planned.position] = planned.split(planned.run(context, **inputs))
        return {
            planned.card.id: outputs
            for planned in self.plan.steps
            if (outputs := results[planned.position]) is not None
        }
