"""`shaodao department webhook | deliveries | redeliver`: for departments that only speak HTTP."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
from rich.markup import escape

from ops import department_sheet as sheet
from ops import listing
from ops.department_units import here, known
from ops.environment import process_environment
from ops.parked import operator, transaction
from ops.problems import Problem
from ops.secret import write_private
from ops.world import REPOSITORY, World

SHEET = """\
# 哨到 · {name}（{code}）HTTP 接入单 / Webhook sheet

> 本页含密钥，请妥善保管。This page holds a secret: keep it.

| 项目 | what | 值 value |
|---|---|---|
| 回调地址 | we POST to | `{url}` |
| 签名密钥 | secret | `{secret}` |

每条消息以 POST 送达，内容与队列消息相同。`Shaodao-Delivery` 在每次重试时不变，请据此去重；
`Shaodao-Signature: t=<秒>,v1=<HMAC-SHA256(密钥, "<t>.<Shaodao-Delivery>.<正文>") 的十六进制>`，请先验签再处理，
`t` 与当前时间相差五分钟以上的应拒绝。返回 2xx 即视为收到。

Each message is POSTed with the body it would have on a queue. `Shaodao-Delivery` is the same on every attempt: dedupe
by it. Check the signature before anything else and refuse a `t` more than five minutes off. Any 2xx means received.
"""


COLUMNS = ("delivery", "unit", "message", "state", "tries", "last answer")


def set_up(world: World, code: str, name: str, url: str) -> Path:
    """Tells dispatch where to POST, writes the sheet with the new secret. Errors: Problem."""
    refuse_address(url)
    secret = dispatch(world, code, "webhook", url)
    sheet.folder(world).mkdir(mode=0o700, exist_ok=True)
    path = sheet.folder(world) / f"{code}-webhook.md"
    write_private(path, SHEET.format(name=name, code=code, url=url, secret=secret))
    return path


def refuse_address(url: str) -> None:
    """Errors: Problem for what dispatch would not POST to, said here in English."""
    try:
        place = urlsplit(url)
        good = place.scheme in ("http", "https") and place.hostname and not place.username and place.port != 0
    except ValueError:
        good = False
    if not good or not url.isascii() or " " in url:
        raise Problem(f"{url} is no address to POST to; it must look like https://host/path, without a login")


def take_down(world: World, code: str) -> None:
    """Errors: Problem where the unit has no webhook."""
    from sqlalchemy import select

    from services.dispatch.department_tables import Webhook

    with transaction(world, "dispatch") as session:  # without the secret: only dispatch has its key
        if not session.scalar(select(Webhook.active).where(Webhook.unit_code == code)):
            raise Problem(f"{code} has no webhook")
    dispatch(world, code, "no-webhook")
    (sheet.folder(world) / f"{code}-webhook.md").unlink(missing_ok=True)


def dispatch(world: World, *words: str) -> str:
    """Runs dispatch's own program: only it holds the key that seals the secret. Errors: Problem."""
    command = [sys.executable, "-m", "services.dispatch.connect", *words]
    environment = process_environment(world, "dispatch")
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(done.stderr.strip().splitlines()[-1])
    return done.stdout.strip()


def show(world: World, code: str | None, everything: bool) -> None:
    """Lists failed deliveries, or all."""
    from services.dispatch import webhooks

    states = (webhooks.FAILED, webhooks.WAITING, webhooks.DELIVERED) if everything else (webhooks.FAILED,)
    shown = listing.table(*COLUMNS, whole=["delivery"])
    with transaction(world, "dispatch") as session:
        for row in webhooks.list_deliveries(session, code, states):
            kind = row.message.type.removeprefix("cn.shaodao.departments.")
            facts = (row.state, str(row.attempts), row.last_error or str(row.last_status or "–"))
            shown.add_row(*map(escape, (str(row.id), row.unit_code, kind, *facts)))
    listing.show(shown, "no deliveries" if everything else "no failed deliveries")


def redeliver(world: World, deliveries: list[str], code: str | None) -> int:
    """Begins deliveries again: those named, and all failed ones of a unit. Errors: Problem."""
    from services.dispatch import webhooks

    if not deliveries and not code:
        raise Problem("name deliveries, or --failed-of CODE; `shaodao department deliveries` lists them")
    chosen: list[Any] = [identity(each) for each in deliveries]
    if code:
        with transaction(world, "dispatch") as session:
            chosen += [row.id for row in webhooks.list_deliveries(session, code) if row.id not in chosen]
    with transaction(world, "dispatch") as session:
        for each in chosen:
            refuse_delivery(session, each)
            webhooks.redeliver(session, operator(), each, world.now())
    return len(chosen)


def refuse_delivery(session: Any, delivery: uuid.UUID) -> None:
    """Errors: Problem for one that is not there or has not ended yet."""
    from services.dispatch.department_tables import Delivery
    from services.dispatch.webhooks import WAITING

    row = session.get(Delivery, delivery, with_for_update=True)
    if row is None:
        raise Problem(f"there is no delivery {delivery}; `shaodao department deliveries --all` lists them")
    if row.state == WAITING:
        raise Problem(f"delivery {delivery} is under way")


def counted(number: int) -> str:
    return "1 delivery begins again" if number == 1 else f"{number} deliveries begin again"


def identity(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Problem(f"{text} names no delivery; `shaodao department deliveries` lists them") from error


def webhook(
    code: str = typer.Argument(help="the unit's code, for example gongdian", metavar="CODE"),
    url: str = typer.Argument(
        "", help="where messages are POSTed: https://host/path", metavar="URL", show_default=False
    ),
    off: bool = typer.Option(False, "--off", help="stop POSTing"),
) -> None:
    """POST a unit's messages to an address, signed; write a sheet with the secret. Typed again: a new secret."""
    world = here()
    name = known(world, code)
    if off == bool(url):
        raise Problem("give an address, or --off")
    if off:
        take_down(world, code)
        typer.echo(f"{code} has no webhook any more")
    else:
        typer.echo(f"webhook sheet: {set_up(world, code, name, url)}")


def deliveries(
    code: str | None = typer.Argument(None, help="only this unit's", metavar="CODE"),
    all_: bool = typer.Option(False, "--all", help="not only failed ones"),
) -> None:
    """Show deliveries to webhooks that failed."""
    world = here()
    if code:
        known(world, code)
    show(world, code, all_)


def begin_again(
    which: list[str] = typer.Argument(None, help="ids as `deliveries` shows them", metavar="DELIVERY"),
    failed_of: str | None = typer.Option(None, help="all failed ones of this unit", metavar="CODE"),
) -> None:
    """Begin deliveries again, each under its old id."""
    world = here()
    if failed_of:
        known(world, failed_of)
    typer.echo(counted(redeliver(world, which or [], failed_of)))


COMMANDS: dict[str, Callable[..., None]] = {"webhook": webhook, "deliveries": deliveries, "redeliver": begin_again}
