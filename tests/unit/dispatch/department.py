"""A department's program in tests of dispatch: what it writes, what is done with it, and what it is told."""

from __future__ import annotations

import json
from uuid import uuid4

from sqlalchemy import select

from chassis import closing, inbox
from chassis.envelope import rfc3339
from chassis.identity import Principal
from chassis.tables import OUTBOX
from letters.letter import Letter
from services.dispatch import replies
from services.dispatch.department_tables import DepartmentReply
from services.dispatch.tables import Note, Task
from tests.unit.dispatch.world import NOW


def envelope(task, verb="sign", *, source="sifasuo", sent=NOW, id=None, **data):
    type_ = f"cn.shaodao.department.{verb}.v1"
    frame = {"specversion": "1.0", "id": id or str(uuid4()), "source": f"/department/{source}", "type": type_}
    return {**frame, "time": rfc3339(sent), "data": {"task_id": str(task["id"]), **data}}


def letter(content, *, unit="sifasuo", verb="sign", sender=None, **more):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Letter(f"department.{unit}" if sender is None else sender, f"{unit}.{verb}", body, **more)


def all_there(question):
    """A portal that has every file it is asked for."""
    return {"files": [{"sha256": f["sha256"], "kept_as": f["sha256"], "problem": None} for f in question["files"]]}


def take(session, written, now=NOW, keep=all_there):
    who = Principal(written.sender, written.sender, kind="department")

    def ask(command, question, deadline):
        return keep(question)

    return replies.department_replied(session, who, written, now, ask=ask)


def reply(session, task, verb="sign", *, now=NOW, attempt=0, sent=NOW, id=None, **data):
    written = letter(envelope(task, verb, sent=sent, id=id, **data), verb=verb, attempt=attempt)
    return take(session, written, now)


def delivered(store, written, now=NOW):
    """One delivery as the bus makes it; what became of it, None where it had its effect before."""
    with store.transaction(causationid=written.id) as session:
        if inbox.first_time(session, "dispatch.department_replied", written.id, now):
            return take(session, written, now)
    return None


def state(session, task):
    return session.get(Task, task["id"]).state


def notes(session, task):
    return [note.text for note in session.scalars(select(Note).where(Note.task_id == task["id"]))]


def told(session, unit="sifasuo"):
    """Refusals on their way to the unit's queue."""
    return messages(session, unit, ".refusal.v1")


def messages(session, unit="sifasuo", kind=".task_changed.v1"):
    """What is on its way to the unit's queue, of a kind."""
    closing.write(session)
    rows = session.execute(
        select(OUTBOX.c.body)
        .where(OUTBOX.c.exchange == "departments", OUTBOX.c.routing_key == unit)
        .order_by(OUTBOX.c.position)
    )
    return [message["data"] for (body,) in rows if (message := json.loads(body))["type"].endswith(kind)]


def kept(session):
    return [(row.outcome, row.code) for row in session.scalars(select(DepartmentReply).order_by(DepartmentReply.id))]
