"""The groups of people that a flow asks: accounts, or simulated people for rehearsals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.fitting import found, misfit, place_of
from flows.flow import Flow
from flows.problems import Problem
from flows.spelling import instead
from flows.step import Plain
from flows.titles import setting_title

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Share = Annotated[float, Field(ge=0, le=1)]


class _Described(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        coerce_numbers_to_str=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
    )


class Simulated(_Described):
    """People who do not exist: how many, how good, how fast and how dear they are in a rehearsal."""

    people: int = Field(default=5, ge=1, le=1_000)
    """How many simulated people answer."""
    accuracy: Share = 0.9
    """The share of their answers that is right."""
    by_label: dict[str, Share] = Field(default_factory=dict)
    """The share that is right by true label, where it differs: the bias between classes."""
    seconds: float = Field(default=30, ge=0, le=1_000_000)
    """Typical seconds that a case takes them."""
    cost: float = Field(default=0, ge=0)
    """What an hour of one of them costs, in money."""
    truth: str = ""
    """The step whose sealed truth they read; empty: the only one there is."""
    leaves: Share = 0
    """The share of questions that they never answer."""


class Group(_Described):
    """People who are asked as one group."""

    simulated: Simulated | None = None
    """Who answers in a rehearsal."""
    accounts: tuple[str, ...] = ()
    """Names of the accounts who answer live."""
    skills: tuple[str, ...] = ()
    """What they must know: of all accounts only those with these skills are asked."""


def groups(flow: Flow) -> tuple[Mapping[str, Group], tuple[Problem, ...]]:
    """Return the groups of a flow by name, and what is wrong with those that cannot be read."""
    read: dict[str, Group] = {}
    problems: list[Problem] = []
    for name, said in flow.people.items():
        try:
            read[name] = Group.model_validate({} if said is None else said)
        except ValidationError as error:
            problems.extend(_problems(name, said, error.errors()))
    return read, tuple(problems)


def _problems(name: str, said: Plain, details: list[ErrorDetails]) -> Iterator[Problem]:
    by_place: dict[tuple[int | str, ...], list[ErrorDetails]] = {}
    for detail in details:
        place = place_of(detail, said) if isinstance(said, dict) else detail["loc"]
        by_place.setdefault(place, []).append(detail)
    yield from (_problem(name, place, about) for place, about in by_place.items())


def _problem(name: str, where: tuple[int | str, ...], details: list[ErrorDetails]) -> Problem:
    place, detail = ".".join(["people", name, *map(str, where)]), details[0]
    if detail["type"] == "extra_forbidden":
        known = list((Simulated if where[0] == "simulated" and len(where) > 1 else Group).model_fields)
        unknown = instead(str(where[-1]), known, "It has")
        return Problem("people-unknown-word", f"The people '{name}' have no '{where[-1]}'. {unknown}", place)
    if not where or where == ("simulated",):
        form = f"{name}: {{simulated: {{people: 5, accuracy: 0.9}}}}"
        return Problem("people-wrong", f"The people '{name}' are not described as a group. Write {form}", place)
    what = setting_title(Simulated, where[1:]) if where[0] == "simulated" else setting_title(Group, where)
    says = f"'{what}' of the people '{name}' is {found(detail['input'])}, {misfit(details)}"
    return Problem("people-wrong", says, place)


CODES: tuple[tuple[str, str], ...] = (
    ("people-wrong", "A group of people is described wrongly. The sentence names the setting and its range."),
    (
        "people-unknown-word",
        "A group of people has a setting that is not known. Take the one that is proposed.",
    ),
)
