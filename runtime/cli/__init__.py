"""The command `tandem`: its commands are found by entry point, and nothing heavy is loaded to name them.

A package adds a command under the entry point group `tandem.commands`: a light module with `SUMMARY`
(one line), `GROUP` (its heading in the help), `declare(parser)` and `execute(options) -> exit status`.
"""

from runtime.cli.program import main

__all__ = ["main"]
