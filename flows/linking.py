"""Whether two ports can be linked: each rule looks at one thing and says what is wrong with it."""

from __future__ import annotations

import re

from flows.catalog import Catalog
from flows.flow import End, Flow, Link
from flows.graph import arrows, path
from flows.ports import Port
from flows.problems import Problem, refuse
from flows.sides import is_log, port_at, sides_of, sides_of_kind
from flows.spelling import instead, listed
from flows.step import Step

_END = re.compile(r"([^\s.]+)\.([\w-]+)")


def why_not(flow: Flow, catalog: Catalog, link: Link) -> Problem | None:
    """Return why a link cannot be added to a flow, or None when it can."""
    return misfit(flow, catalog, link) or _twice(flow, link) or _taken(flow, catalog, link) or _loop(flow, link)


def misfit(flow: Flow, catalog: Catalog, link: Link) -> Problem | None:
    """Return what is wrong with the two ends of a link, whatever else is linked; None when they fit.

    Nothing is known of the ports of a step whose kind is unknown, so that anything fits there.
    """
    return (
        _missing(flow, catalog, link.source, outgoing=True)
        or _missing(flow, catalog, link.target, outgoing=False)
        or _wrong_arrow(flow, catalog, link)
        or _wrong_type(flow, catalog, link)
    )


def bridges(catalog: Catalog, given: type, wanted: type) -> tuple[tuple[type[Step], Port, Port], ...]:
    """Return the kinds that can stand between two types, with the input and the output to use.

    Only certain ones: one input and one output of these types, and no other input that must be filled.
    """
    found = []
    for kind in catalog:
        sides = sides_of_kind(kind)
        inputs = [port for port in sides.inputs if port.type is given and not port.feedback] if sides else []
        outputs = [port for port in sides.outputs if port.type is wanted] if sides else []
        others = [port for port in sides.inputs if not port.optional and port not in inputs] if sides else []
        if len(inputs) == len(outputs) == 1 and not others:
            found.append((kind, inputs[0], outputs[0]))
    return tuple(found)


def read_link(source: str, target: str, feedback: bool) -> Link:
    """Return the link between two ends written as `step.port`; refuse what is not written so."""
    return Link(_end(source), _end(target), feedback)


def _end(text: str) -> End:
    found = _END.fullmatch(text)
    if found is None:
        raise refuse(
            "link-end-unreadable",
            f"'{text:.80}' is not an end of a link. Write a step, a dot and a port: risk.predictions",
            "links",
        )
    return End(*found.groups())


def _missing(flow: Flow, catalog: Catalog, end: End, *, outgoing: bool) -> Problem | None:
    card = flow.steps.get(end.step)
    if card is None:
        says = f"There is no step '{end.step}'. {instead(end.step, flow.steps, 'The steps are')}"
        return Problem("link-step-unknown", says, "links")
    sides = sides_of(card, catalog)
    if sides is None:
        return None
    names = [port.name for port in (sides.outputs if outgoing else sides.inputs)]
    if end.port in names:
        return None
    side = "output" if outgoing else "input"
    there_are = instead(end.port, names, f"Its {side}s are") if names else f"It has no {side} at all."
    says = f"'{end.step}' has no {side} '{end.port}'. {there_are}"
    return Problem("link-port-unknown", says, f"steps.{end.step}")


def _wrong_arrow(flow: Flow, catalog: Catalog, link: Link) -> Problem | None:
    given = port_at(flow, catalog, link.source, outgoing=True)
    taken = port_at(flow, catalog, link.target, outgoing=False)
    if taken and taken.feedback and not link.feedback:
        says = f"'{link.target}' takes experience from earlier rounds. Draw feedback: "
        says += f"{link.source} ~> {link.target}"
        return Problem("link-needs-feedback", says, "links")
    if taken and link.feedback and not taken.feedback:
        says = f"'{link.target}' takes work of this round, no feedback. {_feedback_ports(flow, catalog, link)}"
        return Problem("link-no-feedback", says, "links")
    if given and link.feedback and not is_log(given):
        says = (
            f"'{link.source}' gives {given.type_name}, which is no log, so it cannot be fed back. Feedback "
            "carries experience that is kept entry by entry, such as answers and outcomes."
        )
        return Problem("link-no-log", says, "links")
    return None


def _feedback_ports(flow: Flow, catalog: Catalog, link: Link) -> str:
    sides = sides_of(flow.steps[link.target.step], catalog)
    names = [port.name for port in sides.inputs if port.feedback] if sides else []
    if names:
        return f"Feedback goes to: {listed(names)}."
    return f"'{link.target.step}' has no input for feedback."


def _wrong_type(flow: Flow, catalog: Catalog, link: Link) -> Problem | None:
    given = port_at(flow, catalog, link.source, outgoing=True)
    taken = port_at(flow, catalog, link.target, outgoing=False)
    if given is None or taken is None or given.type is taken.type:
        return None
    says = f"'{link.source}' gives {given.type_name}, '{link.target}' takes {taken.type_name}."
    between = [] if link.feedback else [kind.kind for kind, _, _ in bridges(catalog, given.type, taken.type)]
    if between:
        says += f" Put {' or '.join(repr(kind) for kind in between[:3])} between them."
    elif not link.feedback:
        says += " No single step makes the one from the other."
    return Problem("link-type", says, "links")


def _twice(flow: Flow, link: Link) -> Problem | None:
    for other in flow.into(link.target.step, link.target.port):
        if other.source == link.source:
            return Problem("link-twice", f"'{other}' is drawn already. One link is enough.", "links")
    return None


def _taken(flow: Flow, catalog: Catalog, link: Link) -> Problem | None:
    port = port_at(flow, catalog, link.target, outgoing=False)
    others = flow.into(link.target.step, link.target.port)
    if port is None or port.many or not others:
        return None
    says = f"'{link.target}' takes one link, and '{others[0]}' is there already. Remove that one first."
    return Problem("link-port-taken", says, "links")


def _loop(flow: Flow, link: Link) -> Problem | None:
    around = () if link.feedback else path(flow, link.target.step, link.source.step)
    if not around:
        return None
    says = (
        f"'{link}' would close the loop {arrows((*around, around[0]))}. "
        "A loop exists only through feedback: draw it backwards as feedback."
    )
    return Problem("link-closes-loop", says, "links")


CODES: tuple[tuple[str, str], ...] = (
    ("link-end-unreadable", "An end of a link is a step, a dot and a port. Write it so."),
    ("link-closes-loop", "A forward link would close a loop. Draw the way back as feedback."),
)
