"""A flow as one self-contained SVG picture."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from flows.show.boxes import GRID, ICON, LINE, PAD, ROW, WIDE, Box, boxes, frame
from flows.show.cards import Face, Pin, faces
from flows.show.routes import Route, Router
from flows.show.theme import DARK, FONT, HEADING, LIGHT, NAME, SIGNS, SMALL, TEXT, Theme
from flows.show.wording import ems, shorten, span, visible, wrap

if TYPE_CHECKING:
    from flows.catalog import Catalog
    from flows.flow import Flow

MARGIN = 40
NARROWEST = 520
DASHED = 'stroke-linecap="round" stroke-dasharray="5 6"'


def svg(flow: Flow, catalog: Catalog, dark: bool = False) -> str:
    """Return a picture of a flow: its intent, a card for each step, every link and what it carries.

    Needs no font, script or style from elsewhere. Cards stand where the layout of the flow places
    them, or in layers when it does not place them all. Each card carries `data-step` and each link
    `data-link`, so that a page can find them.
    """
    theme = DARK if dark else LIGHT
    drawn = faces(flow, catalog)
    placed = boxes(flow, drawn)
    routes = Router(placed).routes(flow.links)
    left, top, right, bottom = frame(placed.values())
    left = min([left, *(route.left for route in routes)])
    top = min([top, *(route.top for route in routes)])
    right = max([right, left + NARROWEST, *(route.right for route in routes)])
    bottom = max([bottom, *(route.bottom for route in routes)])
    head, head_height = _head(flow, left, right - left, theme)
    foot, foot_height = _legend(flow, drawn, left, bottom + 36, right - left, theme)
    top -= head_height
    return "\n".join(
        [
            _opening(flow, left - MARGIN, top - MARGIN, right + MARGIN, bottom + foot_height + MARGIN, theme),
            _moved(0, top, head),
            *(_link(route, _type_of(route, drawn), theme) for route in routes),
            *(_card(box, theme) for box in placed.values()),
            *_labels(routes, theme),
            *foot,
            "</svg>\n",
        ]
    )


def _opening(flow: Flow, left: float, top: float, right: float, bottom: float, theme: Theme) -> str:
    box = f"{left:.6g} {top:.6g} {right - left:.6g} {bottom - top:.6g}"
    steps = f"{len(flow.steps)} steps, {len(flow.forward())} links, {len(flow.feedback())} feedback links."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{right - left:.6g}" '
        f'height="{bottom - top:.6g}" role="img" font-family="{FONT}">\n'
        f"<title>{_safe(flow.name or flow.id)}</title>\n<desc>{_safe(flow.intent.goal)} {steps}</desc>\n"
        f'<defs><clipPath id="card-top"><rect width="{WIDE * GRID}" height="60" rx="12"/></clipPath></defs>\n'
        f'<rect x="{left:.6g}" y="{top:.6g}" width="{right - left:.6g}" height="{bottom - top:.6g}" '
        f'fill="{theme.paper}"/>'
    )


# -- the intent, above the cards --


def _head(flow: Flow, left: float, width: float, theme: Theme) -> tuple[list[str], float]:
    """Return the name, goal, aims and limits from y = 0 on, and the height that they take."""
    down, parts = 0.0, []
    for line in wrap(flow.name or flow.id, width / NAME, ems):
        parts.append(_text(left, down + 20, line, NAME, theme.ink, "700"))
        down += 30
    for line in wrap(flow.intent.goal, min(width, 900) / HEADING, ems) if flow.intent.goal else ():
        parts.append(_text(left, down + 14, line, HEADING, theme.muted))
        down += 21
    chips, height = _chips(flow, left, down + 14, width, theme)
    return [*parts, *chips], down + height + 36


def _chips(flow: Flow, left: float, top: float, width: float, theme: Theme) -> tuple[list[str], float]:
    said = [("Aim", str(aim)) for aim in flow.intent.aims]
    said += [("Limit", str(limit)) for limit in flow.intent.limits]
    said += [("Starts", flow.starts)] if flow.starts else []
    parts, x, y = [], left, top
    for word, text in said:
        text = shorten(text, width / TEXT - 8, ems)
        lead = span(word, ems) * TEXT + 8
        wide = lead + span(text, ems) * TEXT + 24
        if x > left and x + wide > left + width:
            x, y = left, y + 34
        parts += [
            f'<rect x="{x:.6g}" y="{y:.6g}" width="{wide:.6g}" height="26" rx="13" '
            f'fill="{theme.surface}" stroke="{theme.border}"/>',
            _text(x + 12, y + 17, word, TEXT, theme.muted),
            _text(x + 12 + lead, y + 17, text, TEXT, theme.ink, "500"),
        ]
        x += wide + 8
    return parts, (y - top + 40 if said else 0)


# -- cards --


def _card(box: Box, theme: Theme) -> str:
    face, colour = box.face, theme.family(box.face.family)
    dashed = "" if face.family else ' stroke-dasharray="5 4"'
    size = f'width="{box.width:.6g}" height="{box.height:.6g}" rx="12"'
    words = theme.ink if face.family else theme.muted
    inner = [
        f"<title>{_safe(f'{face.heading}: {face.sentence}')}</title>",
        f'<rect y="2" {size} fill="#000" opacity="0.06"/>',
        f'<rect {size} fill="{theme.surface}" stroke="{theme.border}"{dashed}/>',
        f'<rect width="{box.width:.6g}" height="4" fill="{colour}" clip-path="url(#card-top)"/>',
        _sign(face, colour),
        *_lines(box.heading, PAD + ICON + 10, 29, HEADING, words, "600"),
        _text(PAD + ICON + 10, 29 + LINE * len(box.heading) - 2, _byline(box), SMALL, theme.muted),
        *_lines(box.lines, PAD, box.lines_top + 16, TEXT, words),
        *_ports(box, theme),
    ]
    return f'<g data-step="{_safe(face.id)}" transform="translate({box.x:.6g},{box.y:.6g})">' + "".join(inner) + "</g>"


def _sign(face: Face, colour: str) -> str:
    return (
        f'<rect x="{PAD}" y="16" width="{ICON}" height="{ICON}" rx="8" fill="{colour}" opacity="0.14"/>'
        f'<path d="{SIGNS[face.family or "unknown"]}" transform="translate({PAD + 6},22)" fill="none" '
        f'stroke="{colour}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _byline(box: Box) -> str:
    return shorten(box.face.byline, (box.width - 2 * PAD - ICON - 10) / SMALL, ems)


def _ports(box: Box, theme: Theme) -> list[str]:
    if not (box.face.inputs or box.face.outputs):
        return []
    linked = _linked(box.face)
    room = (box.width / 2 - PAD - 4) / SMALL
    parts = [f'<path d="M{PAD},{box.ports_top:.6g}H{box.width - PAD:.6g}" stroke="{theme.border}"/>']
    for side, pins in ((False, box.face.inputs), (True, box.face.outputs)):
        for row, pin in enumerate(pins):
            y = box.ports_top + 4 + ROW * (row + 0.5)
            x, anchor = (box.width - PAD, "end") if side else (PAD, "start")
            parts.append(_text(x, y + 4, shorten(pin.name, room, ems), SMALL, theme.muted, anchor=anchor))
            parts.append(_pin(pin, box.width if side else 0, y, (pin.name, side) in linked, theme))
    return parts


def _pin(pin: Pin, x: float, y: float, linked: bool, theme: Theme) -> str:
    """Return a round port for work, a diamond for feedback; hollow while nothing is linked."""
    colour = theme.type(pin.type_name)
    look = f'fill="{colour if linked else theme.surface}" stroke="{colour if not linked else theme.surface}"'
    says = f"<title>{_safe(f'{pin.name}: {pin.type_name}' if pin.type_name else pin.name)}</title>"
    if pin.feedback:
        return f'<path d="M{x - 6:.6g},{y:.6g}l6,-6l6,6l-6,6z" {look} stroke-width="1.5">{says}</path>'
    return f'<circle cx="{x:.6g}" cy="{y:.6g}" r="5" {look} stroke-width="1.5">{says}</circle>'


def _linked(face: Face) -> set[tuple[str, bool]]:
    """Return the ports of a card that have a link: (name, whether it is an output)."""
    into = {(link.target.port, False) for link in face.arriving}
    return into | {(link.source.port, True) for link in face.leaving}


# -- links --


def _link(route: Route, type_name: str, theme: Theme) -> str:
    x, y = route.end
    dashed = f" {DASHED}" if route.link.feedback else ""
    arrow = route.link.feedback or x < route.right  # what runs to the right needs none
    colour = theme.type(type_name)
    return (
        f'<path d="{route.path}" fill="none" stroke="{theme.paper}" stroke-width="6"/>'
        f'<path data-link="{_safe(str(route.link))}" d="{route.path}" fill="none" stroke="{colour}" '
        f'stroke-width="2"{dashed}><title>{_safe(str(route.link))}</title></path>'
        + (f'<path d="M{x - 14:.6g},{y - 4:.6g}l7,4l-7,4z" fill="{colour}"/>' if arrow else "")
    )


def _labels(routes: list[Route], theme: Theme) -> list[str]:
    """Return one label for each way of feedback: links that share a lane share it."""
    said = {(route.label, _label_of(route)): None for route in routes if route.link.feedback}
    return [part for point, text in said for part in _label(*point, text, theme)]


def _label_of(route: Route) -> str:
    """Return the port, with its step when there is room: between two neighbours there is not."""
    source = route.link.source
    return str(source) if route.right - route.left > WIDE * GRID else source.port


def _label(x: float, y: float, text: str, theme: Theme) -> list[str]:
    text = shorten(text, WIDE * GRID / SMALL - 2, ems)
    wide = span(text, ems) * SMALL + 14
    return [
        f'<rect x="{x - wide / 2:.6g}" y="{y - 9:.6g}" width="{wide:.6g}" height="18" rx="9" '
        f'fill="{theme.paper}" stroke="{theme.border}"/>',
        _text(x, y + 4, text, SMALL, theme.muted, anchor="middle"),
    ]


def _type_of(route: Route, drawn: dict[str, Face]) -> str:
    end = route.link.source
    return next(pin.type_name for pin in drawn[end.step].outputs if pin.name == end.port)


# -- the legend, under the cards --


def _legend(
    flow: Flow, drawn: dict[str, Face], left: float, top: float, width: float, theme: Theme
) -> tuple[list[str], float]:
    types = dict.fromkeys(
        pin.type_name for face in drawn.values() for pin in (*face.outputs, *face.inputs) if pin.type_name
    )
    signs = [(name, f'<circle cx="5" cy="-4" r="5" fill="{theme.type(name)}"/>', 18) for name in types]
    if flow.feedback():
        sample = f'<path d="M0,-4h26" stroke="{theme.muted}" stroke-width="2" {DASHED}/>'
        signs.append(("Feedback: learned from in the next round", sample, 36))
    parts, x, y = [], left, top
    for text, sign, lead in signs:
        wide = lead + span(text, ems) * SMALL
        if x > left and x + wide > left + width:
            x, y = left, y + 22
        parts.append(_moved(x, y, [sign, _text(lead, 0, text, SMALL, theme.muted)]))
        x += wide + 18
    return parts, (y - top + 40 if signs else 0)


# -- the smallest parts --


def _lines(lines: tuple[str, ...], x: float, y: float, size: int, colour: str, weight: str = "400") -> list[str]:
    return [_text(x, y + LINE * index, line, size, colour, weight) for index, line in enumerate(lines)]


def _text(x: float, y: float, text: str, size: int, colour: str, weight: str = "400", anchor: str = "start") -> str:
    turned = "" if anchor == "start" else f' text-anchor="{anchor}"'
    heavy = "" if weight == "400" else f' font-weight="{weight}"'
    look = f'font-size="{size}" fill="{colour}"{heavy}{turned}'
    return f'<text x="{x:.6g}" y="{y:.6g}" {look}>{_safe(text)}</text>'


def _moved(x: float, y: float, parts: list[str]) -> str:
    return f'<g transform="translate({x:.6g},{y:.6g})">' + "".join(parts) + "</g>"


def _safe(text: str) -> str:
    return escape(visible(text))
