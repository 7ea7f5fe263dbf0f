"""Safe courtyards 平安小院 (domain §1.2): a team of neighbours; its rounds are patrols by who stands in the rota."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Root, new_id, person_ref
from contracts.intake import courtyards as say
from contracts.intake.courtyards import CourtyardState as S
from kernel.numbering import next_number
from services.intake import areas, facts, patrol_plans
from services.intake.tables import Base, NumberCounter

Command = dict[str, Any]


class CourtyardMember(Base):
    """A neighbour in the team, and the weekdays on which she goes round."""

    __tablename__ = "courtyard_member"
    __table_args__ = (Index("uq_courtyard_member", "courtyard_id", "person_id", unique=True),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    courtyard_id: Mapped[UUID] = mapped_column(ForeignKey("courtyard.id"))
    person_id: Mapped[str]
    person_name: Mapped[str]
    duty: Mapped[str]
    weekdays: Mapped[list[str]]
    person = person_ref("person")


class Courtyard(Root, Base):
    """`member_ids` are those of its members, for whoever may see it."""

    __tablename__ = "courtyard"
    __table_args__ = (Index("ix_courtyard_area", "area_path", postgresql_using="gist"),)
    state: Mapped[str]
    name: Mapped[str]
    reason: Mapped[str | None]
    member_ids: Mapped[list[str]] = mapped_column(default=list)
    members: Mapped[list[CourtyardMember]] = relationship(order_by=CourtyardMember.id, cascade="all, delete-orphan")

    def member(self, key: str) -> CourtyardMember:
        """Errors: Invalid for somebody who is none."""
        found = next((one for one in self.members if one.person_id == key), None)
        if found is None:
            raise Invalid.because({"member_id": ["不是本队队员"]})
        return found


LIFE: Life[Courtyard, S] = Life(
    Courtyard,
    S.ACTIVE,
    {
        say.JoinCourtyard: Move({S.ACTIVE}, None),
        say.LeaveCourtyard: Move({S.ACTIVE}, None),
        say.ArrangeMember: Move({S.ACTIVE}, None),
        say.PlanRounds: Move({S.ACTIVE}, None),
        say.DisbandCourtyard: Move({S.ACTIVE}, S.DISBANDED),
    },
    Rules(by_number(Courtyard), say.READERS, unknown_number, facts.tell),
    answers=(say.GetCourtyard, say.ListCourtyards),
)


@asked(say.FoundCourtyard)
def found(session: Session, who: Principal, command: Command, now: datetime) -> Courtyard:
    """Errors: Forbidden; Invalid for an unknown place."""
    area = areas.find(session, command["area_path"], now)
    row = Courtyard(name=command["name"], area_path=area.path, member_ids=[], created_at=now)
    row.case_number = next_number(session, NumberCounter, "L", area.area4, now)
    return LIFE.start(session, who, say.FoundCourtyard, row, now, say.CourtyardFounded)


@asked(say.JoinCourtyard)
def join(session: Session, who: Principal, command: Command, now: datetime) -> Courtyard:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.JoinCourtyard, command)
    named = {"person_id": who.id, "person_name": who.name}
    row.members.append(CourtyardMember(**named, duty=say.Duty.PATROL, weekdays=command["weekdays"]))
    row.member_ids = [*row.member_ids, who.id]
    return LIFE.done(session, who, row, now, say.CourtyardJoined, member=facts.actor(who))


@asked(say.LeaveCourtyard)
def leave(session: Session, who: Principal, command: Command, now: datetime) -> Courtyard:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.LeaveCourtyard, command)
    row.members.remove(row.member(who.id))
    row.member_ids = [one.person_id for one in row.members]
    return LIFE.done(session, who, row, now, say.CourtyardLeft, member=facts.actor(who))


@asked(say.ArrangeMember)
def arrange(session: Session, who: Principal, command: Command, now: datetime) -> Courtyard:
    """Errors: as `Life.begin`; Invalid for somebody who is no member."""
    row = LIFE.begin(session, who, say.ArrangeMember, command)
    one = row.member(command["member_id"])
    one.duty, one.weekdays = str(command["duty"]), command["weekdays"]
    return LIFE.done(session, who, row, now, say.MemberArranged, member=one.person, duty=one.duty)


@asked(say.PlanRounds)
def plan_rounds(session: Session, who: Principal, command: Command, now: datetime) -> Courtyard:
    """Errors: as `Life.begin`, `patrol_plans.planned`."""
    row = LIFE.begin(session, who, say.PlanRounds, command)
    plan = patrol_plans.planned(session, who, say.PlanRounds, command, row.area_path, now, row.number)
    return LIFE.done(session, who, row, now, say.RoundsPlanned, theme=plan.theme, plan=plan.number)


@asked(say.DisbandCourtyard)
def disband(session: Session, who: Principal, command: Command, now: datetime) -> Courtyard:
    """Its rounds end with it. Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.DisbandCourtyard, command)
    row.reason = command["reason"]
    patrol_plans.end_rounds(session, who, row.number, now)
    return LIFE.done(session, who, row, now, say.CourtyardDisbanded)


def in_rota(session: Session, number: str, day: date) -> list[tuple[str, str]]:
    """Who goes round on the day; all members on a day for which nobody has put down her name."""
    row = session.scalars(select(Courtyard).where(Courtyard.case_number == number)).one()
    named = [one for one in row.members if patrol_plans.DAYS[day.weekday()] in one.weekdays]
    return [(one.person_id, one.person_name) for one in named or row.members]


@standing_of.register
def _stands(row: Courtyard) -> Standing:
    return Standing(
        kind=say.CourtyardView.about.kind, state=row.state, number=row.number, tally={"members": str(len(row.members))}
    )
