"""Repeated failures (domain §2 A7): a matter of a person that comes to nothing twice is taken up unasked.

The case is an errand like others, marked proactive and counted so. Solved at the hall, or told to the body above.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.intake import errands as say
from contracts.intake.repeats import BookHall, HallBooked, RepeatFailureDetected
from kernel.codes.errands import ErrandFailure
from kernel.codes.errands import ErrandState as S
from kernel.numbering import next_number
from services.intake import areas, policy
from services.intake.errands import GIVEN, LIFE, name
from services.intake.tables import Errand, NumberCounter, Person

Command = dict[str, Any]
PEOPLE = ("contact_preference", "proxy_relation", "first_responder_id", "first_responder_name", "handler_id")
KEPT = (*GIVEN, *PEOPLE, "handler_name", "area_path")


@asked(say.FailErrand)
def fail(session: Session, who: Principal, command: Command, now: datetime) -> Errand:
    """Ends an errand with the next way to go; the second failure of a matter opens a proactive one.

    Errors: as `Life.begin`; Conflict while an original has not been given back.
    """
    errand = LIFE.begin(session, who, say.FailErrand, command)
    errand.failure, errand.next_way = command["failure"], command["next_way"]
    LIFE.done(session, who, errand, now, say.ErrandFailed)
    numbers = _failures(session, errand)
    if len(numbers) >= policy.rules(now).value("errand.repeats"):
        _take_up(session, who, errand, numbers, now)
    return errand


@asked(BookHall)
def book(session: Session, who: Principal, command: Command, now: datetime) -> Errand:
    """Errors: as `Life.begin`; Conflict for what is not proactive; Invalid for a time that has passed."""
    errand = LIFE.begin(session, who, BookHall, command)
    Invalid.where(hall_at=command["hall_at"] <= now and "要在现在以后")
    errand.hall_at, errand.handler_id, errand.handler_name = command["hall_at"], who.id, who.name
    return LIFE.done(session, who, errand, now, HallBooked)


def _failures(session: Session, errand: Errand) -> list[str]:
    """The errands of the same person and matter that failed since one succeeded or was taken up, the oldest first.

    Errands of one person that fail at once are counted one after the other: the person's row is locked.
    """
    session.flush()
    session.execute(select(Person.id).where(Person.id == errand.applicant_id).with_for_update())
    same = and_(Errand.applicant_id == errand.applicant_id, Errand.matter == errand.matter)
    over = case((Errand.state == S.CLOSED, Errand.updated_at), else_=Errand.created_at)
    since = session.scalar(select(func.max(over)).where(same, or_(Errand.state == S.CLOSED, Errand.proactive)))
    failed = select(Errand.case_number).where(same, Errand.state == S.FAILED, Errand.failure != ErrandFailure.GIVEN_UP)
    later = [Errand.created_at > since] if since else []
    return list(session.scalars(failed.where(*later).order_by(Errand.id)))


def _take_up(session: Session, who: Principal, errand: Errand, numbers: list[str], now: datetime) -> None:
    """The new one keeps the people, and the one who answered first."""
    taken = Errand(created_at=now, proactive=True, failures=numbers, **{each: getattr(errand, each) for each in KEPT})
    name(taken, errand.asker, errand.speaker)
    taken.promise_at = policy.due("errand.promise", now, now)
    area4 = areas.find(session, errand.area_path, now).area4
    taken.case_number = next_number(session, NumberCounter, "D", area4, now)
    LIFE.start(session, who, say.FailErrand, taken, now, RepeatFailureDetected, failures=numbers)
