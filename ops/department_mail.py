"""`shaodao department mail`: for departments that have nothing but a mailbox."""

from __future__ import annotations

from collections.abc import Callable

import typer

from ops.department_units import here, known
from ops.parked import operator, transaction
from ops.problems import Problem
from ops.world import World


def mail(
    code: str = typer.Argument(help="the unit's code, for example gongdian", metavar="CODE"),
    off: bool = typer.Option(False, "--off", help="no more; links that are out end at once"),
) -> None:
    """Let a unit's receivers work by signed links in their letters: for units without queue and webhook."""
    world = here()
    known(world, code)
    switch(world, code, on=not off)
    typer.echo(f"{code} does not work by letter any more" if off else f"{code} works by letter from its next task on")


def switch(world: World, code: str, *, on: bool) -> None:
    """Errors: Problem for a unit with a program of its own."""
    from chassis.errors import Conflict
    from services.dispatch import task_links

    try:
        with transaction(world, "dispatch") as session:
            task_links.switch(session, operator(), code, on, world.now())
    except Conflict as error:
        raise Problem(f"{code} has a queue or a webhook; end that first: its program hears every task") from error


COMMANDS: dict[str, Callable[..., None]] = {"mail": mail}
