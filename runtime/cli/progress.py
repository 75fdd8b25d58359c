"""The moving line of a run on a terminal: which round, which step, how far."""

from __future__ import annotations

from types import TracebackType

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from flows.show.wording import visible
from runtime.notices import Notice


class Moving:
    """Shows a run while it works, and leaves one line for each round that has ended."""

    def __init__(self, rounds: int) -> None:
        self.rounds, self.closed = rounds, 0
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[round]}"),
            BarColumn(bar_width=20),
            TimeElapsedColumn(),
            TextColumn("{task.fields[now]}", markup=False),
            transient=True,
        )
        self.task = self.progress.add_task("", total=None, round="", now="")

    def __enter__(self) -> Moving:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the moving line away."""
        self.progress.stop()

    def tell(self, notice: Notice) -> None:
        """Show one notice."""
        if notice.what == "round-started":
            counted = f" ({self.closed + 1} of {self.rounds})" if self.rounds > 1 else ""
            self.progress.reset(self.task, total=None, round=f"Round {notice.round}{counted}", now="")
        elif notice.what in ("step-started", "progress"):
            self._show(notice)
        elif notice.what == "asked":
            self._leave(f"  {notice.step}: {notice.facts['questions']} new questions")
        elif notice.what == "note":
            self._leave(visible(notice.says))
        elif notice.what in ("round-closed", "round-stopped"):
            self.closed += 1
            self._leave(f"Round {notice.round} {'is done' if notice.what == 'round-closed' else 'was stopped'}.")

    def _show(self, notice: Notice) -> None:
        now = visible(f"{notice.step} {notice.says}".strip())
        done, total = notice.facts.get("done"), notice.facts.get("total")
        if isinstance(done, int) and isinstance(total, int) and total > 0:
            self.progress.update(self.task, completed=done, total=total, now=now)
        else:
            self.progress.update(self.task, completed=0, total=None, now=now)

    def _leave(self, line: str) -> None:
        self.progress.console.print(Text(line, "dim"))
