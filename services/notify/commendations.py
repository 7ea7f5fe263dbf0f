"""Commendations 表彰 (S4): the month's best stewards by evaluation, and the stairwells named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Root
from contracts.notify import commendations as say
from contracts.notify.commendations import CommendationState as S
from contracts.notify.stewards import StewardState
from kernel import areas as paths
from kernel.calendar import local_day
from kernel.codes import AreaLevel
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4, public_place
from services.notify.rules import policy
from services.notify.stewards import Evaluation, Steward
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]
QUOTA = "steward.commended"


class Commendation(Root, Base):
    """One month of one place; who is on it, as it was when drafted."""

    __tablename__ = "commendation"
    state: Mapped[str]
    place: Mapped[str]
    month: Mapped[str]
    stewards: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    stairwells: Mapped[list[str]] = mapped_column(JSONB)
    drafter_id: Mapped[str]
    __table_args__ = (
        Index("ix_commendation_area", "area_path", postgresql_using="gist"),
        Index(
            "uq_commendation", "area_path", "month", unique=True, postgresql_where=text("state <> 'DISCARDED'")
        ),
    )  # fmt: skip

    steward_count = property(lambda row: len(row.stewards))
    stairwell_count = property(lambda row: len(row.stairwells))


LIFE: Life[Commendation, S] = Life(
    Commendation,
    S.DRAFT,
    {
        say.PublishCommendation: Move({S.DRAFT}, S.PUBLISHED, say.CommendationPublished),
        say.DiscardCommendation: Move({S.DRAFT}, S.DISCARDED, say.CommendationDiscarded),
    },
    Rules(by_number(Commendation), say.READERS, unknown_number, saying.say),
    answers=(say.GetCommendation, say.ListCommendations),
)


@asked(say.DraftCommendation)
def draft(session: Session, who: Principal, command: Command, now: datetime) -> Commendation:
    """Errors: Forbidden; Conflict where the month has its list; Invalid for a month yet to come, a place unknown, or
    stairwells elsewhere or beyond the quota (policy key steward.commended)."""
    place, month, quota = command["area_path"], command["month"], policy(now).value(QUOTA)
    held = session.scalars(select(Area).where(Area.path == place).with_for_update()).one_or_none()
    doors = _stairwells(session, [one["area_path"] for one in command["stairwells"]], place)
    Invalid.where(
        area_path=held is None and "没有这个地方",
        month=month > f"{local_day(now):%Y-%m}" and "还没有到这个月",
        stairwells=(doors is None and "请选本地的楼门（单元）")
        or (len(doors or ()) > quota["stairwells"] and f"最多{quota['stairwells']}个"),
    )
    _refuse_second(session, place, month)
    row = Commendation(area_path=place, month=month, stairwells=doors, drafter_id=who.id)
    row.place, row.stewards = public_place(session, place)[1], _best(session, place, month, quota["stewards"])
    row.case_number = next_number(session, NumberCounter, "BI", area4(session, place), now)
    return LIFE.start(session, who, say.DraftCommendation, row, now, say.CommendationDrafted)


def _refuse_second(session: Session, place: str, month: str) -> None:
    same = select(Commendation.case_number).where(Commendation.area_path == place, Commendation.month == month)
    if known := session.scalar(same.where(Commendation.state != S.DISCARDED)):
        raise Conflict(f"{month}的表彰已经拟定，编号{known}", number=known)


def _best(session: Session, place: str, month: str, most: int) -> list[dict[str, Any]]:
    """Active stewards of the place by that month's score; the same score, the older number first."""
    scored = select(Steward, Evaluation.score).join(Evaluation, Evaluation.steward_id == Steward.id)
    there = scored.where(Steward.area_path.within(place), Steward.state == StewardState.ACTIVE)
    first = there.where(Evaluation.month == month).order_by(Evaluation.score.desc(), Steward.case_number).limit(most)
    return [
        {"place": row.place, "masked_name": row.masked_name, "score": score} for row, score in session.execute(first)
    ]


def _stairwells(session: Session, named: list[str], place: str) -> list[str] | None:
    """The names of the stairwells; None where one is none, or not within the place."""
    known = set(session.scalars(select(Area.path).where(Area.path.in_(named), Area.level == AreaLevel.STAIRWELL)))
    if not all(door in known and paths.is_within(door, place) for door in named):
        return None
    return [public_place(session, door)[1] for door in dict.fromkeys(named)]


@asked(say.ListCommended)
def list_commended(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, say.PUBLISHED)


@standing_of.register
def _stands(row: Commendation) -> Standing:
    waits = ("role:STREET",) if row.state == S.DRAFT else ()
    return Standing(kind=say.CommendationView.about.kind, state=row.state, number=row.number, waits=waits)
