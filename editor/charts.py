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
EMPTY = "Nothing can be said yet."
APART = 10
"""Pixels between intervals that stand in the same round with no line beside them."""
ROW = 14
"""Pixels between two rows of the lane in which stands what is too little known."""
MOST_POINTS = 40
"""Rounds up to which every point is drawn; above, the line alone can be read."""
_ORDER: tuple[Who, ...] = ("team", "people", "model", "")


@dataclass(frozen=True)
class Chart:
    """A picture as SVG, and the same as a table for those who cannot see it or want the numbers.

    `unknown` says in sentences what is not known in the last round, and why.
    """

    svg: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...] = ()

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
    headings, rows = _as_table(table, series)
    return Chart(_Lines(table, base, series, aims, width, height).svg(), headings, rows, tuple(_unknown(series)))


class _Lines:
    """One chart being drawn."""

    def __init__(
        self, table: MeasureTable, base: str, series: Sequence[Series], aims: Sequence[Aimed], width: int, height: int
    ) -> None:
        self.table, self.base, self.series, self.aims = table, base, series, aims
        self.width, self.height = width, height
        self.unit = series[0].unit if series else ""
        self.unknown = [one for one in series if not all(map(_known, one.figures))]
        self.left, self.right = 50, width - (122 if width >= 480 else 114)
        self.top, self.bottom = 14, height - 28 - (12 + ROW * (1 + len(self.unknown)) if self.unknown else 0)
        self.y = axis(self._values(), self.unit, 5 if height >= 240 else 4)

    def svg(self) -> str:
        """Return the whole picture."""
        title, told = visible(f"{self._called()} by round"), visible(self._told())
        name = blake2b(f"{self.table.step}{title}{told}".encode(), digest_size=6).hexdigest()
        parts = (self._grid, self._levels, self._lane, self._bands, self._lines, self._labels)
        drawn = "".join(piece for part in parts for piece in part())
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
        for one in self.series:
            known = [(n, f) for n, f in zip(self.table.rounds, one.figures, strict=True) if f and _known(f)]
            if known:
                number, last = known[-1]
                told.append(f"{_name(one)}: {_in_words(last, self.unit)} in round {number}.")
            else:
                told.append(f"{_name(one)}: {LANE}.")
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
        yield _words(self.left - 8, self.bottom + 18, "round", MUTED, "end")
        written = some(self.table.rounds, 10 if self.width >= 480 else 6)
        for place, number in enumerate(self.table.rounds):
            if number in written:
                yield _words(self._x(place), self.bottom + 18, f"{number}", MUTED, "middle")

    def _levels(self) -> Iterator[str]:
        for aim in self.aims:
            y = self._y(aim.value)
            yield _line(self.left, y, self.right, y, INK, 1.25, "2 3")

    def _lane(self) -> Iterator[str]:
        """Draw under the axis which rounds know too little: a row a line, with open points."""
        if not self.unknown:
            return
        top = self.bottom + 28
        yield (
            f'<rect x="{self.left}" y="{top:g}" width="{self.right - self.left}" '
            f'height="{8 + ROW * (1 + len(self.unknown))}" rx="6" fill="{GRID}" fill-opacity="0.4"/>'
        )
        yield _words(self.left + 8, top + 14, f"{LANE}, in round", MUTED, "start")
        for row, one in enumerate(self.unknown, start=1):
            y = top + 4 + ROW * (row + 0.5)
            yield from self._unknown_points(one, y)
            yield _point(LOOKS[one.who], self.right + 14, y, 3, open_=True)
            yield _words(self.right + 23, y + 4, one.who or LANE, MUTED, "start")
        if not any(map(_known, (figure for one in self.series for figure in one.figures))):
            middle = (self.left + self.right) / 2, (self.top + self.bottom) / 2 + 4
            halo = f'<text paint-order="stroke" stroke="{SURFACE}" stroke-width="8" '  # no line goes through it
            yield _words(*middle, EMPTY, MUTED, "middle", size=12).replace("<text ", halo, 1)

    def _unknown_points(self, one: Series, y: float) -> Iterator[str]:
        look, few = LOOKS[one.who], len(self.table.rounds) <= MOST_POINTS
        for place, figure in enumerate(one.figures):
            if _known(figure):
                continue
            why = figure.says if figure and figure.says else LANE
            says = f"Round {self.table.rounds[place]}, {_name(one)}: {why}"
            if few:
                yield _point(look, self._x(place), y, 3, open_=True, says=says)
            else:
                half = (self._x(1) - self._x(0)) / 2
                yield _line(self._x(place) - half, y, self._x(place) + half, y, look.color, 3)

    def _bands(self) -> Iterator[str]:
        for one in reversed(self.series):
            look = LOOKS[one.who]
            for run in _runs(one.figures):
                points = [(self._x(at), one) for at, one in run if one.low is not None and one.high is not None]
                if len(run) == 1 and points:
                    (x, only), aside = points[0], self._aside(one, run[0][0])
                    x, low, high = x + aside, self._y(only.low or 0), self._y(only.high or 0)
                    yield _line(x, low, x, high, look.color, 1.5)
                    yield from (_line(x - 3, y, x + 3, y, look.color, 1.5) for y in (low, high))
                elif points:
                    up = [f"{x:.1f},{self._y(figure.high or 0):.1f}" for x, figure in points]
                    down = [f"{x:.1f},{self._y(figure.low or 0):.1f}" for x, figure in reversed(points)]
                    yield f'<polygon points="{" ".join(up + down)}" fill="{look.color}" fill-opacity="0.11"/>'
                    yield from (_edge(side, look) for side in (up, down))

    def _aside(self, one: Series, place: int) -> float:
        """Return how far a lone round is moved, so that the intervals of several do not stand on each other."""
        lone = [
            other for other in self.series if any(run[0][0] == place and len(run) == 1 for run in _runs(other.figures))
        ]
        if len(lone) < 2:
            return 0.0
        last = place == len(self.table.rounds) - 1
        return (lone.index(one) - (len(lone) - 1) * (1.0 if last and place else 0.5)) * APART

    def _lines(self) -> Iterator[str]:
        few = len(self.table.rounds) <= MOST_POINTS
        for one in reversed(self.series):
            look = LOOKS[one.who]
            for run in _runs(one.figures):
                aside = self._aside(one, run[0][0]) if len(run) == 1 else 0.0
                spots = [(self._x(place) + aside, self._y(figure.value or 0)) for place, figure in run]
                if len(spots) > 1:
                    yield (
                        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}" fill="none" '
                        f'stroke="{look.color}" stroke-width="{look.width:g}" stroke-linejoin="round" '
                        f'stroke-linecap="round"{_dashed(look.dash)}/>'
                    )
                for (place, figure), (x, y) in zip(run, spots, strict=True):
                    if few or len(run) == 1 or place == len(one.figures) - 1:
                        said_there = figure.says or _in_words(figure, self.unit)
                        says = f"Round {self.table.rounds[place]}, {_name(one)}: {said_there}"
                        yield _point(look, x, y, 3.5, says=says)

    def _labels(self) -> Iterator[str]:
        """Name each line and aim where it ends; names that would lie on each other move apart."""
        ends = [(self._y(aim.value), self._aim_label(aim)) for aim in self.aims]
        for one in self.series:
            known = [figure for figure in one.figures if figure is not None and _known(figure)]
            if known:
                ends.append((self._y(known[-1].value or 0), self._line_label(one, known[-1])))
        ends.sort(key=lambda end: end[0])
        places = _apart([place for place, _ in ends], 31, self.top, self.bottom - 8)
        for y, (_, label) in zip(places, ends, strict=True):
            yield f'<g transform="translate({self.right + 10} {y:.1f})">{label}</g>'

    def _aim_label(self, aim: Aimed) -> str:
        sign = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}[aim.comparison]
        words = _words(13, 4, f"aim {self.y.say(aim.value)}", INK, "start", weight=600, size=12)
        return f"{_line(0, 0, 9, 0, INK, 1.25, '2 3')}{words}{_words(13, 17, sign, MUTED, 'start')}"

    def _line_label(self, one: Series, last: Figure) -> str:
        # In ink: the colours of the lines stand too weakly to the ground to be read as words.
        look, name = LOOKS[one.who], f"{one.who} {self.y.say(last.value or 0)}".strip()
        words = _words(13, 4, name, INK, "start", weight=600, size=12)
        if last.low is not None and last.high is not None:
            words += _words(13, 17, f"{_bare(last.low, self.y)} to {self.y.say(last.high)}", MUTED, "start")
        return f"{_point(look, 4, 0, 3.5)}{words}"


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


def _unknown(series: Sequence[Series]) -> Iterator[str]:
    for one in series:
        last = one.figures[-1] if one.figures else None
        if last is not None and not _known(last):
            why = last.says.split(" (")[0].removeprefix(f"{LANE}: ") if last.says else ""
            told = f"{_name(one)}: {LANE}{f', {why}' if why and why != LANE else ''}."
            yield told[:1].upper() + told[1:]


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


def _words(x: float, y: float, text: str, color: str, anchor: str, weight: int = 400, size: int = 11) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}" font-weight="{weight}" '
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


def _edge(points: Sequence[str], look: Look) -> str:
    """Return one edge of a band, dashed like its line: bands that lie on each other differ in more than colour."""
    return (
        f'<path d="M{" L".join(points)}" fill="none" stroke="{look.color}" stroke-width="1" '
        f'stroke-opacity="0.5"{_dashed(look.dash)}/>'
    )


def _dashed(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def _text(text: str) -> str:
    return escape(visible(text))
