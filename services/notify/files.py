"""What notify remembers of other services' cases. Facts come in any order: each fills its own part and no other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.identity import Principal
from kernel.codes import Audience
from services.notify.areas import Recipient
from services.notify.messages import HIDDEN, HIDDEN_ID
from services.notify.tables import AppealFile, Base, DisputeFile, SessionFile, TaskFile

File = TypeVar("File", bound=Base)


@dataclass(frozen=True)
class Heard:
    """An event at hand, with the files of what it is about; opened by whichever event comes first, and locked."""

    session: Session
    who: Principal
    event: Event
    now: datetime

    @property
    def data(self) -> dict[str, Any]:
        return self.event.data

    @cached_property
    def appeal(self) -> AppealFile:
        return self._held(AppealFile, "appeal_id", number=self.data["number"], area_path=self.event.area_path)

    @cached_property
    def dispute(self) -> DisputeFile:
        known = {"case_number": self.event.case_number, "area_path": self.event.area_path}
        return self._held(DisputeFile, "case_id", mediation_number=self.data["mediation_number"], **known)

    @cached_property
    def meeting(self) -> SessionFile:
        """A session of the mediation."""
        known = {"case_id": self.dispute.id, "no": self.data["session_no"], "caused_by": self.event.id}
        return self._held(SessionFile, "session_id", starts_at=self.event.time, **known)

    @cached_property
    def whistle(self) -> TaskFile:
        return self._held(TaskFile, "whistle_id")

    @cached_property
    def task(self) -> TaskFile:
        return self._held(TaskFile, "task_id")

    @property
    def overtaken(self) -> bool:
        """Whether its appeal has moved on since, so that nobody needs to be told of it any more."""
        return "appeal_id" in self.data and self.event.aggregate_version < self.appeal.moved_on_version

    def _held(self, model: type[File], field: str, **known: Any) -> File:
        fresh = {"id": self.data[field], **known}
        held: File = self.session.scalars(_hold(model, tuple(fresh)), fresh).one()
        return held


@cache
def _hold(model: Any, names: tuple[str, ...]) -> Any:
    """The file, opened with these columns or, by an update of nothing, locked as it is."""
    table = model.__table__
    fresh = insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in names})
    held = fresh.on_conflict_do_update(index_elements=["id"], set_={"id": fresh.excluded.id}).returning(table)
    return select(model).from_statement(held)


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
    key = file.reporter_id or (HIDDEN_ID if file.registered and file.has_reporter else None)
    name = file.reporter_name or HIDDEN
    return Recipient(Audience.RESIDENT, key, name, file.secret, file.id, file.number, file.area_path)


def with_tasks(session: Session, id_: UUID) -> list[UUID]:
    """The thing itself and, where it is a whistle, its tasks."""
    return [id_, *session.scalars(select(TaskFile.id).where(TaskFile.whistle_id == id_))]
