"""Whether two ports can be linked: each rule looks at one thing and says what is wrong with it."""

from __future__ import annotations

import re

from flows.catalog import Catalog
from flows.flow import End, Flow, Link
from flows.graph import path
from flows.ports import Port
from flows.problems import Problem, refuse
from flows.sides import is_log, port_at, sides_of, sides_of_kind
from flows.spelling import instead, listed
from flows.step import Step
from flows.titles import end_name, end_of, kind_title, link_name, named, port_name, route

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


def what_flows(port: Port) -> str:
    """Return what flows through a port, as a word within a sentence: `predictions`."""
    return port.type_name.lower()


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
        says = f"A link names the step '{end.step}', which is not there. "
        says += instead(end.step, flow.steps, "The steps are") if flow.steps else "The flow has no steps."
        return Problem("link-step-unknown", says, "links")
    sides = sides_of(card, catalog)
    if sides is None:
        return None
    names = [port.name for port in (sides.outputs if outgoing else sides.inputs)]
    if end.port in names:
        return None
    side = "output" if outgoing else "input"
    there_are = instead(end.port, names, f"Its {side}s are") if names else f"It has no {side} at all."
    says = f"{named(flow, end.step)} has no {side} called '{end.port}'. {there_are}"
    return Problem("link-port-unknown", says, f"steps.{end.step}")


def _wrong_arrow(flow: Flow, catalog: Catalog, link: Link) -> Problem | None:
    given = port_at(flow, catalog, link.source, outgoing=True)
    taken = port_at(flow, catalog, link.target, outgoing=False)
    if taken and taken.feedback and not link.feedback:
        says = f"{end_name(flow, link.target)} takes experience from earlier rounds, so the link from "
        says += f"{named(flow, link.source.step)} must be drawn as feedback (~>)."
        return Problem("link-needs-feedback", says, "links")
    if taken and link.feedback and not taken.feedback:
        says = f"{end_name(flow, link.target)} takes work of this round, and no feedback. "
        says += _feedback_ports(flow, catalog, link)
        return Problem("link-no-feedback", says, "links")
    if given and link.feedback and not is_log(given):
        what = what_flows(given)
        says = (
            f"{end_of(flow, link.source, what)} gives {what}, which cannot be fed back: they are no log. "
            "Feedback carries experience that is kept entry by entry, such as answers and outcomes."
        )
        return Problem("link-no-log", says, "links")
    return None


def _feedback_ports(flow: Flow, catalog: Catalog, link: Link) -> str:
    sides = sides_of(flow.steps[link.target.step], catalog)
    names = [port_name(port.name) for port in sides.inputs if port.feedback] if sides else []
    if names:
        return f"There, feedback goes to: {listed(names)}."
    return f"{named(flow, link.target.step)} has no input for feedback."


def _wrong_type(flow: Flow, catalog: Catalog, link: Link) -> Problem | None:
    given = port_at(flow, catalog, link.source, outgoing=True)
    taken = port_at(flow, catalog, link.target, outgoing=False)
    if given is None or taken is None or given.type is taken.type:
        return None
    says = f"{end_of(flow, link.source, what_flows(given))} gives {what_flows(given)}, and "
    says += f"{end_of(flow, link.target, what_flows(taken))} takes {what_flows(taken)}."
    between = (
        [] if link.feedback else [f"'{kind_title(kind)}'" for kind, _, _ in bridges(catalog, given.type, taken.type)]
    )
    if between:
        says += f" Put {' or '.join(between[:3])} between them."
    elif not link.feedback:
        says += " No single step makes the one from the other."
    return Problem("link-type", says, "links")


def _twice(flow: Flow, link: Link) -> Problem | None:
    for other in flow.into(link.target.step, link.target.port):
        if other.source == link.source:
            says = f"The {link_name(flow, other)} is drawn already. One is enough."
            return Problem("link-twice", says, "links")
    return None


def _taken(flow: Flow, catalog: Catalog, link: Link) -> Problem | None:
    port = port_at(flow, catalog, link.target, outgoing=False)
    others = flow.into(link.target.step, link.target.port)
    if port is None or port.many or not others:
        return None
    says = f"{end_name(flow, link.target)} takes one link, and the {link_name(flow, others[0])} is there already. "
    says += "Remove that one first."
    return Problem("link-port-taken", says, "links")


def _loop(flow: Flow, link: Link) -> Problem | None:
    around = () if link.feedback else path(flow, link.target.step, link.source.step)
    if not around:
        return None
    says = (
        f"The {link_name(flow, link)} would close the loop {route(flow, (*around, around[0]))}. "
        "A loop exists only through feedback: draw it backwards as feedback."
    )
    return Problem("link-closes-loop", says, "links")


CODES: tuple[tuple[str, str], ...] = (
    ("link-end-unreadable", "An end of a link is a step, a dot and a port. Write it so."),
    ("link-closes-loop", "A forward link would close a loop. Draw the way back as feedback."),
)
