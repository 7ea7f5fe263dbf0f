"""`shaodao parked …`: messages no retry could mend. A message is named SERVICE:NUMBER, as `list` shows it."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.markup import escape

from ops import listing
from ops.environment import database_url, environment
from ops.problems import Problem
from ops.programs import planned_services, refuse_impossible
from ops.running import running
from ops.world import SERVICES, World

app = typer.Typer(help="Messages that could not be handled: list, show, replay, discard.", no_args_is_help=True)
PAST = "(past its term)"
COLUMNS = ("message", "parked at", "handler", "attempts", "event", "error")
# the module before the name of an error's class
MODULE = re.compile(r"^(?:\w+\.)+(?=\w+(?::|$))")
# the services speak Chinese to people at desks; operators read these
ENGLISH = {
    "unavailable": "the database does not answer; `shaodao status` shows what runs",
    "not_found": "there is nothing of that name",
    "conflict": "its present state does not allow that",
}
Message = typer.Argument(help="SERVICE:NUMBER as shown by `parked list`", metavar="MESSAGE")


@app.command("list")
def list_(service: str | None = typer.Option(None, help="only this service")) -> None:
    """List parked messages, the oldest first."""
    refuse_impossible([service] if service else [], {})
    world, shown = running(), listing.table(*COLUMNS, whole=["message"])
    for name in [service] if service else planned_services(world):
        for row in open_messages(world, name):
            shown.add_row(*row)
    listing.show(shown, "no parked messages")


@app.command()
def show(message: str = Message) -> None:
    """Show one message with its headers, body and error. That it was opened, and by whom, stays in the audit trail."""
    from tools import parked

    service, number = split(message)
    world = running()
    with transaction(world, service, **refusals(message)) as session:
        row = parked.show(session, operator(), number, world.now())
    for key, value in row.items():
        typer.echo(f"{key:>12}  {readable(key, value)}")


def readable(key: str, value: Any) -> Any:
    if key in ("body", "headers") and value is None:
        return PAST
    return value.decode("utf8", errors="replace") if isinstance(value, bytes) else value


@app.command()
def replay(message: str = Message) -> None:
    """Deliver one message once more, to the queue it failed in alone."""
    from tools import parked

    service, number = split(message)
    world = running()
    past = f"the body of {message} is past its term; `shaodao parked discard {message} --reason …` is what remains"
    with transaction(world, service, **{**refusals(message), "invalid": past}) as session:
        parked.replay(session, operator(), number, world.now())
    typer.echo(f"{message} goes back to {service}")


@app.command()
def discard(
    message: str = Message, reason: str = typer.Option(..., prompt=False, help="why it may be given up; kept for ever")
) -> None:
    """Give one message up, saying why."""
    from tools import parked

    service, number = split(message)
    world = running()
    with transaction(world, service, **refusals(message)) as session:
        parked.discard(session, operator(), number, reason, world.now())
    typer.echo(f"{message} is discarded")


def open_messages(world: World, service: str) -> Iterator[list[str]]:
    from tools import parked

    with transaction(world, service) as session:
        for row in parked.list_parked(session):
            at = listing.moment(row["parked_at"])
            facts = (row["handler"], str(row["attempts"]), str(row["event_id"] or "–"), last_line(str(row["error"])))
            yield [f"{service}:{row['id']}", at, *map(escape, facts)]


def last_line(error: str) -> str:
    """What went wrong, without the module its class is from."""
    lines = error.strip().splitlines() or [""]
    return MODULE.sub("", lines[-1])[:120]


def refusals(message: str) -> dict[str, str]:
    return {
        "not_found": f"there is no parked message {message}; `shaodao parked list` shows those there are",
        "conflict": f"{message} is {{state}} already; `shaodao parked show {message}` says by whom",
        "invalid": "--reason must say why the message may be given up",
    }


@contextmanager
def transaction(world: World, service: str, **refusals: str) -> Iterator[Any]:
    """A transaction with the service's own database role. Errors: Problem where the service says no: `refusals` gives
    the sentence for an error's code; `{state}` in it is the state that stood against it."""
    from chassis.errors import ServiceError
    from chassis.store import Store

    unlock(world, service)
    store = Store(database_url(world, service), pool_size=1)
    try:
        with store.transaction() as session:
            yield session
    except ServiceError as error:
        sentence = {**ENGLISH, **refusals}.get(error.code, str(error))
        raise Problem(sentence.replace("{state}", str((error.details or {}).get("state")))) from error
    finally:
        store.engine.dispose()


def unlock(world: World, service: str) -> None:
    """From here on this process opens and seals with the service's keys."""
    from chassis import sealing

    os.environ["SEAL_KEYS"] = environment(world, service)["SEAL_KEYS"]
    sealing.forget_keys()


def operator() -> Any:
    """Who acts: the operator's system login, for the audit trail."""
    from chassis.identity import Principal

    return Principal.service(f"ops:{getpass.getuser()}")


def split(message: str) -> tuple[str, int]:
    service, _, number = message.partition(":")
    if service not in SERVICES or not number.isdigit():
        raise Problem(f"{message} names no message; it must look like dispatch:12")
    return service, int(number)
