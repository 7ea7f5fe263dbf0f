"""`shaodao department …`: a unit's own software comes, gets a new password, goes; what was told and replied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from rich.markup import escape

from ops import department_broker as broker
from ops import department_mail, department_orders, department_webhook, listing
from ops import department_sheet as sheet
from ops.department_units import here, known, units
from ops.parked import operator, transaction
from ops.problems import Problem
from ops.secret import password
from ops.waiting import wait_until
from ops.world import World

HELP = "Departments with software of their own: a queue or a webhook for them, and what was told and replied."
app = typer.Typer(help=HELP, no_args_is_help=True)
Code = typer.Argument(help="the unit's code, for example gongdian", metavar="CODE")
Address = typer.Option(None, help="how the department reaches the broker: amqps://host:port (default: this machine)")
PortalAddress = typer.Option(None, "--portal", help="how it reaches the portal: https://host (default: this machine)")
SENT_SECONDS = 20


@app.command("add")
def add(code: str = Code, address: str | None = Address, portal: str | None = PortalAddress) -> None:
    """Make login, queue and permissions, connect the unit, write its welcome sheet."""
    world = here()
    name = known(world, code)
    if broker.is_admitted(world, code):
        raise Problem(f"{code} is connected already; `shaodao department rotate {code}` gives it a new password")
    typer.echo(f"welcome sheet: {connect(world, code, name, address, portal)}")


@app.command("rotate")
def rotate(code: str = Code, address: str | None = Address, portal: str | None = PortalAddress) -> None:
    """Give a new password, close the connections made with the old one, write the sheet anew."""
    world = here()
    name = known(world, code)
    if not broker.is_admitted(world, code):
        raise Problem(f"{code} is not connected; `shaodao department add {code}` connects it")
    path = connect(world, code, name, address, portal)
    broker.cut(world, code)
    typer.echo(f"welcome sheet: {path}")


@app.command("remove")
def remove(
    code: str = Code,
    drop_queue: bool = typer.Option(False, "--drop-queue", help="delete the queue with what is in it"),
) -> None:
    """Disconnect the unit and delete its login; its people go on at the portal's desk."""
    world = here()
    known(world, code)
    refuse_absent(world, code, drop_queue)
    switch(world, code, connected=False)
    broker.dismiss(world, code)
    sheet.remove(world, code)
    if drop_queue:
        wait_until(lambda: not on_its_way(world, code), seconds=SENT_SECONDS, what=f"orders for {code} sent")
        typer.echo(f"queue deleted with {broker.drop_queue(world, code)} unread messages (the desk has all tasks)")
    typer.echo(f"{code} is disconnected")


@app.command("list")
def list_() -> None:
    """List units that have a login, a queue or a webhook, or work by letter."""
    world = here()
    queues, admitted, shown = broker.queues(world), broker.admitted(world), listing.table(*COLUMNS)
    for row in units(world, admitted | queues.keys()):
        held = queues.get(row["code"], {})
        counts = (str(held.get("messages", "–")), str(held.get("consumers", "–")), str(row["refused"]))
        ways = (row["connected"], row["code"] in admitted, row["webhook"], row["by_mail"])
        shown.add_row(row["code"], row["name"], *("yes" if way else "no" for way in ways), *counts)
    listing.show(shown, "no department is connected")


COLUMNS = ("unit", "name", "connected", "login", "webhook", "mail", "unread", "consumers", "refused replies")
REPLIES = ("received", "unit", "message", "task", "outcome", "why")


@app.command("replies")
def replies(
    code: str | None = typer.Argument(None, help="only this unit's", metavar="CODE"),
    refused: bool = typer.Option(False, "--refused", help="only refused ones"),
    bodies: bool = typer.Option(False, "--bodies", help="also what was sent, one a line; the audit keeps who read it"),
) -> None:
    """Show the last replies and what became of them."""
    world, shown = here(), listing.table(*REPLIES, whole=["task"])
    if code:
        known(world, code)
    rows = last_replies(world, code, refused)
    for row in rows:
        at = listing.moment(row.received_at)
        verb = (row.message_type or "–").removeprefix("cn.shaodao.department.")
        outcome = row.outcome if row.code is None else f"{row.outcome} {row.code}"
        sender = (row.sender or "–").removeprefix("department.")
        facts = (at, sender, verb, str(row.task_id or "–"), outcome, (row.detail or "")[:120])
        shown.add_row(*map(escape, facts))
    listing.show(shown, "no replies")
    if bodies:  # only dispatch has the key, and its audit keeps who read them
        typer.echo(department_webhook.dispatch(world, code or "*", "letters", operator().name))


def refuse_absent(world: World, code: str, drop_queue: bool) -> None:
    """Errors: Problem when there is nothing to remove; a queue that was kept may be dropped later."""
    [unit] = [row for row in units(world, {code}) if row["code"] == code]
    kept = drop_queue and code in broker.queues(world)
    if not (unit["connected"] or broker.is_admitted(world, code) or kept):
        webhook = f"; `shaodao department webhook {code} --off` ends its webhook" if unit["webhook"] else ""
        raise Problem(f"{code} is not connected{webhook}")


def connect(world: World, code: str, name: str, address: str | None, portal: str | None) -> Path:
    secret = password()
    broker.furnish(world, code)
    broker.admit(world, code, secret)
    switch(world, code, connected=True)
    return sheet.write(world, code, name, secret, address, portal)


def switch(world: World, code: str, *, connected: bool) -> None:
    """Whether dispatch writes to the unit's queue from now on."""
    from services.dispatch import departments

    with transaction(world, "dispatch") as session:
        departments.connect(session, operator(), code, connected, world.now())


def on_its_way(world: World, code: str) -> bool:
    """Whether the relay still holds messages for the unit: without its queue they would never be sent."""
    from sqlalchemy import func, select

    from chassis.tables import OUTBOX

    waiting = select(func.count()).where(OUTBOX.c.exchange == "departments", OUTBOX.c.routing_key == code)
    with transaction(world, "dispatch") as session:
        return bool(session.scalar(waiting.where(OUTBOX.c.sent_at.is_(None))))


def last_replies(world: World, code: str | None, refused: bool) -> list[Any]:
    from sqlalchemy import select

    from services.dispatch.department_tables import DepartmentReply as Reply

    query = select(Reply).order_by(Reply.id.desc()).limit(50)
    query = query.where(Reply.unit_code == code) if code else query
    query = query.where(Reply.outcome == "REFUSED") if refused else query
    with transaction(world, "dispatch") as session:
        return list(session.scalars(query))


for name, command in {**department_webhook.COMMANDS, **department_orders.COMMANDS, **department_mail.COMMANDS}.items():
    app.command(name)(command)
