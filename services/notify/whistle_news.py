"""What is told to whom when a whistle is drafted, blown, late or done."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.dispatch.ratings import WhistleTaskConfirmed, WhistleTaskRated, WhistleTaskRatingWaived
from contracts.dispatch.tasks import WhistleTaskAssigned, WhistleTaskOverdue
from contracts.dispatch.whistles import WhistleCancelled, WhistleClosed, WhistleDrafted
from kernel.codes import CaseKind, EscalationLevel, Role, WhistleKind
from services.notify import areas, files
from services.notify.messages import News, When, queue, was_emergency, withdraw
from services.notify.rules import due, policy
from services.notify.tables import TaskFile

RATE = "dispatch.rate_within"
A_MOMENT = timedelta(minutes=1)
ESCALATION_GROUPS = {EscalationLevel.STREET: Role.STREET, EscalationLevel.DISTRICT: Role.DISTRICT}


@hears(WhistleDrafted)
def drafted(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The street approves: its duty group is told."""
    data = event.data
    words = {name: data[name] for name in ("whistle_number", "kind")}
    words |= {"source_number": data["source"]["number"], "drafted_by": data["drafted_by"]["name"]}
    words["units"] = [recipient["unit_name"] for recipient in data["recipients"]]
    street = areas.group(session, Role.STREET, event.area_path)
    when = When(emergency=data["kind"] == WhistleKind.EMERGENCY)
    queue(session, "whistle_to_approve", street, News.of(event), words, now, when)


@hears(WhistleTaskAssigned)
def task_assigned(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The receiver hears the whistle; for an EMERGENCY at any hour. Without a named receiver, because
    nobody of the unit is at work, its head and desk do, and the street is alarmed.
    """
    data = event.data
    words = {name: data[name] for name in ("whistle_number", "kind", "sign_due", "report_due")}
    words |= {"unit": data["unit"]["name"], "action": data["asked_action"]}
    news, when = News.of(event, data["task_id"], cycle="1"), When(emergency=data["kind"] == WhistleKind.EMERGENCY)
    queue(session, "whistle_task_assigned", _receiver(data["receiver"], data["unit"]), news, words, now, when)
    if data["receiver"] is None:
        queue(session, "whistle_unmanned", areas.group(session, Role.STREET, event.area_path), news, words, now, when)


@hears(WhistleTaskOverdue)
def task_overdue(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The holder of the level is told: a named person, the street's or district's duty group, or the unit."""
    data = event.data
    role = ESCALATION_GROUPS.get(data["level"])
    to = _receiver(data["notify_receiver"], data["unit"])
    if data["notify_receiver"] is None and role is not None:
        to = areas.group(session, role, event.area_path)
    words = {name: data[name] for name in ("whistle_number", "stage", "due_at", "level")}
    words["unit"] = data["unit"]["name"]
    when = When(emergency=was_emergency(session, data["task_id"], "whistle_task_assigned"))
    news = News.of(event, data["task_id"], cycle=f"{data['stage']}-{data['level']}")
    queue(session, "whistle_task_overdue", to, news, words, now, when)


@hears(WhistleTaskConfirmed)
def confirmed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The whistler has policy key dispatch.rate_within to rate; then reminded, again and again, the street with it.

    Nothing is ever rated by itself. Rating, excusing and calling off take back what waits (`settled`).
    """
    whistle, task = _file(session, event.data["whistle_id"]), _file(session, event.data["task_id"])
    task.whistle_id = whistle.id
    if whistle.settled or task.settled:
        return
    words = {"whistle_number": event.data["whistle_number"], "unit": event.data["unit"]["name"]}
    whistler = areas.person(event.data["confirmed_by"]["id"], event.data["confirmed_by"]["name"])
    street = areas.group(session, Role.STREET, event.area_path)
    begun = event.time
    for no in range(1, policy(event.time).value(RATE)["reminders"] + 1):
        after = due(RATE, begun, event.time)
        begun = after - A_MOMENT  # the next limit counts from the last day of this one
        for to in (whistler,) if no == 1 else (whistler, street):
            news = News.of(event, event.data["task_id"], cycle=no)
            queue(session, "rating_due", to, news, words, now, When(after=after + A_MOMENT))


@hears(WhistleTaskRated, WhistleTaskRatingWaived)
def settled(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """No rating is waited for any more, in whatever order the facts come."""
    file = _file(session, event.data["task_id"])
    file.settled = True
    withdraw(session, now, [file.id], "rating_due")


@hears(WhistleCancelled)
def cancelled(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Nobody rates the tasks of a whistle that was called off."""
    whistle = _file(session, event.data["whistle_id"])
    whistle.settled = True
    of_it = select(TaskFile.id).where(TaskFile.whistle_id == whistle.id)
    withdraw(session, now, session.scalars(of_it).all(), "rating_due")


def _file(session: Session, id_: UUID) -> TaskFile:
    """The file of a task or a whistle, opened or as it is, locked."""
    fresh = insert(TaskFile).values(id=id_, settled=False)
    held = fresh.on_conflict_do_update(index_elements=["id"], set_={"id": fresh.excluded.id}).returning(TaskFile)
    file: TaskFile = session.scalars(select(TaskFile).from_statement(held)).one()
    return file


@hears(WhistleClosed)
def closed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Whoever works on the case it was blown for is told; for a hazard the community's duty group."""
    data, source = event.data, event.data["source"]
    at_work = files.responsible(session, source["id"]) if source["kind"] == CaseKind.APPEAL else None
    to = at_work or areas.group(session, Role.COMMUNITY, event.area_path)
    counts = {name: data[name] for name in ("tasks", "rated", "waived", "reassigned")}
    numbers = {"whistle_number": data["whistle_number"], "source_number": source["number"]}
    queue(session, "whistle_closed", to, News.of(event, cycle="1"), {**counts, **numbers}, now)


def _receiver(receiver: dict[str, object] | None, unit: dict[str, str]) -> areas.Recipient:
    if receiver is None:
        return areas.unit(unit["code"], unit["name"])
    return areas.person(receiver["id"], str(receiver["name"]))
