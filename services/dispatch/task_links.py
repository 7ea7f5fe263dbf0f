"""Work by letter: a unit without a program signs, reports in and finishes by signed links in its receivers' letters.

A link opens a page of the portal, which asks the same commands in the receiver's name; it lends no right of its own:
the roster decides at every step, as for everybody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Conflict, NotFound
from chassis.identity import Principal
from chassis.store import take
from contracts.dispatch.task_links import LinkState, MakeTaskLink, ReadTaskLink, SendTaskLink, WhistleTaskLinkAsked
from services.dispatch import clocks, facts, link_tokens, rosters, stages, units
from services.dispatch.department_tables import Webhook
from services.dispatch.link_tokens import Link
from services.dispatch.tables import Person, Receiver, Task, Unit, Whistle

View = dict[str, Any]
LINK = "dispatch.task_link"


def switch(session: Session, who: Principal, unit_code: str, on: bool, now: datetime) -> None:
    """Whether the unit's receivers work by links from now on; off ends the links that are out.

    Audited. Errors: NotFound; Conflict for a unit with a program of its own.
    """
    unit = take(session, Unit, unit_code)
    if on and _has_program(session, unit):
        raise Conflict("该单位有自己的程序（队列或回调），不凭信件办理", unit=unit_code)
    unit.by_mail = on
    audit.note(session, who, now, "department_by_mail", f"unit:{unit_code}", "凭信件办理", on=on)


def works_by_mail(session: Session, unit: Unit) -> bool:
    """Whether letters to its receivers carry links."""
    return unit.by_mail and not _has_program(session, unit)


def written_to(session: Session, task: Task) -> Person | None:
    """Who hears by letter what others decided: the receiver who signed, before that the first of the roster; None where
    the unit hears it otherwise."""
    if not works_by_mail(session, task.unit):
        return None
    return task.receiver or units.first_receiver(session, task.unit_code)


def _has_program(session: Session, unit: Unit) -> bool:
    posted = select(Webhook.unit_code).where(Webhook.unit_code == unit.code, Webhook.active)
    return unit.connected or session.scalar(posted) is not None


@asked(MakeTaskLink)
def make(session: Session, who: Principal, command: View, now: datetime) -> View:
    """Nothing where the task asks nothing more, or this one may not act in it. Errors: Forbidden for people; NotFound.

    Good for policy key dispatch.task_link: {days}; an order to send it again makes another.
    """
    permit(who, MakeTaskLink, command)
    task = take(session, Task, command["task_id"])
    receiver = session.get(Receiver, (task.unit_code, command["receiver"]))
    allowed = receiver is not None and receiver.active and works_by_mail(session, task.unit)
    if not allowed or _is_over(task, now):
        return {"token": None, "until": None}
    until = now.replace(microsecond=0) + timedelta(days=clocks.policy(now).value(LINK)["days"])
    audit.note(
        session, who, now, "task_link_made", f"task:{task.id}", "信中办理链接",
        receiver=command["receiver"], until=until.isoformat(),
    )  # fmt: skip
    return {"token": link_tokens.make(task.id, task.unit_code, command["receiver"], until), "until": until}


@asked(ReadTaskLink)
def read(session: Session, who: Principal, command: View, now: datetime) -> View:
    """Whose link it is and what it is good for. Errors: Forbidden for all but the portal; NotFound for no link of
    ours."""
    permit(who, ReadTaskLink, command)
    link = link_tokens.read(command["token"])
    task = session.get(Task, link.task_id) if link else None
    if link is None or task is None:
        raise NotFound("链接无效")
    receiver = _holder(session, link, task)
    return {
        "link": _good_for(session, link, task, receiver, now),
        "task_id": task.id,
        "task_state": task.state,
        "whistle_number": task.whistle.number,
        "area_path": task.unit.area_path,
        "unit": facts.unit_ref(task.unit),
        "receiver": rosters.person(receiver) if receiver else None,
    }


def _holder(session: Session, link: Link, task: Task) -> Receiver | None:
    """The member of the roster it was made for, as long as they are one."""
    listed = select(Receiver).where(Receiver.unit_code == task.unit_code, Receiver.active.is_(True))
    return next((one for one in session.scalars(listed) if link.is_for(one.unit_code, one.person_id)), None)


def _is_over(task: Task, now: datetime) -> bool:
    """Settled, and nothing may be said against its rating any more."""
    rating, appealed = task.rating, task.rating_appeal is not None
    open_to_appeal = rating is not None and not appealed and now <= clocks.rating_appeal_due(rating, now)
    return task.state in stages.SETTLED and not open_to_appeal


def _good_for(session: Session, link: Link, task: Task, receiver: Receiver | None, now: datetime) -> LinkState:
    if now >= link.until:
        return LinkState.EXPIRED
    if _is_over(task, now):
        return LinkState.SETTLED
    if receiver is None:
        return LinkState.OFF_ROSTER
    return LinkState.OPEN if works_by_mail(session, task.unit) else LinkState.WITHDRAWN


@asked(SendTaskLink)
def send_again(session: Session, who: Principal, command: View, now: datetime) -> View:
    """A letter for each open task of the whistle, not more often than policy key dispatch.task_link allows.

    Errors: Forbidden for all but the portal. A number of nobody's sends nothing.
    """
    permit(who, SendTaskLink, command)
    pause = timedelta(minutes=clocks.policy(now).value(LINK)["again_minutes"])
    of_whistle = select(Task).join(Whistle, Whistle.id == Task.whistle_id).where(Whistle.number == command["number"])
    waiting = of_whistle.where(Task.state.not_in(stages.SETTLED)).order_by(Task.id).with_for_update(of=Task)
    sent = [
        _asked_again(session, who, task, now) for task in session.scalars(waiting).all() if _rested(task, now, pause)
    ]
    return {"sent": sum(sent)}


def _rested(task: Task, now: datetime, pause: timedelta) -> bool:
    return task.link_sent_at is None or task.link_sent_at + pause <= now


def _asked_again(session: Session, who: Principal, task: Task, now: datetime) -> bool:
    listed = select(Receiver).where(Receiver.unit_code == task.unit_code, Receiver.active.is_(True))
    roster = session.scalars(listed.order_by(Receiver.post, Receiver.person_id)).all()
    if not roster or not works_by_mail(session, task.unit):
        return False
    task.link_sent_at = now
    facts.tell_task(session, WhistleTaskLinkAsked, task, who, now, receivers=[rosters.person(one) for one in roster])
    return True
