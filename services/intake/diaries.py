"""The diary 社情日记 (domain §1.2 row 26): a grid worker's log; what it holds becomes a case with one command."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from capability.terms import Cleared
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed
from chassis.standing import Standing, standing_of
from chassis.store import Root, person_ref
from contracts.intake import diaries as say
from contracts.intake.diaries import DiaryState as S
from contracts.intake.raising import CameOf
from kernel.calendar import local_day
from kernel.codes import Channel
from kernel.numbering import next_number
from services.intake import areas, facts, policy, raising
from services.intake.tables import Base, NumberCounter

Command = dict[str, Any]


class Diary(Cleared, Root, Base):
    """One entry. Its words are ciphertext."""

    __tablename__ = "diary"
    __table_args__ = (
        Index("uq_diary_number", "case_number", unique=True),
        Index("ix_diary_area", "area_path", postgresql_using="gist"),
        Index("ix_diary_writer", "writer_id", "day"),
    )
    state: Mapped[str]
    day: Mapped[date]
    words: Mapped[str] = mapped_column(Sealed)
    change: Mapped[str | None] = mapped_column(Sealed)
    why: Mapped[str | None] = mapped_column(Sealed)
    came_of: Mapped[list[str]] = mapped_column(default=list)
    writer_id: Mapped[str]
    writer_name: Mapped[str]
    decided_by_id: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    writer, decided_by = person_ref("writer"), person_ref("decided_by")


LIFE: Life[Diary, S] = Life(
    Diary,
    S.KEPT,
    {
        say.DiaryToAppeal: Move(set(S), None),
        say.DiaryToHazard: Move(set(S), None),
        say.AcceptDiaryChange: Move({S.PROPOSED}, S.ACCEPTED),
        say.RejectDiaryChange: Move({S.PROPOSED}, S.REJECTED),
        "change_proposed": Move({S.KEPT}, S.PROPOSED),
    },
    Rules(by_number(Diary), say.READERS, unknown_number, facts.tell),
    answers=(say.GetDiary, say.ListDiaries),
)


@asked(say.WriteDiary)
def write(session: Session, who: Principal, command: Command, now: datetime) -> Diary:
    """Errors: Forbidden; Invalid for an unknown place, a day to come, or one too long ago (policy key diary.back)."""
    area, today = areas.find(session, command["area_path"], now), local_day(now)
    day, back = command["day"] or today, policy.rules(now).value("diary.back")
    too_old = day < today - timedelta(days=back) and f"最多补记{back}天内的"
    Invalid.where(day=(day > today and "还没有到这一天") or too_old)
    given = {name: command[name] for name in ("area_path", "words", "change")}
    diary = Diary(**given, day=day, writer_id=who.id, writer_name=who.name, came_of=[])
    diary.case_number = next_number(session, NumberCounter, "J", area.area4, now)
    LIFE.start(session, who, say.WriteDiary, diary, now, say.DiaryWritten)
    if diary.change:
        LIFE.move(diary, "change_proposed")
        facts.tell(session, say.DiaryChangeProposed, diary, who, now)
    return diary


@asked(say.DiaryToAppeal)
def to_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Diary:
    """Errors: as `Life.begin`, `register_appeal`."""
    diary = LIFE.begin(session, who, say.DiaryToAppeal, command)
    number = raising.appeal(session, who, say.DiaryToAppeal, command, diary.area_path, Channel.PATROL, now)
    return _came_of(session, who, diary, CameOf.APPEAL, number, now)


@asked(say.DiaryToHazard)
def to_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Diary:
    """Errors: as `Life.begin`, `report_hazard`."""
    diary = LIFE.begin(session, who, say.DiaryToHazard, command)
    number = raising.hazard(session, who, say.DiaryToHazard, command, diary.area_path, now)
    return _came_of(session, who, diary, CameOf.HAZARD, number, now)


def _came_of(session: Session, who: Principal, diary: Diary, kind: CameOf, number: str, now: datetime) -> Diary:
    diary.came_of = [*diary.came_of, number]
    return LIFE.done(session, who, diary, now, say.DiaryLedTo, kind=kind, raised=number)


@asked(say.AcceptDiaryChange)
def accept(session: Session, who: Principal, command: Command, now: datetime) -> Diary:
    """Errors: as `Life.begin`."""
    return _decided(session, who, say.AcceptDiaryChange, command, now, say.DiaryChangeAccepted)


@asked(say.RejectDiaryChange)
def reject(session: Session, who: Principal, command: Command, now: datetime) -> Diary:
    """Errors: as `Life.begin`."""
    return _decided(session, who, say.RejectDiaryChange, command, now, say.DiaryChangeRejected)


def _decided(session: Session, who: Principal, contract: Any, command: Command, now: datetime, fact: Any) -> Diary:
    diary = LIFE.begin(session, who, contract, command)
    diary.why, diary.decided_by_id, diary.decided_by_name = command["why"], who.id, who.name
    return LIFE.done(session, who, diary, now, fact)


@standing_of.register
def _stands(diary: Diary) -> Standing:
    waits = ("role:COMMUNITY",) if diary.state == S.PROPOSED else ()
    return Standing(
        kind=say.DiaryView.about.kind, state=diary.state, number=diary.number, waits=waits,
        tally={"first": diary.writer_id},
    )  # fmt: skip
