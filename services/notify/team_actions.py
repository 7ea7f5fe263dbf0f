"""Team actions 志愿服务活动: who is called hears of it; who was there has hours recorded (service_records.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Moment, Root, person_ref
from contracts.notify import team_actions as say
from contracts.notify.service_records import ServiceSource
from contracts.notify.team_actions import TeamActionState as S
from contracts.notify.volunteer_teams import TeamState
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4
from services.notify.service_records import MINUTE, MOST, ServiceRecord, record
from services.notify.tables import Base, NumberCounter
from services.notify.volunteer_teams import team_of

Command = dict[str, Any]


class TeamAction(Root, Base):
    """Leader and members are those of the team when it was planned, and again when it was held."""

    __tablename__ = "team_action"
    state: Mapped[str]
    team: Mapped[str] = mapped_column(index=True)
    heading: Mapped[str]
    what: Mapped[str]
    place_text: Mapped[str]
    risks: Mapped[str | None]
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    leader_id: Mapped[str]
    leader_name: Mapped[str]
    sides: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    served: Mapped[int | None]
    reason: Mapped[str | None]
    leader = person_ref("leader")
    __table_args__ = (Index("ix_team_action_area", "area_path", postgresql_using="gist"),)


LIFE: Life[TeamAction, S] = Life(
    TeamAction,
    S.PLANNED,
    {
        say.HoldTeamAction: Move({S.PLANNED}, S.HELD),
        say.CallOffTeamAction: Move({S.PLANNED}, S.CALLED_OFF, say.TeamActionCalledOff),
    },
    Rules(by_number(TeamAction), say.READERS, unknown_number, saying.say),
    answers=(say.GetTeamAction, say.ListTeamActions),
)


@asked(say.PlanTeamAction)
def plan(session: Session, who: Principal, command: Command, now: datetime) -> TeamAction:
    """Errors: NotFound for an unknown team; Forbidden; Conflict for one that was dissolved; Invalid for its times."""
    team = team_of(session, command["team"])
    Invalid.where(ends_at=command["ends_at"] <= command["starts_at"] and "要在开始以后")
    row = TeamAction(**{name: value for name, value in command.items() if name in say.TeamActionView().fields})
    row.area_path, row.leader_id, row.leader_name, row.sides = team.area_path, team.leader_id, team.leader_name, team.sides
    row.case_number = next_number(session, NumberCounter, "HU", area4(session, team.area_path), now)
    LIFE.start(session, who, say.PlanTeamAction, row, now, say.TeamActionPlanned)
    if team.state != TeamState.ACTIVE:
        raise Conflict("这支队已经解散", state=team.state)
    return row


@asked(say.HoldTeamAction)
def hold(session: Session, who: Principal, command: Command, now: datetime) -> TeamAction:
    """Errors: as `Life.begin`; Invalid for who is not in the team, times yet to come, or more than a day."""
    row = LIFE.begin(session, who, say.HoldTeamAction, command)
    team, present = team_of(session, row.team), sorted(set(command["present"]))
    minutes = (command["ended_at"] - command["began_at"]) // MINUTE
    strangers = [each for each in present if each not in team.sides]
    Invalid.where(
        present=bool(strangers) and f"不是队员：{'、'.join(strangers)}",
        ended_at=(not 1 <= minutes <= MOST and "应在开始以后一天之内") or (command["ended_at"] > now and "不能晚于现在"),
    )
    row.served = len(present)
    LIFE.done(session, who, row, now, say.TeamActionHeld)
    for one in (team.of(each) for each in present):
        served = ServiceRecord(began_at=command["began_at"], minutes=minutes, what=row.heading, team=row.team)
        served.volunteer_id, served.volunteer_name = one.person_id, one.person_name  # type: ignore[union-attr]
        served.source, served.source_number, served.area_path = ServiceSource.TEAM_ACTION, row.number, row.area_path
        record(session, who, served, now)
    return row


@standing_of.register
def _stands(row: TeamAction) -> Standing:
    planned = row.state == S.PLANNED
    return Standing(
        kind=say.TeamActionView.about.kind, state=row.state, number=row.number, parent=row.team,
        due=row.ends_at if planned else None, waits=(f"person:{row.leader_id}",) if planned else (),
    )  # fmt: skip
