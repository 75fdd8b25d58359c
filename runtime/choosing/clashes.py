"""What does not go together in the settings of a step that asks people, in sentences that say what does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runtime.choosing.deadlines import understood

if TYPE_CHECKING:
    from runtime.steps.people import AskPeople

Said = tuple[str, str]
BELONGS = {
    "choices": ("label", "mark-words"),
    "proposal": ("approve", "take-over"),
    "number": ("correct-number",),
    "options": ("compare",),
    "text": ("mark-words",),
}
"""The settings that only some ways of asking have."""
_SINCE_BLIND = ("after-own-answer", "for-a-share")


def clashes(step: AskPeople) -> Iterator[Said]:
    """Yield (setting, sentence) for all that cannot be together."""
    yield from _of_times(step)
    yield from _of_kind(step)
    yield from _of_seeing(step)


def remarks(step: AskPeople) -> Iterator[Said]:
    """Yield (setting, sentence) for what can be and is worth knowing."""
    if step.proposes_label():
        yield (
            "asks",
            f"With `asks: {step.asks}` people judge the model's label, so they see it with the question: no answer "
            "here counts as unaided. To see what people find by themselves, ask about some cases with `asks: label`.",
        )


def _of_times(step: AskPeople) -> Iterator[Said]:
    for setting in ("deadline", "escalate_after"):
        said = getattr(step, setting)
        if said and not understood(said):
            yield (
                setting,
                f"'{said}' is not understood. Write a span (4 h), a date column (departure), or both "
                "(departure - 2 h). Spans are in min, h, days or weeks.",
            )
    if step.wait == "deadline" and not step.deadline:
        yield "deadline", "`wait: deadline` needs a deadline."
    if step.escalate_to and not step.escalate_after:
        yield "escalate_after", f"From when on may {step.escalate_to} answer as well? Write a span such as 2 h."
    if step.escalate_after and not step.escalate_to:
        yield "escalate_to", "Nobody is named who may answer then. Name a group of people."
    if step.escalate_to and step.escalate_to == step.who:
        yield "escalate_to", f"{step.who} are asked already. Name another group of people."


def _of_kind(step: AskPeople) -> Iterator[Said]:
    if len(step.choices) == 1:
        yield "choices", "One choice alone is no question. Name two or more."
    for setting, kinds in BELONGS.items():
        if getattr(step, setting) and step.asks not in kinds:
            ways = " or ".join(f"`asks: {kind}`" for kind in kinds)
            yield setting, f"This belongs to {ways}, and here it is `asks: {step.asks}`. Leave it empty."
    if step.asks == "correct-number" and step.number is None:
        yield "number", "Which number do they correct? Name its column: number: {column: days}."
    if step.asks == "compare" and len(set(step.options)) != 2:
        yield "options", "Name the two columns whose contents are compared: options: [draft_a, draft_b]."
    if step.asks == "mark-words" and not step.text:
        yield "text", "In which text do they mark words? Name its column."
    number = step.number
    if number and number.lowest is not None and number.highest is not None and number.lowest >= number.highest:
        yield "number", f"The least, {number.lowest:g}, must be less than the most, {number.highest:g}."
    if step.otherwise == "model" and not decides_labels(step):
        yield (
            "otherwise",
            f"The model knows labels, and with `asks: {step.asks}` none is asked for: it cannot decide here. "
            "Hold the case, or pass it on.",
        )


def _of_seeing(step: AskPeople) -> Iterator[Said]:
    if step.proposes_label() and step.show_model in _SINCE_BLIND:
        yield (
            "show_model",
            f"With `asks: {step.asks}` and no column in `proposal`, people judge the model's label and see it with the "
            "question. Leave this out, or name the column with what is proposed.",
        )
    given = {name for name, field in type(step).model_fields.items() if getattr(step, name) != field.default}
    if "blind_share" in given and step.show_model != "for-a-share":
        yield "blind_share", "This belongs to `show_model: for-a-share`. Leave it out."
    if given & {"second_look", "second_look_share"} and step.show_model not in _SINCE_BLIND:
        setting = "second_look" if "second_look" in given else "second_look_share"
        yield (
            setting,
            "There is a second look only where people answer before they see the model: set `show_model` to "
            "`show_model: after-own-answer` or `show_model: for-a-share`.",
        )
    if step.probes and not decides_labels(step):
        yield (
            "probes",
            f"Known cases are those with a known label, and with `asks: {step.asks}` none is asked for. Leave it at 0.",
        )


def decides_labels(step: AskPeople) -> bool:
    """Return whether an answer says which label of the model is right."""
    return step.asks == "label" or step.proposes_label() or (step.asks == "mark-words" and bool(step.choices))
