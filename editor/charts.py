"""A measure by round for model, people and team: lines with their intervals, and gaps where too little is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from html import escape
from math import isfinite

from editor.axis import Axis, axis, said, some
from editor.results import MeasureTable, Series, Who
from flows.show.theme import FONT
from flows.show.wording import visible
from runtime.values import Figure


@dataclass(frozen=True)
class Look:
    """How a line looks: colour, dashes and the shape of its points tell it apart, each alone."""

    color: str
    dash: str
    width: float
    shape: str


LOOKS: Mapping[Who, Look] = {
    "team": Look("var(--td-family-prepare, #16938c)", "", 2.5, "circle"),
    "model": Look("var(--td-family-model, #7657e0)", "6 4", 2, "diamond"),
    "people": Look("var(--td-family-people, #d6456b)", "1.5 4", 2.5, "triangle"),
    "": Look("var(--td-family-measure, #5a6f92)", "", 2, "square"),
}
INK, MUTED = "var(--td-ink, #1b2330)", "var(--td-muted, #5d6879)"
GRID, SURFACE = "var(--td-border, #dfe3ea)", "var(--td-surface, #ffffff)"
LANE = "too few yet"
MOST_POINTS = 40
"""Rounds up to which every point is drawn; above, the line alone can be read."""
_ORDER: tuple[Who, ...] = ("team", "people", "model", "")


@dataclass(frozen=True)
class Chart:
    """A picture as SVG, and the same as a table for those who cannot see it or want the numbers."""

    svg: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def table(self) -> str:
        """Return the table as HTML."""
        head = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in self.headings)
        body = "".join(
            f'<tr><th scope="row">{_text(row[0])}</th>{"".join(f"<td>{_text(cell)}</td>" for cell in row[1:])}</tr>'
            for row in self.rows
        )
        return f'<table class="td-chart-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


@dataclass(frozen=True)
class Aimed:
    """A level to reach, drawn across the chart."""

    value: float
    comparison: str


def line_chart(
    table: MeasureTable, base: str, aims: Sequence[Aimed] = (), width: int = 640, height: int = 300
) -> Chart:
    """Return the chart of one measure by round.

    The picture takes `width` by `height` pixels and scales; on a phone ask for 360. A round of which
    too little is known has no point: it stands in a lane of its own under the axis.
    """
    series = sorted(table.of(base), key=lambda one: _ORDER.index(one.who))
    return Chart(_Lines(table, base, series, aims, width, height).svg(), *_as_table(table, series))


class _Lines:
    """One chart being drawn."""

    def __init__(
        self, table: MeasureTable, base: str, series: Sequence[Series], aims: Sequence[Aimed], width: int, height: int
    ) -> None:
        self.table, self.base, self.series, self.aims = table, base, series, aims
        self.width, self.height = width, height
        self.unit = series[0].unit if series else ""
        self.names = [_name(one) for one in series]
        self.lane = any(not _known(figure) for one in series for figure in one.figures)
        self.left, self.right = 46, width - (112 if width >= 480 else 92)
        self.top, self.bottom = 14, height - (52 if self.lane else 32)
        self.y = axis(self._values(), self.unit, 5 if height >= 240 else 4)

    def svg(self) -> str:
        """Return the whole picture."""
        title, told = visible(f"{self._called()} by round"), visible(self._told())
        name = blake2b(f"{self.table.step}{title}{told}".encode(), digest_size=6).hexdigest()
        drawn = "".join([*self._grid(), *self._levels(), *self._lane(), *self._bands(), *self._lines(), *self._labels()])
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="td-chart" viewBox="0 0 {self.width} {self.height}" '
            f'width="100%" role="img" aria-labelledby="t{name} d{name}" font-family="var(--td-font, {escape(FONT)})" '
            f'font-size="11" style="max-width:{self.width}px">'
            f'<title id="t{name}">{escape(title)}</title><desc id="d{name}">{escape(told)}</desc>{drawn}</svg>'
        )

    def _called(self) -> str:
        return said_measure(self.base)

    def _told(self) -> str:
        """Return what the chart shows in sentences, as its last round has it."""
        told = []
        for one, name in zip(self.series, self.names, strict=True):
            known = [(n, f) for n, f in zip(self.table.rounds, one.figures, strict=True) if f and _known(f)]
            if known:
                number, last = known[-1]
                told.append(f"{name}: {_in_words(last, self.unit)} in round {number}.")
            else:
                told.append(f"{name}: {LANE}.")
        return " ".join(told) or "Nothing is measured yet."

    def _values(self) -> Iterator[float]:
        for one in self.series:
            for figure in one.figures:
                if figure is not None and _known(figure):
                    yield from (value for value in figure[1:4] if isinstance(value, float | int) and isfinite(value))
        yield from (aim.value for aim in self.aims)

    def _x(self, place: int) -> float:
        last = len(self.table.rounds) - 1
        inset = 10
        return self.left + inset + (self.right - self.left - 2 * inset) * (place / last if last else 0.5)

    def _y(self, value: float) -> float:
        return self.y.place(value, self.bottom, self.top)

    def _grid(self) -> Iterator[str]:
        for tick in self.y.ticks:
            y = self._y(tick)
            zero = abs(tick) < 1e-12 and self.y.low < 0
            yield _line(self.left, y, self.right, y, MUTED if zero else GRID, 1)
            yield _words(self.left - 8, y + 4, self.y.say(tick), MUTED, "end")
        written = some(self.table.rounds, 10 if self.width >= 480 else 6)
        for place, number in enumerate(self.table.rounds):
            if number in written:
                words = f"round {number}" if place == 0 and len(written) > 1 else f"{number}"
                yield _words(self._x(place), self.bottom + 18, words, MUTED, "middle" if place else "start", -8 * (not place))

    def _levels(self) -> Iterator[str]:
        for aim in self.aims:
            y = self._y(aim.value)
            yield _line(self.left, y, self.right, y, INK, 1.25, "2 3")
            yield _words(self.left + 6, y - 5, f"aim: {aim.comparison} {self.y.say(aim.value)}", INK, "start", weight=600)

    def _lane(self) -> Iterator[str]:
        """Draw under the axis which rounds know too little, each with an open point."""
        if not self.lane:
            return
        y = self.bottom + 38
        yield (
            f'<rect x="{self.left}" y="{y - 10:g}" width="{self.right - self.left}" height="20" rx="6" '
            f'fill="{GRID}" fill-opacity="0.4"/>'
        )
        yield _words(self.right + 10, y + 4, LANE, MUTED, "start")
        step = 9 if len(self.series) > 1 else 0
        crowded = len(self.table.rounds) * step * len(self.series) > self.right - self.left
        for index, one in enumerate(self.series):
            shift = 0 if crowded else (index - (len(self.series) - 1) / 2) * step
            for place, figure in enumerate(one.figures):
                if not _known(figure):
                    yield _point(LOOKS[one.who], self._x(place) + shift, y, 3, open_=True, says=self._unknown(one, place))

    def _unknown(self, one: Series, place: int) -> str:
        figure = one.figures[place]
        return f"Round {self.table.rounds[place]}, {_name(one)}: {figure.says if figure and figure.says else LANE}"

    def _bands(self) -> Iterator[str]:
        for one in reversed(self.series):
            look = LOOKS[one.who]
            for run in _runs(one.figures):
                points = [(self._x(place), figure) for place, figure in run if figure.low is not None and figure.high is not None]
                if len(points) == 1:
                    x, only = points[0]
                    yield _line(x, self._y(only.low or 0), x, self._y(only.high or 0), look.color, 1.5)
                elif points:
                    up = [f"{x:.1f},{self._y(figure.high or 0):.1f}" for x, figure in points]
                    down = [f"{x:.1f},{self._y(figure.low or 0):.1f}" for x, figure in reversed(points)]
                    yield f'<polygon points="{" ".join(up + down)}" fill="{look.color}" fill-opacity="0.11"/>'

    def _lines(self) -> Iterator[str]:
        few = len(self.table.rounds) <= MOST_POINTS
        for one in reversed(self.series):
            look = LOOKS[one.who]
            for run in _runs(one.figures):
                spots = [(self._x(place), self._y(figure.value or 0)) for place, figure in run]
                if len(spots) > 1:
                    yield (
                        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}" fill="none" '
                        f'stroke="{look.color}" stroke-width="{look.width:g}" stroke-linejoin="round" '
                        f'stroke-linecap="round"{_dashed(look.dash)}/>'
                    )
                for (place, figure), (x, y) in zip(run, spots, strict=True):
                    if few or len(run) == 1 or place == len(one.figures) - 1:
                        says = f"Round {self.table.rounds[place]}, {_name(one)}: {figure.says or _in_words(figure, self.unit)}"
                        yield _point(look, x, y, 3.5, says=says)

    def _labels(self) -> Iterator[str]:
        """Name each line where it ends; names that would lie on each other move apart."""
        ends = []
        for one, name in zip(self.series, self.names, strict=True):
            known = [figure for figure in one.figures if figure is not None and _known(figure)]
            if known:
                ends.append((self._y(known[-1].value or 0), name, one, known[-1]))
        ends.sort(key=lambda end: end[0])
        places = _apart([end[0] for end in ends], 30, self.top + 8, self.bottom - 10)
        for y, (_, name, one, last) in zip(places, ends, strict=True):
            look, x = LOOKS[one.who], self.right + 10
            yield _point(look, x + 4, y - 4, 3.5)
            yield _words(x + 13, y, f"{name} {self.y.say(last.value or 0)}", look.color, "start", weight=600, size=12)
            if last.low is not None and last.high is not None:
                yield _words(x + 13, y + 13, f"{_bare(last.low, self.y)} to {self.y.say(last.high)}", MUTED, "start")


def said_measure(base: str) -> str:
    """Return the name of a measure as a heading."""
    words = base.replace("_", " ").replace("auc", "AUC").replace(" minus ", " less ")
    return words[:1].upper() + words[1:]


def _as_table(table: MeasureTable, series: Sequence[Series]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    headings = ("Round", *(_name(one) for one in series))
    rows = tuple(
        (str(number), *(_in_words(one.figures[place], one.unit) for one in series))
        for place, number in enumerate(table.rounds)
    )
    return headings, rows


def _in_words(figure: Figure | None, unit: str) -> str:
    if figure is None or not _known(figure):
        return LANE if figure is not None else "not measured"
    value = said(figure.value or 0, unit)
    if figure.low is None or figure.high is None:
        return value
    return f"{value} ({said(figure.low, unit)} to {said(figure.high, unit)})"


def _name(one: Series) -> str:
    return one.who or said_measure(one.base)


def _known(figure: Figure | None) -> bool:
    return figure is not None and figure.value is not None and isfinite(figure.value)


def _runs(figures: Sequence[Figure | None]) -> Iterator[list[tuple[int, Figure]]]:
    """Yield what is known without a gap: places and figures."""
    run: list[tuple[int, Figure]] = []
    for place, figure in enumerate(figures):
        if figure is not None and _known(figure):
            run.append((place, figure))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _apart(places: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Return sorted places moved so far apart that nothing overlaps, and kept inside where that is possible."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + gap if found else top))
    over = (found[-1] - bottom) if found else 0
    if over > 0:
        found[-1] -= over
        for index in range(len(found) - 2, -1, -1):
            found[index] = min(found[index], found[index + 1] - gap)
    return found


def _bare(value: float, scale: Axis) -> str:
    return scale.say(value).removesuffix(" %")


def _line(x1: float, y1: float, x2: float, y2: float, color: str, width: float, dash: str = "") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" '
        f'stroke-width="{width:g}" stroke-linecap="round"{_dashed(dash)}/>'
    )


def _words(
    x: float, y: float, text: str, color: str, anchor: str, shift: float = 0, weight: int = 400, size: int = 11
) -> str:
    return (
        f'<text x="{x + shift:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}" font-weight="{weight}" '
        f'font-size="{size}">{_text(text)}</text>'
    )


def _point(look: Look, x: float, y: float, size: float, open_: bool = False, says: str = "") -> str:
    fill = "none" if open_ else look.color
    edge = f'stroke="{look.color if open_ else SURFACE}" stroke-width="1.5"'
    title = f"<title>{_text(says)}</title>" if says else ""
    if look.shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}" fill="{fill}" {edge}>{title}</circle>'
    corners = {
        "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
        "triangle": ((0, -1.25), (1.2, 0.9), (-1.2, 0.9)),
    }[look.shape]
    points = " ".join(f"{x + size * dx:.1f},{y + size * dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}" fill="{fill}" {edge} stroke-linejoin="round">{title}</polygon>'


def _dashed(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def _text(text: str) -> str:
    return escape(visible(text))
