"""What the operator sees while things start: a spinner and a clock a step, plain lines where no terminal is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

# how often a step without a terminal says how far it is
PLAIN_SECONDS = 5.0
Tell = Callable[[str], None]


class Steps:
    """Steps of one command; several may run at once, from several threads."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console()
        columns = (SpinnerColumn(finished_text="[green]✓[/]"), TextColumn("{task.description}"), TimeElapsedColumn())
        self._live = Progress(*columns, console=self.console)

    def __enter__(self) -> Steps:
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.console.is_terminal:
            self._live.stop()

    @contextmanager
    def step(self, title: str) -> Iterator[Tell]:
        """One step; the value given tells how far it is."""
        if not self.console.is_terminal:
            yield from self._plain(title)
            return
        task = self._live.add_task(title, total=1)
        yield lambda text: self._live.update(task, description=f"{title} [dim]{text}[/]")
        self._live.update(task, description=title, completed=1)

    def _plain(self, title: str) -> Iterator[Tell]:
        begun = last = time.monotonic()

        def tell(text: str) -> None:
            nonlocal last
            if time.monotonic() - last >= PLAIN_SECONDS:
                last = time.monotonic()
                self.console.print(f"  {title}: {text}", highlight=False)

        yield tell
        self.console.print(f"✓ {title} ({time.monotonic() - begun:.1f} s)", highlight=False)


def silent() -> Steps:
    """For tests: says nothing."""
    return Steps(Console(quiet=True, force_terminal=False))
