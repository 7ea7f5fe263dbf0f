"""What notify remembers of other services' cases. Facts come in any order: each fills its own part and no other."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.envelope import Event
from kernel.codes import Audience, Urgency
from services.notify import messages
from services.notify.areas import Recipient, person
from services.notify.tables import AppealFile, DisputeFile

APPEAL_BLANK: dict[str, Any] = {
    **dict.fromkeys(("registered", "secret", "anonymous"), False), "against": [],
    "handler_version": 0, "moved_on_version": 0,
}  # fmt: skip
DISPUTE_BLANK = {"parties": [], "ended": False}


@cache
def _hold(model: Any, names: tuple[str, ...]) -> Any:
    """The file, opened with these columns or, by an update of nothing, locked as it is."""
    table = model.__table__
    fresh = insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in names})
    held = fresh.on_conflict_do_update(index_elements=["id"], set_={"id": fresh.excluded.id}).returning(table)
    return select(model).from_statement(held)


def appeal(session: Session, event: Event) -> AppealFile:
    """The file of the appeal a fact is about, locked; opened by whichever fact comes first."""
    data = event.data
    fresh = {"id": data["appeal_id"], "number": data["number"], "area_path": event.area_path, **APPEAL_BLANK}
    held: AppealFile = session.scalars(_hold(AppealFile, tuple(fresh)), fresh).one()
    return held


def dispute(session: Session, event: Event) -> DisputeFile:
    """The file of a mediation case, likewise."""
    data = event.data
    fresh = {"id": data["case_id"], "case_number": event.case_number, "mediation_number": data["mediation_number"]}
    fresh |= {"area_path": event.area_path, **DISPUTE_BLANK}
    held: DisputeFile = session.scalars(_hold(DisputeFile, tuple(fresh)), fresh).one()
    return held


def note_registration(session: Session, file: AppealFile, event: Event) -> None:
    """Who reported, who answers for it, how urgent; messages that waited for that get their address."""
    data, reporter = event.data, event.data["reporter"] or {}
    file.registered, file.secret = True, data["secret"]
    file.urgency = file.urgency or data["urgency"]
    file.anonymous, file.against = data["anonymous"], data["against"]
    file.first_responder_id = str(data["first_responder"]["id"])
    file.first_responder_name = data["first_responder"]["name"]
    if reporter:
        file.reporter_id, file.reporter_name = str(reporter["person_id"]), reporter["masked_name"]
    messages.address_waiting(session, file)


def note_urgency(file: AppealFile, event: Event) -> None:
    """How urgent it has become; a registration heard later does not make it less so."""
    file.urgency = str(event.data["urgency"])


def note_handler(file: AppealFile, event: Event) -> None:
    """Who handles it: the newest assignment counts, also when it comes first."""
    if event.aggregate_version > file.handler_version:
        file.handler_version = event.aggregate_version
        file.handler_id, file.handler_name = str(event.data["handler"]["id"]), event.data["handler"]["name"]


def note_moved_on(file: AppealFile, event: Event) -> None:
    """The appeal took a turn (ended, reopened, resumed): what was told before that no longer waits for anybody."""
    file.moved_on_version = max(file.moved_on_version, event.aggregate_version)


def overtaken(file: AppealFile, event: Event) -> bool:
    """Whether the appeal has moved on since this fact, so that nobody needs to be told of it any more."""
    return event.aggregate_version < file.moved_on_version


def is_emergency(file: AppealFile | None) -> bool:
    return file is not None and file.urgency == Urgency.EMERGENCY


def followers(session: Session, file: AppealFile) -> list[AppealFile]:
    """The appeal and those merged into it, each reporter once, known already or not; nobody for an anonymous one."""
    found = [file]
    for one in found:
        merged = session.scalars(select(AppealFile).where(AppealFile.merged_into == one.id).order_by(AppealFile.number))
        found += [other for other in merged if other not in found]
    reported = [one for one in found if one.has_reporter or not one.registered]
    return list({one.reporter_id or one.id: one for one in reversed(reported)}.values())[::-1]


def reporter(file: AppealFile) -> Recipient:
    """The reporter of one appeal; without id while the registration has not been heard, nameless where secret."""
    name = file.reporter_name or messages.HIDDEN
    key = file.reporter_id or (messages.HIDDEN_ID if file.registered and file.has_reporter else None)
    return Recipient(Audience.RESIDENT, key, name, file.secret, reporter_of=file.id)


def responsible(session: Session, appeal_id: UUID) -> Recipient | None:
    """Who of the staff is at work on an appeal: its handler, else its first responder, else nobody."""
    file = session.get(AppealFile, appeal_id)
    if file is None:
        return None
    if file.handler_id:
        return person(file.handler_id, file.handler_name or file.handler_id)
    if file.first_responder_id:
        return person(file.first_responder_id, file.first_responder_name or file.first_responder_id)
    return None
