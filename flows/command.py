"""What an edit is: a frozen value that makes a new flow of a flow, or refuses with a sentence."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from flows.catalog import Catalog
from flows.flow import Flow
from flows.problems import refuse
from flows.reading import FARTHEST
from flows.step import Plain

Text = Annotated[str, Field(max_length=10_000)]
Grid = Annotated[int, Field(ge=-FARTHEST, le=FARTHEST)]
Position = tuple[Grid, Grid]
"""Column and row on the grid of the canvas, whole numbers."""
_DEEPEST = 32


class Command(BaseModel):
    """One edit. It returns a new flow or refuses with a sentence, and never changes the flow that it got."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    do: str

    def apply(self, flow: Flow, catalog: Catalog) -> Flow:
        """Return the flow with this edit made; refuse with a sentence when it cannot be made."""
        raise refuse("command-unknown", f"There is no command '{self.do}'.")

    def as_dict(self) -> dict[str, Plain]:
        """Return the command as plain data for JSON, from which `command_from` makes it again."""
        plain: dict[str, Plain] = self.model_dump(mode="json", exclude_defaults=True)
        return plain

    @model_serializer(mode="wrap")
    def _with_tag(self, rest: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {"do": self.do, **rest(self)}

    @model_validator(mode="before")
    @classmethod
    def _can_be_saved(cls, plain: object) -> object:
        _check_savable(plain)
        return plain


def _check_savable(plain: object, depth: int = 0) -> None:
    """Complain about text that no file can hold, and about data nested deeper than a file may be."""
    if isinstance(plain, str) and not plain.isascii():
        try:
            plain.encode()
        except UnicodeEncodeError:
            raise ValueError("the text has half of a character in it, which no file can hold") from None
    if depth > _DEEPEST:
        raise ValueError(f"it is nested more than {_DEEPEST} deep")
    inside = [*plain.keys(), *plain.values()] if isinstance(plain, dict) else plain
    if isinstance(inside, list | tuple):
        for item in inside:
            _check_savable(item, depth + 1)
