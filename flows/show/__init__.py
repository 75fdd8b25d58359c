"""A flow as people see it: in a terminal, as a Mermaid diagram, as a picture."""

from flows.show.mermaid import mermaid
from flows.show.svg import svg
from flows.show.tree import tree

__all__ = ["mermaid", "svg", "tree"]
