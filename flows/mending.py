"""What would make a refused edit possible: the fix that a refusal offers, itself a command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows.catalog import Catalog
from flows.commands import AddStep, All, AnyCommand, Configure, Connect, Disconnect
from flows.detours import middle
from flows.flow import Card, Flow, Link
from flows.linking import bridges, why_not
from flows.paste import free_id, taken_ids
from flows.problems import Problem, Refused
from flows.sides import is_log, port_at, sides_of
from flows.spelling import listed
from flows.titles import kind_title, link_name, named, setting_title, to_draw


def mended(problem: Problem, flow: Flow, catalog: Catalog, link: Link) -> Problem:
    """Return why a link is refused, with an edit that leads to what was meant where one is evident."""
    if problem.code == "link-type" and not link.feedback:
        return _bridged(problem, flow, catalog, link)
    if problem.code in ("link-needs-feedback", "link-no-feedback"):
        turned = replace(link, feedback=not link.feedback)
        return offering(problem, drawn(turned), f"{to_draw(flow, turned)}.", flow, catalog)
    if problem.code == "link-port-taken":
        other = flow.into(link.target.step, link.target.port)[0]
        says = f"{to_draw(flow, link)} in the place of the one from {named(flow, other.source.step)}."
        return offering(problem, All(commands=(removed(other), drawn(link))), says, flow, catalog)
    return _backwards(problem, flow, catalog, link) if problem.code == "link-closes-loop" else problem


def offering(problem: Problem, fix: AnyCommand, says: str, flow: Flow, catalog: Catalog) -> Problem:
    """Return a problem with its fix, or without one when the fix would be refused as well."""
    try:
        fix.apply(flow, catalog)
    except Refused:
        return problem
    return replace(problem, fix=fix, fix_says=says)


def keeping_links(before: Flow, after: Flow, catalog: Catalog, step: str, command: AnyCommand) -> Flow:
    """Return the flow after an edit of a step; refuse when links of the step would lose their port by it."""
    lost = _lost(before, after, catalog, step)
    if not lost:
        return after
    first = _unfit(after, catalog, lost[0])
    says = f"Then the {link_name(after, lost[0])} would not fit any more: {first.message if first else ''}"
    more = [f"the {link_name(after, link)}" for link in lost[1:]]
    says += f" The same goes for {listed(more)}." if more else ""
    fix = All(commands=(*(removed(link) for link in lost), command))
    problem = Problem("links-lost", says, f"steps.{step}")
    raise Refused(offering(problem, fix, "Remove what does not fit, and make the change.", before, catalog))


def without(
    names: Sequence[str], problem: Problem, flow: Flow, card: Card, catalog: Catalog, command: AnyCommand
) -> Problem:
    """Return why a card cannot be another, with the edit that drops these settings and what hangs on them."""
    left = {name: value for name, value in card.settings.items() if name not in names}
    lost = _lost(flow, flow.with_card(replace(card, settings=left)), catalog, card.id)
    unset = [Configure(step=card.id, setting=name, unset=True) for name in names]
    titles = [f"'{_title(catalog, card, name)}'" for name in names]
    says = f"Drop {listed([*titles, *(f'the {link_name(flow, link)}' for link in lost)])}, and make the change."
    fix = All(commands=(*(removed(link) for link in lost), *unset, command))
    return offering(problem, fix, says, flow, catalog)


def drawn(link: Link) -> Connect:
    """Return the command that draws a link."""
    return Connect(source=str(link.source), target=str(link.target), feedback=link.feedback)


def removed(link: Link) -> Disconnect:
    """Return the command that takes a link away."""
    return Disconnect(source=str(link.source), target=str(link.target), feedback=link.feedback)


def _lost(before: Flow, after: Flow, catalog: Catalog, step: str) -> list[Link]:
    return [
        link
        for link in after.links
        if step in (link.source.step, link.target.step)
        and _unfit(after, catalog, link)
        and not _unfit(before, catalog, link)
    ]


def _unfit(flow: Flow, catalog: Catalog, link: Link) -> Problem | None:
    others = list(flow.links)
    others.remove(link)
    return why_not(replace(flow, links=tuple(others)), catalog, link)


def _bridged(problem: Problem, flow: Flow, catalog: Catalog, link: Link) -> Problem:
    given = port_at(flow, catalog, link.source, outgoing=True)
    taken = port_at(flow, catalog, link.target, outgoing=False)
    for kind, into, out in bridges(catalog, given.type, taken.type) if given and taken else ():
        name = free_id(kind.kind, taken_ids(flow))
        step = AddStep(id=name, kind=kind.kind, position=middle(flow, link))
        first = Connect(source=str(link.source), target=f"{name}.{into.name}")
        second = Connect(source=f"{name}.{out.name}", target=str(link.target))
        says = f"Put '{kind_title(kind)}' between them."
        offered = offering(problem, All(commands=(step, first, second)), says, flow, catalog)
        if offered.fix:
            return offered
    return problem


def _backwards(problem: Problem, flow: Flow, catalog: Catalog, link: Link) -> Problem:
    given = port_at(flow, catalog, link.source, outgoing=True)
    sides = sides_of(flow.steps[link.target.step], catalog)
    if given is None or sides is None or not is_log(given):
        return problem
    names = [port.name for port in sides.inputs if port.feedback and port.type is given.type]
    if len(names) != 1:
        return problem
    back = Link(link.source, replace(link.target, port=names[0]), feedback=True)
    return offering(problem, drawn(back), f"{to_draw(flow, back)}.", flow, catalog)


def _title(catalog: Catalog, card: Card, setting: str) -> str:
    kind = catalog.get(card.kind)
    return setting_title(kind, (setting,)) if kind else setting
