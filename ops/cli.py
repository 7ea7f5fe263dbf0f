"""The `shaodao` command."""

from __future__ import annotations

import shlex
import sys
from importlib import import_module
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from ops import department, lifecycle, logs, pager, parked, preparing, programs, status
from ops import world as worlds
from ops.problems import Problem
from ops.progress import Steps
from ops.running import running
from ops.world import SERVICES

NODES = 3
commands = typer.Typer(
    help="Shaodao 哨到: run a whole world on this machine. SHAODAO_WORLD in the environment names the world (default: "
    "local; `make demo` makes the world demo).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they hold passwords
)
commands.add_typer(parked.app, name="parked")
commands.add_typer(department.app, name="department")
commands.add_typer(pager.app, name="pager")


def app() -> None:
    """What the console script calls: a Problem is one sentence and exit status 1."""
    try:
        commands()
    except Problem as problem:
        Console(stderr=True).print(f"[red]shaodao:[/] {escape(str(problem))}", highlight=False, soft_wrap=True)
        sys.exit(1)


@commands.command("up")
def up(
    scale: list[str] = typer.Option([], help="SERVICE=NUMBER of processes, for example dispatch=2"),
    load: bool = typer.Option(True, help="load the demo district where it changed"),
    cluster: bool = typer.Option(False, "--cluster", help="three nodes of each server, two of each service"),
) -> None:
    """Start everything that does not run and wait until it is ready."""
    wanted = dict(map(scaled, scale))  # before there is a world
    world = worlds.load_or_create(worlds.named(), nodes=NODES if cluster else 0)
    lifecycle.up(world, Steps(), scale=wanted, load=load)
    typer.echo(f"portal: {world.portal_url}")


@commands.command("down")
def down(wipe: bool = typer.Option(False, help="remove the world with all its data")) -> None:
    """Stop everything, servers too."""
    bad = lifecycle.down(worlds.load(worlds.named()), Steps(), wipe=wipe)
    if bad:
        raise Problem(f"stopped, but these had to be killed or failed on their way out: {', '.join(bad)}")


@commands.command("status")
def show_status() -> None:
    """Show what runs and what waits."""
    world = worlds.load(worlds.named())
    Console().print(status.table(world))
    for remark in status.remarks(world):
        print(remark)


@commands.command("logs")
def show_logs(
    name: str | None = typer.Argument(None, help="one process, for example dispatch or dispatch-relay"),
    follow: bool = typer.Option(False, "--follow", "-f", help="go on showing what is added"),
) -> None:
    """Show the end of the logs."""
    paths = logs.files(worlds.load(worlds.named()), name)
    for line in logs.lines(paths):
        typer.echo(line)
    if follow:
        logs.follow(paths, typer.echo)


@commands.command("migrate")
def migrate(service: str | None = typer.Argument(None, help="one service; default all")) -> None:
    """Bring the tables of the running world to the present."""
    world = running()
    for line in preparing.migrate_and_tell(world, chosen(service)):
        typer.echo(line)


@commands.command("load")
def load(
    folder: Path = typer.Argument(preparing.DISTRICT, help="a folder of reference data", show_default="data/district"),
) -> None:
    """Load reference data: areas, units, posts, accounts."""
    preparing.load(running(), SERVICES, folder)
    typer.echo(f"{folder} is loaded")


@commands.command("env")
def env(service: str = typer.Argument(help="one service, for example intake")) -> None:
    """Print a service's settings as export lines."""
    [name] = chosen(service)
    for key, value in worlds.load(worlds.named()).environment(name).items():
        typer.echo(f"export {key}={shlex.quote(value)}")


@commands.command("demo")
def demo() -> None:
    """Play the told cases through real services; the portal stays open."""
    raise typer.Exit(import_module("ops.demo").run() or 0)


def chosen(service: str | None) -> tuple[str, ...]:
    if service is None:
        return SERVICES
    if service not in SERVICES:
        raise Problem(f"there is no service {service}; there are {', '.join(SERVICES)}")
    return (service,)


def scaled(text: str) -> tuple[str, int]:
    """A service and how often it runs. Errors: Problem."""
    service, _, number = text.partition("=")
    if not (number.isascii() and number.isdigit()):
        raise Problem(f"--scale {text}: it must look like dispatch=2")
    programs.refuse_impossible([service], {service: int(number)})
    return service, int(number)


if __name__ == "__main__":
    app()
