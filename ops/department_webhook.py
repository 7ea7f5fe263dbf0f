"""`shaodao department webhook | deliveries | redeliver`: for departments that only speak HTTP."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from ops import department_sheet as sheet
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


def set_up(world: World, code: str, name: str, url: str) -> Path:
    """Tells dispatch where to POST, writes the sheet with the new secret. Errors: Problem."""
    secret = dispatch(world, code, "webhook", url)
    sheet.folder(world).mkdir(mode=0o700, exist_ok=True)
    path = sheet.folder(world) / f"{code}-webhook.md"
    write_private(path, SHEET.format(name=name, code=code, url=url, secret=secret))
    return path


def take_down(world: World, code: str) -> None:
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
    shown = Table("delivery", "unit", "message", "state", "attempts", "last answer")
    with transaction(world, "dispatch") as session:
        for row in webhooks.list_deliveries(session, code, states):
            kind = row.message.type.removeprefix("cn.shaodao.departments.")
            facts = (row.state, str(row.attempts), row.last_error or str(row.last_status or "–"))
            shown.add_row(str(row.id), row.unit_code, kind, *facts)
    Console().print(shown if shown.row_count else "no deliveries" if everything else "no failed deliveries")


def redeliver(world: World, deliveries: list[str], code: str | None) -> int:
    """Begins deliveries again: those named, and all failed ones of a unit. Errors: Problem."""
    from services.dispatch import webhooks

    with transaction(world, "dispatch") as session:
        chosen: list[Any] = [identity(each) for each in deliveries]
        chosen += [row.id for row in webhooks.list_deliveries(session, code)] if code else []
        for each in chosen:
            webhooks.redeliver(session, operator(), each, world.now())
    return len(chosen)


def identity(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Problem(f"{text} names no delivery; `shaodao department deliveries` lists them") from error


def add_commands(app: typer.Typer, here: Callable[[], World], known: Callable[[World, str], str]) -> None:
    """Adds the three commands to `shaodao department`; `here` finds the world, `known` a unit's name."""

    @app.command("webhook")
    def webhook(
        code: str = typer.Argument(help="the unit's code", metavar="CODE"),
        url: str = typer.Argument("", help="where messages are POSTed"),
        off: bool = typer.Option(False, "--off", help="stop POSTing"),
    ) -> None:
        """POST a unit's messages to an address, signed; write a sheet with the secret."""
        world = here()
        name = known(world, code)
        if off == bool(url):
            raise Problem("give an address, or --off")
        if off:
            take_down(world, code)
            typer.echo(f"{code} has no webhook any more")
        else:
            typer.echo(f"webhook sheet: {set_up(world, code, name, url)}")

    @app.command("deliveries")
    def deliveries(
        code: str | None = typer.Argument(None), all_: bool = typer.Option(False, "--all", help="not only failed ones")
    ) -> None:
        """Show deliveries to webhooks that failed."""
        show(here(), code, all_)

    @app.command("redeliver")
    def again(
        which: list[str] = typer.Argument(None, help="ids as `deliveries` shows them"),
        failed_of: str | None = typer.Option(None, help="all failed ones of this unit"),
    ) -> None:
        """Begin deliveries again, each under its old id."""
        typer.echo(f"{redeliver(here(), which or [], failed_of)} deliveries begin again")
