"""The day of a look-back 回头看 has come: told, carried out, passed or relapsed (domain §3.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import audit
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from chassis.store import take
from contracts.department_codes import TaskChange
from contracts.dispatch import rectifications as say
from contracts.dispatch.rectification_views import LookBackResult, SpotState
from kernel.calendar import end_of, local_day
from services.dispatch import clocks, departments, look_backs
from services.dispatch.rectification_tables import Rectification
from services.dispatch.rectifications import LIFE, hand_over, spots
from services.dispatch.tables import Task, Whistle

Command = dict[str, Any]


@every(seconds=15)
def open_look_backs(session: Session, who: Principal, now: datetime) -> None:
    """Whoever answers for the place is told on the day itself, and has until its end."""
    for draw in look_backs.come(session, now):
        row = take(session, Rectification, draw.rectification_id)
        draw.opened_at = now
        LIFE.move(row, "look_back_due")
        row.until(end_of(local_day(now)), now)
        audit.note(session, who, now, "look_back_opened", f"rectification:{row.number}", "回头看", no=draw.no)
        LIFE.rules.tell(session, say.LookBackDue, row, who, now)


@asked(say.PassLookBack)
def passed(session: Session, who: Principal, command: Command, now: datetime) -> Rectification:
    """With the last round it leaves the ledger 销号; else the next look-back is drawn. Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.PassLookBack, command)
    _looked(session, row, who, command, now, LookBackResult.PASSED)
    LIFE.advance(row)
    row.passes += 1
    told: list[Any] = [say.LookBackPassed]
    if row.passes < len(look_backs.rounds(now)):
        look_backs.seal(session, who, row, now)
    else:
        LIFE.move(row, "closed")
        told.append(say.RectificationClosed)
    LIFE.wind(row, now)
    return LIFE.done(session, who, row, now, *told)


@asked(say.RecordRelapse)
def relapsed(session: Session, who: Principal, command: Command, now: datetime) -> Rectification:
    """What grew back is open again; a squad that had it has it again, its counter one higher. Errors: as `Life.begin`;
    Invalid for an unknown spot."""
    row = LIFE.begin(session, who, say.RecordRelapse, command)
    found = spots(row, command["spots"])
    for spot in found:
        spot.state, spot.relapses = SpotState.OPEN, spot.relapses + 1
    _looked(session, row, who, command, now, LookBackResult.RELAPSED)
    row.relapses, row.passes, row.correct_by = row.relapses + 1, 0, clocks.due("rectify.correct", now, now)
    LIFE.advance(row)
    if row.called:
        LIFE.move(row, "to_squad")
    LIFE.wind(row, now)
    LIFE.done(session, who, row, now, say.LookBackRelapsed, count=len(found))
    if row.called:
        hand_over(session, who, row, row.called[-1], str(row.legal_basis), now)
    return row


def _looked(
    session: Session, row: Rectification, who: Principal, command: Command, now: datetime, result: LookBackResult
) -> None:
    draw = row.draws[-1]
    draw.result, draw.at, draw.photos = result, now, command["photos"]
    draw.by_id, draw.by_name = who.id, who.name
    grown = "、".join(map(str, command.get("spots", ())))
    found = f"第{grown}处反弹" if result == LookBackResult.RELAPSED else "没有反弹"
    for task in _enforced(session, row):
        departments.tell_change(session, task, TaskChange(f"LOOK_BACK_{result}"), now, f"第{draw.no}次回头看：{found}")


def _enforced(session: Session, row: Rectification) -> Iterable[Task]:
    """The last task of each unit it was handed over to. They are told what was found, and never when one will look."""
    query = select(Task).join(Whistle).where(Whistle.number.in_(row.whistles), Task.unit_code.in_(row.called))
    return {task.unit_code: task for task in session.scalars(query.order_by(Task.id))}.values()
