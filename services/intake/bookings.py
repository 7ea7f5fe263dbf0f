"""Bookings 预约: places in the slots of a service window, as long as its posted hours are, one person a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Moment, Root
from contracts.intake import bookings as say
from contracts.intake.bookings import BookingState as S
from kernel.calendar import at, is_open, local_day, moment_words
from kernel.numbering import next_number
from services.intake import areas, door, facts, policy, residents
from services.intake.openings import Opening, opening
from services.intake.tables import NumberCounter, Person
from services.intake.tables.base import Base

Command = dict[str, Any]
NAMED = 3
"""How many free slots a refusal names."""


class Booking(Clocked, Root, Base):
    """The store itself gives a place once, and a person one place at a time."""

    __tablename__ = "booking"
    state: Mapped[str]
    matter: Mapped[str]
    point_name: Mapped[str]
    room: Mapped[str]  # empty for the service window
    starts_at: Mapped[datetime]
    place_no: Mapped[int]
    applicant_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # nobody once it is cleared
    contact_preference: Mapped[str]
    booked_by_id: Mapped[str] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(Moment)  # by the service's clock, not the store's
    asker: Mapped[Person | None] = relationship(viewonly=True, lazy="selectin")
    __table_args__ = (
        Index("uq_booking_number", "case_number", unique=True),
        Index("ix_booking_area", "area_path", postgresql_using="gist"),
        Index("ix_booking_due", "state", "due_at"),
        Index(
            "uq_booking_place", "area_path", "room", "starts_at", "place_no", unique=True,
            postgresql_where=text("state <> 'CANCELLED'"),
        ),
        Index(
            "uq_booking_person", "applicant_id", "starts_at", unique=True, postgresql_where=text("state <> 'CANCELLED'")
        ),
    )  # fmt: skip

    @property
    def reporter_id(self) -> UUID | None:
        """Whose `contact_preference` it is."""
        return self.applicant_id

    @property
    def applicant(self) -> dict[str, Any] | None:
        return {**self.asker.masked, "contact_preference": self.contact_preference} if self.asker else None


LIFE: Life[Booking, S] = Life(
    Booking,
    S.BOOKED,
    {
        say.CancelBooking: Move({S.BOOKED}, S.CANCELLED, say.BookingCancelled),
        say.AttendBooking: Move({S.BOOKED, S.MISSED}, S.ATTENDED, say.BookingAttended),
        "missed": Move({S.BOOKED}, S.MISSED, say.BookingMissed, when_due=True),
    },
    Rules(by_number(Booking), say.READERS, unknown_number, facts.tell),
    answers=(say.GetBooking, say.ListBookings),
)


@asked(say.MakeBooking)
def make(session: Session, who: Principal, command: Command, now: datetime) -> Booking:
    """A place in the slot. Those who book at one window or room are served one after the other.

    Errors: Forbidden; Invalid without a window or room there, outside its hours, in the past or too far ahead (policy
    key booking.ahead); Conflict where the slot is full, or the person is expected at that time already.
    """
    permit(who, say.MakeBooking, SimpleNamespace(**command))
    window, starts_at = opening(session, command["area_path"], command["room"], lock=True), command["starts_at"]
    _refuse_time(window, starts_at, now)
    place_no = _free_place(session, window, starts_at, now)
    told = {"applicant": {**command["applicant"], "area_path": window.area_path}}
    (person,) = residents.keep_reachable(session, told, now)
    _expected_once(session, person, starts_at)
    booking = Booking(
        area_path=window.area_path, created_at=now, matter=command["matter"], point_name=window.name, place_no=place_no,
        room=window.room, starts_at=starts_at, applicant_id=person.id, booked_by_id=who.id,
        contact_preference=str(command["applicant"]["contact_preference"]),
    )  # fmt: skip
    set_committed_value(booking, "asker", person)
    booking.until(policy.due("booking.grace", starts_at, now), now)
    area4 = areas.find(session, window.area_path, now).area4
    booking.case_number = next_number(session, NumberCounter, "K", area4, now)
    return LIFE.start(session, who, say.MakeBooking, booking, now, say.BookingMade)


def arrive(session: Session, who: Principal, number: str, room: str, now: datetime) -> Booking:
    """Who was expected in the room is there. Errors: as `Life.begin`; Invalid for a booking elsewhere."""
    booking = LIFE.begin(session, who, say.AttendBooking, {"number": number})
    Invalid.where(booking=booking.room != room and f"这个预约不在{room}，在{booking.point_name}")
    return LIFE.done(session, who, booking, now, say.BookingAttended)


@asked(say.ListSlots)
def list_slots(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Invalid without a window there."""
    window = opening(session, command["area_path"], command["room"])
    return {"items": _left(session, window, command["day"], now), "next_cursor": None}


def _refuse_time(window: Opening, starts_at: datetime, now: datetime) -> None:
    latest = policy.due("booking.ahead", now, now)
    Invalid.where(starts_at=not now < starts_at <= latest and f"要在现在以后，最晚{moment_words(latest)}")
    is_slot = starts_at in _slots(window, local_day(starts_at), now)
    Invalid.where(starts_at=not is_slot and "窗口这时不开放，请选整点或半点的开放时段")


def _slots(window: Opening, day: date, now: datetime) -> list[datetime]:
    """The beginnings of the slots of a day that lie whole within the window's posted hours."""
    length = timedelta(minutes=_policy(now)["minutes"])
    starts = (at(day, time()) + n * length for n in range(timedelta(days=1) // length))
    last = length - timedelta(seconds=1)
    hours, calendar = window.hours, policy.calendar(now)
    return [one for one in starts if is_open(hours, one, calendar) and is_open(hours, one + last, calendar)]


def _taken(session: Session, window: Opening, starts_at: datetime) -> set[int]:
    return set(session.scalars(_held(select(Booking.place_no), window).where(Booking.starts_at == starts_at)))


def _held(query: Select[Any], window: Opening) -> Select[Any]:
    here = query.where(Booking.area_path == window.area_path, Booking.room == window.room)
    return here.where(Booking.state != S.CANCELLED)


def _left(session: Session, window: Opening, day: date, now: datetime) -> list[dict[str, Any]]:
    """The slots of the day still to come, with what is left in each."""
    places, coming = _policy(now)[window.places], [one for one in _slots(window, day, now) if one > now]
    held = _held(select(Booking.starts_at), window).where(Booking.starts_at.in_(coming))
    taken = Counter(session.scalars(held))
    return [{"starts_at": one, "free": max(0, places - taken[one])} for one in coming]


def _free_place(session: Session, window: Opening, starts_at: datetime, now: datetime) -> int:
    taken = _taken(session, window, starts_at)
    for place in range(1, _policy(now)[window.places] + 1):
        if place not in taken:
            return place
    left = [one["starts_at"] for one in _left(session, window, local_day(starts_at), now) if one["free"]]
    raise Conflict("这个时段已经约满，请换一个时段", free=[one.isoformat() for one in left[:NAMED]])


def _expected_once(session: Session, person: Person, starts_at: datetime) -> None:
    same = select(Booking.case_number).where(Booking.applicant_id == person.id, Booking.starts_at == starts_at)
    if number := session.scalar(same.where(Booking.state != S.CANCELLED)):
        raise Conflict("此人这个时间已有预约", number=number)


def _policy(now: datetime) -> dict[str, int]:
    """The length of a slot and the places in one (policy key booking.slot)."""
    found: dict[str, int] = policy.rules(now).value("booking.slot")
    return found


@asked(say.CheckBooking)
def check(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound."""
    booking = door.known(session, Booking, command, lambda row: (row.asker,))
    title = f"预约：{booking.point_name}，{moment_words(booking.starts_at)}"[:80]
    return door.told(booking, title, S(booking.state))


def of_person(session: Session, person_id: UUID) -> Iterable[Booking]:
    return session.scalars(
        select(Booking).where(Booking.applicant_id == person_id).order_by(Booking.id.desc()).limit(200)
    )


residents.BELONGINGS.append(residents.Belonging(of_person, say.READERS, say.REVEALED_TO))


@standing_of.register
def _stands(booking: Booking) -> Standing:
    coming = booking.state == S.BOOKED
    return Standing(
        kind=say.BookingView.about.kind, state=booking.state, number=booking.case_number,
        due=booking.starts_at if coming else None, waits=("role:WINDOW",) if coming else (),
        tally={"matter": booking.matter},
    )  # fmt: skip
