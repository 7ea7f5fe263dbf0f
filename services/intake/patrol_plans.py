"""Patrol plans 巡查计划 (domain §1.2 row 12): what is looked for where, and on which days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Root, person_ref
from contracts.intake import patrol_plans as say
from contracts.intake.patrol_plans import PatrolPlanState as S
from kernel.areas import ancestors
from kernel.calendar import local_day
from kernel.codes import AreaLevel
from kernel.numbering import next_number
from services.intake import areas, facts
from services.intake.tables import Base, NumberCounter

Command = dict[str, Any]
RHYTHM = ("weekdays", "every_days", "times_a_month")
DAYS = tuple(say.Weekday)


class PatrolPlan(Root, Base):
    """`draw` is the secret that irregular days are drawn by; `looked_on`: until which day patrols were opened."""

    __tablename__ = "patrol_plan"
    __table_args__ = (
        Index("ix_patrol_plan_area", "area_path", postgresql_using="gist"),
        Index("ix_patrol_plan_looked", "state", "looked_on"),
    )
    state: Mapped[str]
    name: Mapped[str]
    theme: Mapped[str]
    from_day: Mapped[date]
    weekdays: Mapped[list[str]]
    every_days: Mapped[int | None]
    times_a_month: Mapped[int | None]
    draw: Mapped[str] = mapped_column(default=lambda: token_hex(16))
    looked_on: Mapped[date | None]
    team_number: Mapped[str | None]
    planner_id: Mapped[str]
    planner_name: Mapped[str]
    planned_by = person_ref("planner")

    def falls_on(self, day: date) -> bool:
        """Whether there is a patrol on the day; the same answer whenever and wherever it is asked."""
        if day < self.from_day:
            return False
        if self.weekdays:
            return DAYS[day.weekday()] in self.weekdays
        if self.every_days:
            return (day - self.from_day).days % self.every_days == 0
        return day in drawn(self.draw, day, self.times_a_month or 0)


def drawn(secret: str, day: date, times: int) -> list[date]:
    """So many days of the month of `day`. Whoever does not know the secret cannot tell them beforehand."""
    first = day.replace(day=1)
    month = [one for one in (first + timedelta(days=n) for n in range(31)) if one.month == day.month]
    return sorted(month, key=lambda one: sha256(f"{secret}:{one}".encode()).digest())[:times]


LIFE: Life[PatrolPlan, S] = Life(
    PatrolPlan,
    S.ACTIVE,
    {say.EndPatrolPlan: Move({S.ACTIVE}, S.ENDED, say.PatrolPlanEnded)},
    Rules(by_number(PatrolPlan), say.READERS, unknown_number, facts.tell),
    answers=(say.GetPatrolPlan, say.ListPatrolPlans),
)


@asked(say.PlanPatrols)
def plan_patrols(session: Session, who: Principal, command: Command, now: datetime) -> PatrolPlan:
    """Errors: Forbidden; Invalid for a place wider than a grid, or days that are not said in exactly one way."""
    return planned(session, who, say.PlanPatrols, command, command["area_path"], now)


def planned(
    session: Session, who: Principal, contract: Any, command: Command, place: str, now: datetime, team: Any = None
) -> PatrolPlan:
    """A plan for the place, carried out by the `team` of that number or by whoever answers for it. Errors: as above."""
    area, today = areas.find(session, place, now), local_day(now)
    ways, start = [name for name in RHYTHM if command[name]], command["from_day"] or today
    Invalid.where(
        weekdays=len(ways) != 1 and "每周哪几天、每隔几天、每月抽几天，三种选一种",
        area_path=not _in_one_grid(session, place, now) and "巡查按网格安排，请选一个网格或网格里的一处",
        from_day=start < today and "不能从过去的日子起",
    )
    given = {name: command[name] for name in ("name", "theme", *RHYTHM)}
    row = PatrolPlan(**given, from_day=start, area_path=place, team_number=team, created_at=now)
    row.planner_id, row.planner_name = who.id, who.name
    row.case_number = next_number(session, NumberCounter, "PJ", area.area4, now)
    return LIFE.start(session, who, contract, row, now, say.PatrolsPlanned)


def end_rounds(session: Session, who: Principal, team: str, now: datetime) -> None:
    """Every plan of a team ends."""
    plans = select(PatrolPlan).where(PatrolPlan.team_number == team, PatrolPlan.state == S.ACTIVE)
    for plan in session.scalars(plans.order_by(PatrolPlan.id).with_for_update()):
        LIFE.move(plan, say.EndPatrolPlan)
        facts.tell(session, say.PatrolPlanEnded, plan, who, now)


def _in_one_grid(session: Session, place: str, now: datetime) -> bool:
    return any(areas.find(session, path, now).level == AreaLevel.GRID for path in (*ancestors(place), place))


@standing_of.register
def _stands(plan: PatrolPlan) -> Standing:
    return Standing(
        kind=say.PatrolPlanView.about.kind, state=plan.state, number=plan.number, tally={"theme": plan.theme}
    )
