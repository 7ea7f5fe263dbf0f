"""Seats 楼门岗位 (domain §2 A13): the post of each stairwell, filled or vacant."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Root
from contracts.deadlines import NotifyDeadlineApproaching
from contracts.notify import seats as say
from contracts.notify.seats import SeatState as S
from contracts.notify.stewards import StewardFact
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4
from services.notify.rules import due
from services.notify.tables import Area, Base, NumberCounter

OFFICES = ("role:COMMUNITY",)


class Seat(Clocked, Root, Base):
    """The post of one stairwell, known since somebody was first nominated for it."""

    __tablename__ = "steward_seat"
    state: Mapped[str]
    place: Mapped[str]
    steward_number: Mapped[str | None]
    __table_args__ = (
        Index("uq_steward_seat_place", "area_path", unique=True),
        Index("ix_steward_seat_area", "area_path", postgresql_using="gist"),
    )


LIFE: Life[Seat, S] = Life(
    Seat,
    S.VACANT,
    {
        "fill": Move({S.VACANT}, S.FILLED),
        "vacate": Move({S.FILLED}, S.VACANT),
        "late": Move({S.VACANT}, S.VACANT, say.SeatLongVacant, when_due=True),
    },
    Rules(
        by_number(Seat), say.SEAT_READERS, unknown_number, saying.say, due=due, approaching=NotifyDeadlineApproaching
    ),
    clocks={S.VACANT: "steward.refill"},
    answers=(say.GetSeat, say.ListSeats),
)


def of_stairwell(session: Session, who: Principal, path: str, place: str, now: datetime) -> Seat:
    """The stairwell's seat, locked; opened, vacant, where there is none."""
    session.scalars(select(Area).where(Area.path == path).with_for_update()).one()
    found = session.scalars(select(Seat).where(Seat.area_path == path).with_for_update()).one_or_none()
    if found is not None:
        return found
    seat = Seat(area_path=path, place=place)
    seat.case_number = next_number(session, NumberCounter, "LT", area4(session, path), now)
    return LIFE.started(session, who, seat, now, say.SeatVacant)


def fill(session: Session, who: Principal, seat: Seat, steward: str, now: datetime) -> None:
    """`steward`: their number."""
    seat.steward_number = steward
    _turn(session, who, seat, "fill", now, say.SeatFilled)


def vacate(session: Session, who: Principal, seat: Seat, now: datetime) -> None:
    """Whoever was there is gone; the clock of the vacancy begins."""
    seat.steward_number = None
    _turn(session, who, seat, "vacate", now, say.SeatVacant)


def _turn(session: Session, who: Principal, seat: Seat, move: str, now: datetime, fact: type[StewardFact]) -> None:
    LIFE.move(seat, move)
    LIFE.wind(seat, now)
    saying.say(session, fact, seat, who, now)


@standing_of.register
def _stands(row: Seat) -> Standing:
    vacant = row.state == S.VACANT
    return Standing(
        kind=say.SeatView.about.kind, state=row.state, number=row.number, due=row.due_at if vacant else None,
        waits=OFFICES if vacant else (), tally={"handler": row.steward_number or ""},
    )  # fmt: skip
