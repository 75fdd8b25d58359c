"""One HTML file that holds all of it: style and pictures inside, nothing is fetched, nothing runs."""

from __future__ import annotations

from pathlib import Path

from flows.show.theme import DARK, FONT, LIGHT, Theme
from runtime.insight.finding import Finding, between, in_unit
from runtime.insight.insight import Insight
from runtime.insight.report.drawing import LOOKS, Who, text
from runtime.insight.report.sections import Section, names, sections

LOOK = Path(__file__).with_name("look.css")
TONES = {"better": "good", "not shown": "open"}
VERDICTS = {
    "better": "Together they are better than either alone",
    "worse than the model": "Together they are worse than the model alone",
    "worse than people": "Together they are worse than people alone",
    "not shown": "It is not shown that together they are better",
}


def page(insight: Insight, made: str = "") -> str:
    """Return the report as HTML; made: when, in words. Nothing in it can be obeyed: data is text."""
    parts = tuple(sections(insight))
    title = f"{insight.title}: how well people and model do"
    body = "".join(_section(part) for part in parts)
    simulated = '<span class="badge">simulated people</span>' if insight.simulated else ""
    when = f" · {text(made)}" if made else ""
    notes = "".join(f"<li>{text(note)}</li>" for note in insight.notes)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="color-scheme" content="light dark"><title>{text(title)}</title><style>{_style()}</style></head>'
        f'<body><header><p class="source"><span>{text(insight.source)}{when}</span>{simulated}</p>'
        f"<h1>{text(insight.title)}</h1>"
        f'{_verdict(insight)}</header><nav aria-label="Parts"><ul>{names(parts)}</ul></nav><main>{body}</main>'
        f"<footer>{f'<h2>What was odd</h2><ul>{notes}</ul>' if notes else ''}"
        f"<p>{_fine_print(insight)}</p></footer></body></html>\n"
    )


def _verdict(insight: Insight) -> str:
    found = insight.standing
    if found is None:
        return f'<div class="verdict open"><p class="headline">{text(insight.verdict)}</p></div>'
    tone = TONES.get(found.verdict.standing, "bad")
    cards = "".join(
        (
            _card("model", "Model alone", found.model),
            _card("people", "People alone", found.people),
            _card("team", "Together", found.team),
        )
    )
    where = "on cases drawn at random" if insight.rounds else "on the same decisions"
    return (
        f'<div class="verdict {tone}"><p class="headline">{text(VERDICTS[found.verdict.standing])}</p>'
        f'<p class="measure">{text(found.measure.capitalize())}, {where}</p>'
        f'<div class="cards">{cards}</div></div>'
    )


def _card(who: Who, label: str, found: Finding) -> str:
    sign = (
        f'<svg width="14" height="14" aria-hidden="true"><path transform="translate(7 7)" d="{LOOKS[who].shape}" '
        f'fill="{LOOKS[who].color}"/></svg>'
    )
    if found.value is None or found.low is None or found.high is None:
        told = f'<p class="big unknown">too few yet</p><p class="bounds">{text(found.says)}</p>'
    else:
        told = (
            f'<p class="big">{text(in_unit(found.value, found.unit))}</p>'
            f'<p class="bounds">{text(between(found.low, found.high, found.unit))} of {found.cases:,}</p>'
        )
    return f'<div class="card {who}"><p class="who">{sign}{text(label)}</p>{told}</div>'


def _section(part: Section) -> str:
    says = "".join(f'<p class="says">{text(sentence)}</p>' for sentence in part.says)
    drawn = [figure for figure in part.figures if figure]
    figures = f'<div class="figures">{"".join(drawn)}</div>' if drawn else ""
    return (
        f'<section id="{part.name}"><h2>{text(part.title)}</h2>{says}{figures}{"".join(part.tables)}'
        f'<p class="about">{text(part.about)}</p></section>'
    )


def _fine_print(insight: Insight) -> str:
    sure = 100 * (1 - insight.alpha)
    each = f"{sure:.3f}".rstrip("0").rstrip(".")
    return text(
        f"Each interval holds the truth with a chance of at least {each} %, so much that all looks so far "
        "together stay within what was announced. Where too little is known, that is said and nothing is drawn."
        if insight.rounds
        else f"Each interval holds the truth with a chance of at least {each} %. Where too little is known, that is "
        "said and nothing is drawn."
    )


def _style() -> str:
    look = LOOK.read_text("utf-8")
    day, night = _tokens(LIGHT, False), _tokens(DARK, True)
    return f":root{{{day}}}@media (prefers-color-scheme:dark){{:root{{{night}}}}}{look}"


def _tokens(theme: Theme, dark: bool) -> str:
    """Return the colours of the pictures that `tandem show` draws, and those of a verdict."""
    states = {
        "good": ("#7ccf81", "#1f3324") if dark else ("#2b7a31", "#e5f4e6"),
        "open": ("#eab455", "#38301c") if dark else ("#8f5800", "#fdf1dc"),
        "bad": ("#ff8da8", "#3d2029") if dark else ("#b9274d", "#fce8ed"),
    }
    colors = {
        "paper": theme.paper, "surface": theme.surface, "border": theme.border, "ink": theme.ink,
        "muted": theme.muted, "model": theme.families["model"], "people": theme.families["people"],
        "team": theme.families["prepare"], "measure": theme.families["measure"],
        "accent": theme.families["deliver"],
        **{name: pair[0] for name, pair in states.items()},
        **{f"{name}-soft": pair[1] for name, pair in states.items()},
        "font": FONT,
    }  # fmt: skip
    return "".join(f"--td-{name}:{value};" for name, value in colors.items())
