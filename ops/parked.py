"""`shaodao parked …`: messages no retry could mend. A message is named SERVICE:NUMBER, as `list` shows it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from ops import world as worlds
from ops.environment import database_url
from ops.problems import Problem
from ops.programs import planned_services
from ops.world import SERVICES, World

app = typer.Typer(help="Messages that could not be handled: list, show, replay, discard.", no_args_is_help=True)
COLUMNS = ("message", "parked at", "handler", "attempts", "event", "error")
Message = typer.Argument(help="SERVICE:NUMBER as shown by `parked list`", metavar="MESSAGE")


@app.command("list")
def list_(service: str | None = typer.Option(None, help="only this service")) -> None:
    """List parked messages, the oldest first."""
    shown = Table(*COLUMNS)
    world, count = worlds.load(worlds.named()), 0
    for name in [service] if service else planned_services(world):
        for row in open_messages(world, name):
            shown.add_row(*row)
            count += 1
    console = Console()
    console.print(shown if count else "no parked messages")


@app.command()
def show(message: str = Message) -> None:
    """Show one message with its headers, body and error."""
    from chassis import parked

    service, number = split(message)
    with transaction(worlds.load(worlds.named()), service) as session:
        row = parked.show(session, number)
    for key, value in row.items():
        text = bytes(value).decode("utf8", errors="replace") if isinstance(value, bytes | memoryview) else value
        typer.echo(f"{key:>12}  {text}")


@app.command()
def replay(message: str = Message) -> None:
    """Deliver one message once more, to the queue it failed in alone."""
    from chassis import parked

    service, number = split(message)
    world = worlds.load(worlds.named())
    with transaction(world, service) as session:
        parked.replay(session, operator(), number, world.now())
    typer.echo(f"{message} goes back to {service}")


@app.command()
def discard(
    message: str = Message, reason: str = typer.Option(..., prompt=False, help="why it may be given up; kept for ever")
) -> None:
    """Give one message up, saying why."""
    from chassis import parked

    service, number = split(message)
    world = worlds.load(worlds.named())
    with transaction(world, service) as session:
        parked.discard(session, operator(), number, reason, world.now())
    typer.echo(f"{message} is discarded")


def open_messages(world: World, service: str) -> Iterator[list[str]]:
    from chassis import parked

    with transaction(world, service) as session:
        for row in parked.list_parked(session):
            at = row["parked_at"].astimezone().strftime("%m-%d %H:%M:%S")
            error = str(row["error"]).strip().splitlines()[-1:] or [""]
            facts = (row["handler"], str(row["attempts"]), str(row["event_id"] or "–"), error[0][:120])
            yield [f"{service}:{row['id']}", at, *facts]


@contextmanager
def transaction(world: World, service: str) -> Iterator[Any]:
    """A transaction with the service's own database role. Errors: Problem where the service says no."""
    from chassis.errors import ServiceError
    from chassis.store import Store

    store = Store(database_url(world, service), pool_size=1)
    try:
        with store.transaction() as session:
            yield session
    except ServiceError as error:
        raise Problem(f"{error.message} {error.details or ''}".strip()) from error
    finally:
        store.engine.dispose()


def operator() -> Any:
    """Who acts: the operator's system login, for the audit trail."""
    from chassis.identity import Principal

    return Principal.service(f"ops:{getpass.getuser()}")


def split(message: str) -> tuple[str, int]:
    service, _, number = message.partition(":")
    if service not in SERVICES or not number.isdigit():
        raise Problem(f"{message} names no message; it must look like dispatch:12")
    return service, int(number)
