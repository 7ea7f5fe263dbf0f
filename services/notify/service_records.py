"""Service records 志愿服务记录 (domain §3.3 ServiceLog): one a volunteer and deed, confirmed by somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Moment, Root, person_ref
from contracts.deadlines import NotifyDeadlineApproaching
from contracts.notify import service_records as say
from contracts.notify.service_records import ServiceSource
from contracts.notify.service_records import ServiceState as S
from contracts.notify.wishes import WishState
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4
from services.notify.files import Heard
from services.notify.rules import due
from services.notify.tables import Base, NumberCounter
from services.notify.wishes import Wish

Command = dict[str, Any]
MINUTE, MOST = timedelta(minutes=1), 1440
"""MOST minutes of one deed: a day."""


class ServiceRecord(Clocked, Root, Base):
    """What one volunteer did at one deed: a wish, a turnout, a team's action by when it began. The database refuses a
    second record of it. `team` is its name."""

    __tablename__ = "service_record"
    state: Mapped[str]
    volunteer_id: Mapped[str] = mapped_column(index=True)
    volunteer_name: Mapped[str]
    recorder_id: Mapped[str]
    what: Mapped[str]
    source: Mapped[str]
    source_number: Mapped[str] = mapped_column(index=True)
    deed: Mapped[str]
    team: Mapped[str | None]
    began_at: Mapped[datetime] = mapped_column(Moment)
    minutes: Mapped[int]
    confirmed_by_id: Mapped[str | None]
    confirmed_by_name: Mapped[str | None]
    refusal: Mapped[str | None]
    volunteer, confirmed_by = person_ref("volunteer"), person_ref("confirmed_by")
    __table_args__ = (
        UniqueConstraint("deed", "volunteer_id"),
        Index("ix_service_record_area", "area_path", postgresql_using="gist"),
    )

    @property
    def ended_at(self) -> datetime:
        return self.began_at + self.minutes * MINUTE


LIFE: Life[ServiceRecord, S] = Life(
    ServiceRecord,
    S.CLAIMED,
    {
        say.ConfirmService: Move({S.CLAIMED}, S.CONFIRMED),
        say.RefuseService: Move({S.CLAIMED}, S.REFUSED, say.ServiceRefused),
        say.CorrectService: Move({S.REFUSED}, S.CLAIMED),
    },
    Rules(
        by_number(ServiceRecord),
        say.READERS,
        unknown_number,
        saying.say,
        due=due,
        approaching=NotifyDeadlineApproaching,
    ),
    clocks={S.CLAIMED: "volunteer.confirm"},
    answers=(say.GetServiceRecord, say.ListServiceRecords),
)


def record(
    session: Session, who: Principal, row: ServiceRecord, now: datetime, fact: Any = say.ServiceRecorded
) -> ServiceRecord:
    """A new record that waits for confirmation. Errors: Conflict for a second one of the deed."""
    if _recorded(session, row):
        raise Conflict("这件事已经记过时长", source=row.source_number, volunteer=row.volunteer_id)
    row.recorder_id = who.id
    row.case_number = next_number(session, NumberCounter, "HU", area4(session, row.area_path), now)
    return LIFE.started(session, who, row, now, fact)


@asked(say.RecordWishService)
def record_wish(session: Session, who: Principal, command: Command, now: datetime) -> ServiceRecord:
    """Errors: NotFound for an unknown wish; Forbidden for who did not fulfil it; Conflict before it is confirmed, and
    for a second record; Invalid for times yet to come."""
    query = select(Wish).where(Wish.case_number == command["wish"])
    wish = session.scalars(query.with_for_update()).one_or_none()
    if wish is None:
        raise unknown_number({"number": command["wish"]})
    row = ServiceRecord(began_at=command["began_at"], minutes=command["minutes"], what=ServiceSource.WISH.label)
    row.volunteer_id, row.volunteer_name = wish.claimer_id or "", wish.claimer_name or ""
    row.source, row.source_number, row.area_path = ServiceSource.WISH, wish.number, wish.area_path
    row.deed = wish.number
    permit(who, say.RecordWishService, row)
    if wish.state != WishState.CONFIRMED:
        raise Conflict("心愿确认实现以后再记", state=wish.state)
    _not_to_come(row, now)
    return record(session, who, row, now)


@asked(say.ConfirmService)
def confirm(session: Session, who: Principal, command: Command, now: datetime) -> ServiceRecord:
    """Errors: as `Life.begin`; Invalid for more than was recorded; Conflict where it overlaps another confirmed one."""
    row = LIFE.begin(session, who, say.ConfirmService, command)
    minutes = command["minutes"] or row.minutes
    Invalid.where(minutes=minutes > row.minutes and f"记录的是{row.minutes}分钟")
    row.minutes = minutes
    if other := _at_one_time(session, row):
        raise Conflict(f"这段时间已经记在{other}", other=other)
    row.confirmed_by_id, row.confirmed_by_name = who.id, who.name
    return LIFE.done(session, who, row, now, say.ServiceConfirmed)


@asked(say.CorrectService)
def correct(session: Session, who: Principal, command: Command, now: datetime) -> ServiceRecord:
    """Who finds a mistake in their record may ask for its correction. Errors: as `Life.begin`; Invalid as recording."""
    row = LIFE.begin(session, who, say.CorrectService, command)
    row.began_at, row.minutes, row.recorder_id = command["began_at"], command["minutes"], who.id
    _not_to_come(row, now)
    return LIFE.done(session, who, row, now, say.ServiceCorrected)


def keep_whistle_hours(heard: Heard) -> None:
    """Hours confirmed at a volunteers' whistle; confirmed here too, unless they overlap what was confirmed before."""
    told, minutes = heard.data, heard.data["minutes"]
    row = ServiceRecord(minutes=minutes, what=ServiceSource.WHISTLE.label, source=ServiceSource.WHISTLE)
    row.began_at = told["began_at"] or heard.event.time - minutes * MINUTE
    row.volunteer_id, row.volunteer_name = told["volunteer"]["id"], told["volunteer"]["name"]
    row.source_number = row.deed = told["number"]
    row.area_path = heard.event.area_path
    if _recorded(heard.session, row):
        return
    by, free = told["confirmed_by"], not _at_one_time(heard.session, row)
    if by and free:
        row.state, row.confirmed_by_id, row.confirmed_by_name = S.CONFIRMED, by["id"], by["name"]
    record(heard.session, heard.who, row, heard.now, say.ServiceCarriedOver if by and free else say.ServiceRecorded)


def _not_to_come(row: ServiceRecord, now: datetime) -> None:
    Invalid.where(minutes=row.ended_at > now and "还没有到那个时候")


def _recorded(session: Session, row: ServiceRecord) -> bool:
    same = ServiceRecord.deed == row.deed, ServiceRecord.volunteer_id == row.volunteer_id
    with session.no_autoflush:
        return session.scalars(select(ServiceRecord.id).where(*same)).first() is not None


def _at_one_time(session: Session, row: ServiceRecord) -> str | None:
    """The confirmed record of the same volunteer at the same time; confirmations of one volunteer take turns."""
    with session.no_autoflush:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"served {row.volunteer_id}", 0))))
        theirs = ServiceRecord.volunteer_id == row.volunteer_id, ServiceRecord.state == S.CONFIRMED
        near = ServiceRecord.began_at < row.ended_at, ServiceRecord.began_at > row.began_at - MOST * MINUTE
        rows = session.scalars(select(ServiceRecord).where(*theirs, *near)).all()
    return next((one.number for one in rows if one.ended_at > row.began_at), None)


@standing_of.register
def _stands(row: ServiceRecord) -> Standing:
    waits = {S.CLAIMED: ("role:COMMUNITY",), S.REFUSED: (f"person:{row.volunteer_id}",)}
    return Standing(
        kind=say.ServiceRecordView.about.kind, state=row.state, number=row.number, due=row.due_at,
        waits=waits.get(S(row.state), ()), tally={"first": row.volunteer_id, "source": row.source},
    )  # fmt: skip
