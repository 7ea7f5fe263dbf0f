"""Tables people read, and copy ids from: an id is shown whole, however narrow the terminal."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import datetime

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from kernel.calendar.zone import local

# where no terminal says how wide it is (a pipe, a file), a row stays one line
PIPED_WIDTH = 240


def table(*names: str, whole: Collection[str] = ()) -> Table:
    """An empty table. `whole`: columns that stay on one line; what is too long elsewhere is folded, never cut."""
    shown = Table(box=None, pad_edge=False)
    for name in names:
        shown.add_column(name, overflow="fold", no_wrap=name in whole)
    return shown


def moment(at: datetime) -> str:
    """As on the pages: Beijing time, whatever the machine's zone."""
    return local(at).strftime("%m-%d %H:%M:%S")


def show(rows: Table, nothing: str) -> None:
    """Prints the table, or the sentence that says there is nothing."""
    for column in rows.columns:
        if column.no_wrap:
            column.min_width = max(map(cell_len, [str(column.header), *map(str, column.cells)]))
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(width=PIPED_WIDTH)
    console.print(rows if rows.row_count else nothing, markup=bool(rows.row_count))
