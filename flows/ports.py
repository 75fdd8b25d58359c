"""The named, typed inputs and outputs of a step, read from the signature of its class."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


@dataclass(frozen=True)
class _Feedback:
    """The mark of an input that remembers: see `Log`."""


FEEDBACK = _Feedback()

Log = Annotated[T, FEEDBACK]
"""An input that receives feedback: every entry sealed up to the end of the previous round."""


@dataclass(frozen=True)
class Port:
    """One input or output of a step.

    `many` ports take several links, in file order. A `feedback` port is filled by `~>` only,
    every other port by `->` only. An `optional` port may stay empty.
    """

    name: str
    type: type
    many: bool = False
    optional: bool = False
    feedback: bool = False

    @property
    def type_name(self) -> str:
        """Return the word for what flows here, such as `Predictions`."""
        return self.type.__name__


def inputs_of(function: Callable[..., object]) -> tuple[Port, ...]:
    """Return the input ports that a function declares by its keyword-only parameters."""
    hints = get_type_hints(function, include_extras=True)
    return tuple(
        _input(parameter, hints[parameter.name])
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    )


def outputs_of(function: Callable[..., object]) -> tuple[Port, ...]:
    """Return the output ports that a function declares by its return type.

    One value is one port, named like its type in lower case; a `NamedTuple` is one port a field.
    """
    returned = get_type_hints(function).get("return", type(None))
    if returned is type(None):
        return ()
    if hasattr(returned, "_fields"):
        return tuple(Port(name, hint) for name, hint in get_type_hints(returned).items())
    return (Port(returned.__name__.lower(), returned),)


def _input(parameter: inspect.Parameter, hint: object) -> Port:
    feedback = get_origin(hint) is Annotated and FEEDBACK in get_args(hint)[1:]
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    optional = parameter.default is not inspect.Parameter.empty
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(choice for choice in get_args(hint) if choice is not type(None))
    many = get_origin(hint) is tuple
    if many:
        hint = get_args(hint)[0]
    if not isinstance(hint, type):
        raise TypeError(f"The input '{parameter.name}' needs a value class as its type, not {hint!r}.")
    return Port(parameter.name, hint, many=many or feedback, optional=optional or feedback, feedback=feedback)
