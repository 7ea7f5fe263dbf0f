"""`shaodao department unsigned | order-again`: orders a department's program did not sign in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from rich.markup import escape

from ops import listing
from ops.department_units import here, known
from ops.parked import operator, transaction
from ops.problems import Problem
from ops.world import World

COLUMNS = ("unit", "task", "whistle", "case", "to be signed by")


def remarks(world: World) -> list[str]:
    """A sentence a unit with orders unsigned past their time, for `shaodao status`."""
    from services.dispatch import unsigned

    with transaction(world, "dispatch") as session:
        counts = sorted(unsigned.by_unit(session, world.now()).items())
    return [
        f"{unit}: {counted(count)} unsigned past the time; `shaodao department order-again {unit}`"
        for unit, count in counts
    ]


def counted(number: int) -> str:
    return "1 order" if number == 1 else f"{number} orders"


def late(world: World, code: str | None) -> list[tuple[Any, ...]]:
    """Unit, task, whistle's and case's number, and when it should have been signed."""
    from services.dispatch import unsigned

    with transaction(world, "dispatch") as session:
        rows = unsigned.late(session, world.now(), code)
        return [(row.unit_code, row.id, row.whistle.number, row.case_number, row.sign_due) for row in rows]


def order(world: World, tasks: list[Any]) -> None:
    """Each in a transaction of its own: one that was signed meanwhile holds up no other."""
    from chassis.errors import Conflict
    from services.dispatch import unsigned

    for task in tasks:
        with transaction(world, "dispatch") as session:
            try:
                unsigned.order_again(session, operator(), task, world.now())
            except Conflict:
                typer.echo(f"{task} was signed meanwhile")


def show(code: str | None = typer.Argument(None, help="only this unit's", metavar="CODE")) -> None:
    """Show orders whose sign clock has run out: rejected, purged, or taken and forgotten by the unit's program."""
    world, shown = here(), listing.table(*COLUMNS, whole=["task"])
    if code:
        known(world, code)
    for *facts, due in late(world, code):
        shown.add_row(*map(escape, map(str, facts)), due.astimezone().strftime("%m-%d %H:%M"))
    listing.show(shown, "no orders wait to be signed past their time")


def again(code: str = typer.Argument(help="the unit's code, for example gongdian", metavar="CODE")) -> None:
    """Send a unit's program every order it did not sign in time once more."""
    world = here()
    known(world, code)
    tasks = [row[1] for row in late(world, code)]
    if not tasks:
        raise Problem(f"{code} has no orders unsigned past their time")
    order(world, tasks)
    typer.echo(f"{counted(len(tasks))} sent to {code} again")


COMMANDS: dict[str, Callable[..., None]] = {"unsigned": show, "order-again": again}
