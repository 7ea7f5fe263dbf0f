"""The six blocks 六大板块 of an assistance case (domain §1.5 row 14): each opened, worked on and closed by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.notify import assist_blocks as blocks
from contracts.notify.assistance_views import AssistBlockState as B
from services.notify.assistance import LIFE, Assistance

Command = dict[str, Any]
Block = dict[str, Any]


@asked(blocks.OpenAssistBlock)
def open_block(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """One that was closed may be opened again, with a new plan. Errors: as `Life.begin`; Conflict for an open one."""
    row, block = LIFE.begin(session, who, blocks.OpenAssistBlock, command), command["block"]
    if any(each["block"] == block and each["state"] == B.OPEN for each in row.opened or ()):
        raise Conflict(f"“{block.label}”已经打开")
    fresh = {"block": str(block), "state": str(B.OPEN), "owner": who.name, "plan": command["plan"], "actions": []}
    row.opened = [*(row.opened or ()), {**fresh, "done": 0, "note": None}]
    return LIFE.done(session, who, row, now, blocks.AssistBlockOpened, block=block)


@asked(blocks.RecordAssistAction)
def act(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """Errors: as `Life.begin`; Conflict where the block is not open."""
    row, block = LIFE.begin(session, who, blocks.RecordAssistAction, command), command["block"]
    one = {"at": now.isoformat(), "by": who.name, "words": command["words"]}
    _change(row, block, lambda each: {"actions": [*each["actions"], one], "done": each["done"] + 1})
    return LIFE.done(session, who, row, now, blocks.AssistActionRecorded, block=block)


@asked(blocks.CloseAssistBlock)
def close_block(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """Errors: as `act`."""
    row, block = LIFE.begin(session, who, blocks.CloseAssistBlock, command), command["block"]
    _change(row, block, lambda each: {"state": str(B.CLOSED), "note": command["note"]})
    return LIFE.done(session, who, row, now, blocks.AssistBlockClosed, block=block)


def _change(row: Assistance, block: Any, changed: Any) -> None:
    """The open block with what `changed(block)` says. Errors: Conflict."""
    if not any(each["block"] == block and each["state"] == B.OPEN for each in row.opened or ()):
        raise Conflict(f"“{block.label}”没有打开")
    row.opened = [
        {**each, **changed(each)} if each["block"] == block and each["state"] == B.OPEN else each for each in row.opened
    ]
