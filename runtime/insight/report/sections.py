"""What stands in a report, part by part: a heading, what it says in a sentence, a picture, the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runtime.insight import sheets
from runtime.insight.differences import Differences
from runtime.insight.finding import Finding, between, in_unit
from runtime.insight.insight import Insight
from runtime.insight.report import charts
from runtime.insight.report.charts import Item
from runtime.insight.report.drawing import text
from runtime.insight.sheets import Amount, Cell, Sheet

MOST_ROWS = 25
MOST_GROUPS = 8


@dataclass(frozen=True)
class Section:
    """One part of a report; figures and tables are HTML, all else is text. Without any the part says why."""

    name: str
    title: str
    says: tuple[str, ...]
    about: str
    figures: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


def sections(insight: Insight) -> Iterator[Section]:
    """Yield the parts of a report in the order in which they are read."""
    yield _standing(insight)
    if insight.rounds:
        yield _by_round(insight)
    yield _reliance(insight)
    yield _differences(insight)
    yield _confidence(insight)
    if insight.rounds or insight.corrections.each:
        yield _corrections(insight)
    if insight.effort:
        yield _effort(insight)
    yield _load(insight)
    yield _deferral(insight)


def _standing(insight: Insight) -> Section:
    found = insight.standing
    about = (
        "All three are held against the same truth on the same cases, drawn at random. People alone are their "
        "first answers, given before they saw the model's. The team is what was decided in the end. "
        "“Better” is said only where both differences lie above zero."
    )
    if found is None:
        return Section("standing", "Model, people and team", (insight.verdict,), about)
    on_their_own = (
        Item("The model alone", found.model, "model"),
        Item("People alone, unaided", found.people, "people"),
        Item("The team", found.team, "team"),
    )
    apart = (
        Item("Team less model", found.team_minus_model, "model"),
        Item("Team less people", found.team_minus_people, "people"),
    )
    figures = (
        _figure(f"{found.measure.capitalize()}", charts.intervals(found.measure, on_their_own)),
        _figure("The team less each alone, in points", charts.intervals("Differences", apart, zero=True)),
    )
    says = (insight.verdict, f"What counts as true: {found.truth}.") if found.truth else (insight.verdict,)
    return Section("standing", "Model, people and team", says, about, figures, (_table(sheets.standing(insight)),))


def _by_round(insight: Insight) -> Section:
    last = insight.rounds[-1]
    says = (f"After round {last.number}: the model on held-out cases {last.held_out.says}.",)
    about = (
        "The model is measured on cases that were never learned from and only report. People and team are measured "
        "on all cases drawn at random so far. The intervals hold although somebody looks in every round. "
        "A round without a point knows too little yet."
    )
    drawn = charts.rounds("Model, people and team by round", insight.rounds)
    figures = (charts.legend("model", "people", "team") + drawn,) if drawn else ()
    return Section("rounds", "Round by round", says, about, figures, (_table(sheets.by_round(insight)),))


def _reliance(insight: Insight) -> Section:
    about = (
        "Counted are the cases in which somebody answered first, then saw that the model said otherwise. Relying "
        "where the model is right, and on oneself where it is not, is what makes a team better than either "
        "(RAIR and RSR of Schemmer and others, 2023). One of them near zero is over- or under-reliance."
    )
    told = [each for each in insight.reliance if each.looked]
    figures = []
    for each in told:
        items = (
            Item("Went over to the model", each.switched, "team"),
            Item("Relied on the model where it was right", each.model_reliance, "model"),
            Item("Relied on themselves where they were right", each.self_reliance, "people"),
        )
        figures.append(_figure(_on(insight, each.cases), charts.intervals("Reliance", items)))
    says = tuple(dict.fromkeys(each.says for each in (told or insight.reliance)))
    tables = (_table(sheets.reliance(insight)),) if told else ()
    return Section("reliance", "Reliance on the model", says, about, tuple(figures), tables)


def _differences(insight: Insight) -> Section:
    about = (
        "The first answers are held against what the model said of the same case. The intervals hold for all "
        "groups of a picture at once. Asked cases were picked because they are hard: they say where to look, "
        "not how often it happens."
    )
    told = [each for each in insight.differences if each.groups]
    figures = tuple(_figure(_on(insight, each.cases), _groups(each)) for each in told)
    says = tuple(dict.fromkeys(each.says for each in insight.differences))
    tables = (_table(sheets.differences(insight)),) if told else ()
    return Section("differences", "Where people and model differ", says, about, figures, tables)


def _groups(each: Differences) -> str:
    shown = [group for group in each.groups if group.share.known][:MOST_GROUPS]
    items = [Item("all together", each.overall, "best")]
    items += [Item(f"{_cut(group.column)}: {_cut(group.value)}", group.share, "team") for group in shown]
    return charts.intervals("Share of disagreement", items)


def _confidence(insight: Insight) -> Section:
    about = (
        "Whoever says to be 80 % sure should be right in 80 of 100 cases: then the points lie on the dashed line. "
        "Below it one is too sure, above it not sure enough. Larger points stand for more answers."
    )
    figures = tuple(
        _figure("The model" if each.who == "model" else "People", charts.confident("Confidence", each))
        for each in insight.calibration
        if each.bins
    )
    tables = tuple(_table(sheet) for sheet in (sheets.confidence(insight), sheets.bins(insight)) if sheet.rows)
    says = tuple(each.says for each in insight.calibration)
    return Section("confidence", "Confidence and what came true", says, about, figures, tables)


def _corrections(insight: Insight) -> Section:
    about = (
        "A correction is an answer that differs from the model, one that takes the place of an earlier answer, or an "
        "outcome that differs from what was said. Where several came together, nobody can tell which of them turned "
        "a case. Cases whose columns changed in between are left out."
    )
    tables = (sheets.corrections(insight), sheets.turned(insight))
    return Section(
        "corrections", "What each correction changed", (insight.corrections.says,), about,
        tables=tuple(_table(sheet) for sheet in tables if sheet.rows),
    )  # fmt: skip


def _effort(insight: Insight) -> Section:
    minutes, cost = sum(one.minutes for one in insight.effort), sum(one.cost for one in insight.effort)
    answers = sum(one.answers for one in insight.effort)
    money = f" and cost {in_unit(cost, 'money')}" if cost else ""
    says = (f"{answers:,} answers took people {minutes:,.0f} minutes in all{money}.",)
    drawn = charts.minutes("Minutes by round", insight.effort)
    about = "Second looks and corrections are part of it, in the round whose question they answer."
    return Section(
        "effort", "Minutes and money", says, about, (drawn,) if drawn else (), (_table(sheets.effort(insight)),)
    )


def _load(insight: Insight) -> Section:
    about = (
        "A threshold counts only if the lower bound of the accuracy above it reaches the target. All thresholds "
        "that are tried share the chance of error, so the chosen one holds. The dashed line is the target."
    )
    items = [
        Item(f"at least {100 * line.threshold:.1f} % sure: {100 * line.alone:.0f} % alone", line.accuracy, "model")
        for line in insight.load.lines
    ]
    drawn = charts.intervals("Accuracy of what the model decides alone", items, insight.load.target)
    tables = (_table(sheets.load(insight)),) if insight.load.lines else ()
    figures = (_figure("Accuracy of what the model decides alone", drawn),) if drawn else ()
    return Section("load", "What the model may decide alone", (insight.load.says,), about, figures, tables)


def _deferral(insight: Insight) -> Section:
    prices = insight.deferral.prices
    priced = (
        f"A missed case costs {in_unit(prices.missed, 'money')}, a false alarm {in_unit(prices.false_alarm, 'money')}, "
        f"asking a person {in_unit(prices.asking, 'money')}. "
        if prices
        else ""
    )
    about = f"{priced}Costs are those of the decisions that were really made on cases drawn at random."
    items = [
        Item(f"{one.name} ({100 * one.asked:.0f} % by people)", one.cost, who)
        for one, who in zip(insight.deferral.policies, charts.WHOS, strict=False)
    ]
    drawn = charts.intervals("Cost of a case", items, zero=True) if items else ""
    tables = (_table(sheets.deferral(insight)),) if items else ()
    figures = (_figure("Cost of a case", drawn),) if drawn else ()
    return Section("cost", "Who decides, by cost", (insight.deferral.says,), about, figures, tables)


def _figure(caption: str, drawn: str) -> str:
    return f"<figure><figcaption>{text(caption)}</figcaption>{drawn}</figure>" if drawn else ""


def _on(insight: Insight, cases: str) -> str:
    if len(insight.reliance) == 1:
        return "All decisions"
    return "Cases drawn at random" if cases == "random" else "All asked cases (not the population)"


def _table(sheet: Sheet) -> str:
    """Return a table; a long one is folded up and cut, and says where the rest is."""
    head = "".join(f'<th scope="col"{_right(sheet, at)}>{text(name)}</th>' for at, name in enumerate(sheet.headings))
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in sheet.rows[:MOST_ROWS])
    count = len(sheet.rows)
    more = count - MOST_ROWS
    rest = f'<p class="more">{more:,} more rows stand in {text(sheet.name)}.csv.</p>' if more > 0 else ""
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return (
        f"<details{' open' if count <= 6 else ''}><summary>{text(sheet.title)} as a table "
        f'<span class="count">{rows}</span></summary><div class="scroll" tabindex="0" role="region" '
        f'aria-label="{text(sheet.title)}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        f"{rest}</details>"
    )


def _right(sheet: Sheet, at: int) -> str:
    numbers = all(not isinstance(row[at], str) for row in sheet.rows)
    return ' class="number"' if numbers else ""


def _cell(cell: Cell) -> str:
    if isinstance(cell, Finding):
        return _found(cell)
    if isinstance(cell, Amount):
        return f'<td class="number">{"" if cell.value is None else text(in_unit(cell.value, cell.unit))}</td>'
    if isinstance(cell, int):
        return f'<td class="number">{cell:,}</td>'
    return f"<td>{text(cell or '')}</td>"


def _found(found: Finding) -> str:
    if found.value is None or found.low is None or found.high is None:
        return f'<td class="number unknown" title="{text(found.says)}">{text(found.says.split(":")[0][:40])}</td>'
    bounds = text(between(found.low, found.high, found.unit))
    return (
        f'<td class="number" title="{text(found.says)}">{text(in_unit(found.value, found.unit))}'
        f"<small>{bounds}</small></td>"
    )


def _cut(said: str, most: int = 26) -> str:
    return said if len(said) <= most else f"{said[: most - 1]}…"


def names(parts: Sequence[Section]) -> str:
    """Return links to the parts."""
    return "".join(f'<li><a href="#{part.name}">{text(part.title)}</a></li>' for part in parts)
