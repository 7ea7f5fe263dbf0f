"""What units reply 回哨: the same operations as their people use in the portal, with the unit's own authority.

Who acts is the receiver the reply names, else the holder of post A (then B): a whistle is signed by a person on the
roster, also where a program presses the button. A reply that no longer fits its task becomes a note on it, never an
error, unless it asks for something that cannot be done (`verbs.py`). One that came before the step it builds on waits
for that step. Everything else that is wrong is refused: kept with its body (`department_reply`), told to the sender,
changing nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import Ask
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, ServiceError
from chassis.identity import Grant, Principal
from chassis.telemetry.logs import log
from contracts.department_codes import RefusalCode
from contracts.departments import MOST_BYTES, ReportedIn
from kernel.codes import Role
from letters.letter import Letter, receives
from services.dispatch import assignment, departments, letters, locks, metrics, proof, units
from services.dispatch.department_tables import DepartmentReply
from services.dispatch.letters import Refused, Said
from services.dispatch.tables import Person, Receiver, Task, Unit
from services.dispatch.verbs import ACTS

DONE, NOTED, REFUSED = "DONE", "NOTED", "REFUSED"
PATIENCE = 2
"""How often a reply that came too early is put back (5 s, 30 s) before it becomes a note or is refused."""
NOTE_LENGTH = 2000
TOLD_A_MINUTE = 60
"""How many refusals a sender is told of in a minute. All are kept; the last one told says that no more will be."""

Command = dict[str, Any]
_WORDS = ("note", "result_text", "legal_basis", "mode", "arrived_at")


class TooEarly(ServiceError):
    """The reply this one builds on has not been handled yet: the bus brings it again."""


@receives("replies", hopeless=letters.hopeless)
def department_replied(session: Session, who: Principal, letter: Letter, now: datetime, *, ask: Ask) -> str:
    """Handles one letter; answers with what became of it. `ask` asks the portal for the files it names.

    Errors: TooEarly; Unavailable and DeadlineExceeded where the portal does not answer: the bus brings it again.
    What it does counts from the moment the letter arrived: a unit does not answer for our queues.
    """
    now = min(letter.arrived_at or now, now)
    unit = letters.unit_of(session, letter)
    try:
        said = letters.read(letter, unit)
        _refuse_reused(session, letter)
        outcome, detail = _obey(session, said, unit, letter, now, ask)
    except Refused as refused:
        _refuse(session, unit, letter, refused, now)
        return str(refused.code)
    _keep(session, unit, letter, now, outcome, detail=detail)
    return outcome


def _obey(session: Session, said: Said, unit: Any, letter: Letter, now: datetime, ask: Ask) -> tuple[str, str | None]:
    task, act = _own_task(session, said, unit), ACTS[said.contract]
    if act.files and said.data[act.files]:
        kept = proof.kept(said.data[act.files], letter.sender, task.case_number, ask, act.files)
        said = replace(said, data={**said.data, act.files: kept})
    person, remark = _acting(session, unit, said.data.get("receiver"))
    who = Principal(person["id"], person["name"], (Grant(Role.RECEIVER, unit.area_path, unit.code),), "department")
    try:
        with session.begin_nested():
            act.operation(session, who, _command(said, task, now), now)
    except Conflict as conflict:
        if letter.attempt < PATIENCE and act.early(task):
            raise TooEarly(f"{said.contract.name} before its time") from conflict
        if act.refused_by(conflict):
            raise Refused(RefusalCode.CONFLICT, conflict.message) from conflict
        return _note(session, task, who, now, _odd(said, conflict))
    except Invalid as error:
        raise Refused(RefusalCode.INVALID, error.message, letters.lines(error.details.get("fields", {}))) from error
    except (Forbidden, NotFound) as error:
        raise Refused(RefusalCode.NOT_YOURS, error.message) from error
    if remark:
        _note(session, task, who, now, remark)
    return DONE, remark


def _refuse_reused(session: Session, letter: Letter) -> None:
    """A program that uses one id for several replies would lose all but the first without a word."""
    locks.take_turns(session, "department_reply", letter.sender, letter.given_id)
    earlier = select(DepartmentReply.id).where(
        DepartmentReply.sender == letter.sender, DepartmentReply.message_id == letter.given_id
    )
    if session.scalar(earlier.limit(1)) is not None:
        raise Refused(RefusalCode.ID_REUSED, "此 id 已用于另一条回哨，请换新的 id 重发")


def _own_task(session: Session, said: Said, unit: Unit) -> Task:
    task = session.get(Task, said.task_id)
    if task is None:
        raise Refused(RefusalCode.UNKNOWN_TASK, "没有这个哨令")
    if task.unit_code != unit.code:
        raise Refused(RefusalCode.NOT_YOURS, "这不是本单位的哨令")
    return task


def _acting(session: Session, unit: Unit, named: str | None) -> tuple[Person, str | None]:
    """The person in whose name the reply counts, and a remark where it is not the one it names."""
    if named is not None:
        listed = session.get(Receiver, (unit.code, named))
        if listed is not None and listed.active:
            return {"id": listed.person_id, "name": listed.name}, None
    holder = units.first_receiver(session, unit.code)
    if holder is None:
        raise Refused(RefusalCode.NO_RECEIVER, "本单位名册上没有接哨员")
    remark = f"回哨所写接哨员不在名册上，记为 {holder['name']}" if named is not None else None
    return holder, remark


def _command(said: Said, task: Task, now: datetime) -> Command:
    """What the portal would send. A unit that does not say when it arrived, arrived when it sent the reply."""
    command = {key: value for key, value in said.data.items() if key != "receiver"}
    if said.contract is ReportedIn and command["arrived_at"] is None:
        command["arrived_at"] = min(max(said.at, task.created_at), now)
    return command


def _odd(said: Said, conflict: Conflict) -> str:
    words = "；".join(str(said.data[word]) for word in _WORDS if said.data.get(word))
    files = [file["sha256"] for file in said.data.get("evidence", ())]
    told = "，".join([words, *(f"佐证 {sha256}" for sha256 in files)]).strip("，")
    return f"单位回哨“{said.contract.title}”未改变哨令（{conflict.message}）{'：' + told if told else ''}"


def _note(session: Session, task: Task, who: Principal, now: datetime, text: str) -> tuple[str, str]:
    """A line in the task's log; the same words a second time add none."""
    line = text if len(text) <= NOTE_LENGTH else text[: NOTE_LENGTH - 1] + "…"
    if all(note.text != line for note in task.notes):
        assignment.log(session, task, who, now, line)
    return NOTED, line


def _refuse(session: Session, unit: Unit | None, letter: Letter, refused: Refused, now: datetime) -> None:
    log.warning("reply_refused", code=refused.code, sender=letter.sender, errors=refused.errors)
    metrics.replies_refused.labels(letter.sender).inc()
    earlier = _refused_lately(session, letter.sender, now)
    row = _keep(session, unit, letter, now, REFUSED, refused.code, "；".join([refused.detail, *refused.errors]))
    if unit is None or earlier >= TOLD_A_MINUTE:
        return
    known = {"message_id": row.message_id, "message_type": row.message_type, "task_id": row.task_id}
    last = "（一分钟内退回过多，其余暂不逐件告知，均已留存）" if earlier == TOLD_A_MINUTE - 1 else ""
    told = {"code": refused.code, "detail": refused.detail + last, "errors": refused.errors}
    departments.refuse(session, unit, {**known, **told}, now)


def _refused_lately(session: Session, sender: str, now: datetime) -> int:
    """How many of a sender's replies were refused in the last minute, as far as the quota goes."""
    session.flush()
    lately = select(DepartmentReply.id).where(
        DepartmentReply.sender == sender,
        DepartmentReply.outcome == REFUSED,
        DepartmentReply.received_at > now - timedelta(minutes=1),
    )
    return len(session.scalars(lately.limit(TOLD_A_MINUTE)).all())


def _keep(
    session: Session,
    unit: Unit | None,
    letter: Letter,
    now: datetime,
    outcome: str,
    code: str | None = None,
    detail: str | None = None,
) -> DepartmentReply:
    """The row an operator finds the letter in. Of one that is too long, the beginning."""
    content = replace(letter, body=b"") if len(letter.body) > MOST_BYTES else letter
    row = DepartmentReply(
        sender=letters.repeatable(letter.sender) or "",
        unit_code=unit.code if unit else None,
        message_id=letters.repeatable(content.given_id),
        message_type=letters.repeatable((content.content or {}).get("type")),
        task_id=letters.task_named(content),
        outcome=outcome, code=code, detail=detail, body=letter.body[:MOST_BYTES], received_at=now,
    )  # fmt: skip
    session.add(row)
    return row
