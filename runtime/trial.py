"""Trying a flow up to one step: what that step needs, itself, and nothing that delivers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow

BOOK = "trying"
"""The rehearsal in which steps are tried."""


def trial_of(flow: Flow, step: str, catalog: Catalog) -> Flow:
    """Return the part of a flow that gives the result of one step.

    Feedback links are left out, so that a trial teaches nothing; what a book has learned so far is lent to it
    (see `runtime.learned`). Steps that deliver are left out, also the step itself when it delivers. Aims and
    limits on what is left stay.
    Raises `Refused` when there is no such step, or when the flow goes round in a loop.
    """
    from flows.graph import up_to

    wanted = set(up_to(flow, step))
    asked = any(kind and kind.waits() for kind in (catalog.get(flow.steps[id].kind) for id in wanted))
    for truth in _truths(flow) if asked else ():
        wanted.update(up_to(flow, truth))
    delivering = {id for id in wanted if (kind := catalog.get(flow.steps[id].kind)) and kind.purity == "delivers"}
    kept = wanted - delivering
    intent = flow.intent
    return replace(
        flow,
        steps={id: card for id, card in flow.steps.items() if id in kept},
        people=flow.people if asked else {},
        links=tuple(link for link in flow.forward() if {link.source.step, link.target.step} <= kept),
        intent=intent.model_copy(
            update={
                "aims": tuple(aim for aim in intent.aims if aim.step in kept),
                "limits": tuple(limit for limit in intent.limits if limit.step in kept),
            }
        ),
        layout={},
        notes={},
        groups={},
    )


def text_of(flow: Flow) -> bytes:
    """Return a trial as the text of a file, for the round to be kept with what it ran."""
    from flows.saving import saved_text

    return saved_text(None, flow).encode()


def _truths(flow: Flow) -> list[str]:
    """Return the steps whose hidden truth simulated people read."""
    from flows.people import groups

    described = groups(flow)[0].values()
    return [group.simulated.truth for group in described if group.simulated and group.simulated.truth in flow.steps]
