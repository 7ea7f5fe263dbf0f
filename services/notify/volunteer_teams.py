"""Volunteer teams 志愿服务队 (domain §3.3): who leads one, who is in it, when they come together, who was there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Moment, Root, new_id, person_ref
from contracts.notify import volunteer_teams as say
from contracts.notify.service_records import ServiceSource
from contracts.notify.volunteer_teams import Membership as M
from contracts.notify.volunteer_teams import TeamState as S
from kernel.calendar import local_day
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import Recipient, area4, person
from services.notify.files import Heard
from services.notify.service_records import MINUTE, MOST, ServiceRecord, record
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]


class TeamMember(Base):
    """One volunteer in one team; who left may come back."""

    __tablename__ = "team_member"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("volunteer_team.id"))
    person_id: Mapped[str]
    person_name: Mapped[str]
    membership: Mapped[str]
    since: Mapped[date] = mapped_column(Date)
    person = person_ref("person")
    __table_args__ = (UniqueConstraint("team_id", "person_id"),)


class VolunteerTeam(Root, Base):
    """`sides` are who is in it now, the leader among them."""

    __tablename__ = "volunteer_team"
    state: Mapped[str]
    name: Mapped[str]
    purpose: Mapped[str]
    leader_id: Mapped[str]
    leader_name: Mapped[str]
    sides: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    next_what: Mapped[str | None]
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    next_place: Mapped[str | None]
    next_risks: Mapped[str | None]
    leader = person_ref("leader")
    members: Mapped[list[TeamMember]] = relationship(order_by=TeamMember.since, lazy="selectin")
    __table_args__ = (Index("ix_volunteer_team_area", "area_path", postgresql_using="gist"),)

    def of(self, person_id: str) -> TeamMember | None:
        return next((one for one in self.members if one.person_id == person_id), None)


LIFE: Life[VolunteerTeam, S] = Life(
    VolunteerTeam,
    S.ACTIVE,
    {
        say.JoinTeam: Move({S.ACTIVE}, S.ACTIVE),
        say.AdmitMember: Move({S.ACTIVE}, S.ACTIVE),
        say.LeaveTeam: Move({S.ACTIVE}, S.ACTIVE),
        say.DismissMember: Move({S.ACTIVE}, S.ACTIVE),
        say.HandTeamOver: Move({S.ACTIVE}, S.ACTIVE),
        say.CallTeamTogether: Move({S.ACTIVE}, S.ACTIVE, say.TeamCalledTogether),
        say.RecordTeamAction: Move({S.ACTIVE}, S.ACTIVE),
        say.DissolveTeam: Move({S.ACTIVE}, S.DISSOLVED, say.TeamDissolved),
    },
    Rules(by_number(VolunteerTeam), say.READERS, unknown_number, saying.say),
    answers=(say.GetVolunteerTeam, say.ListVolunteerTeams),
)


@asked(say.FoundTeam)
def found(session: Session, who: Principal, command: Command, now: datetime) -> VolunteerTeam:
    """Errors: Forbidden; Invalid for an unknown place."""
    place, leader = command["area_path"], command["leader"]
    Invalid.where(area_path=session.get(Area, place) is None and "没有这个地方")
    team = VolunteerTeam(**{name: command[name] for name in ("area_path", "name", "purpose")})
    team.leader_id, team.leader_name = leader["id"], leader["name"]
    _put(team, leader["id"], leader["name"], M.MEMBER, now)
    team.case_number = next_number(session, NumberCounter, "ZU", area4(session, place), now)
    return LIFE.start(session, who, say.FoundTeam, team, now, say.TeamFounded)


@asked(say.JoinTeam)
def join(session: Session, who: Principal, command: Command, now: datetime) -> VolunteerTeam:
    """Errors: as `Life.begin`; Conflict for who has asked, or is in it."""
    team = LIFE.begin(session, who, say.JoinTeam, command)
    known = team.of(who.id)
    if known and known.membership != M.LEFT:
        raise Conflict("已经申请过了" if known.membership == M.ASKED else "已经是队员", membership=known.membership)
    one = _put(team, who.id, who.name, M.ASKED, now)
    return LIFE.done(session, who, team, now, say.TeamJoinAsked, member=one.person)


@asked(say.AdmitMember)
def admit(session: Session, who: Principal, command: Command, now: datetime) -> VolunteerTeam:
    """Errors: as `Life.begin`; NotFound for who has not asked."""
    team = LIFE.begin(session, who, say.AdmitMember, command)
    one = _put(team, *_one(team, command, M.ASKED), M.MEMBER, now)
    return LIFE.done(session, who, team, now, say.TeamMemberAdmitted, member=one.person)


@asked(say.LeaveTeam)
def leave(session: Session, who: Principal, command: Command, now: datetime) -> VolunteerTeam:
    """Errors: as `Life.begin`."""
    return _gone(session, who, LIFE.begin(session, who, say.LeaveTeam, command), {"member_id": who.id}, now)


@asked(say.DismissMember)
def dismiss(session: Session, who: Principal, command: Command, now: datetime) -> VolunteerTeam:
    """Also who has only asked. Errors: as `Life.begin`; NotFound; Conflict for the leader."""
    return _gone(session, who, LIFE.begin(session, who, say.DismissMember, command), command, now)


def _gone(session: Session, who: Principal, team: VolunteerTeam, command: Command, now: datetime) -> VolunteerTeam:
    if command["member_id"] == team.leader_id:
        raise Conflict("队长要先交给别的队员", leader=team.leader_id)
    one = _put(team, *_one(team, command, M.ASKED, M.MEMBER), M.LEFT, now)
    return LIFE.done(session, who, team, now, say.TeamMemberLeft, member=one.person)


@asked(say.HandTeamOver)
def hand_over(session: Session, who: Principal, command: Command, now: datetime) -> VolunteerTeam:
    """Errors: as `Life.begin`; NotFound for who is not in it."""
    team = LIFE.begin(session, who, say.HandTeamOver, command)
    team.leader_id, team.leader_name = _one(team, command, M.MEMBER)
    return LIFE.done(session, who, team, now, say.TeamHandedOver)


@asked(say.RecordTeamAction)
def held(session: Session, who: Principal, command: Command, now: datetime) -> VolunteerTeam:
    """Errors: as `Life.begin`; Invalid for who is not in the team, times yet to come, or more than a day; Conflict for
    an action that began when a recorded one did."""
    team = LIFE.begin(session, who, say.RecordTeamAction, command)
    began, present = command["began_at"], sorted(set(command["member_ids"]))
    minutes, strangers = (command["ended_at"] - began) // MINUTE, [each for each in present if each not in team.sides]
    Invalid.where(
        member_ids=bool(strangers) and f"不是队员：{'、'.join(strangers)}",
        ended_at=(not 1 <= minutes <= MOST and "应在开始以后一天之内")
        or (command["ended_at"] > now and "不能晚于现在"),
    )
    LIFE.done(session, who, team, now, say.TeamActionHeld, served=len(present))
    for each in (one for one in team.members if one.person_id in present):
        row = ServiceRecord(began_at=began, minutes=minutes, what=command["what"], team=team.name)
        row.volunteer_id, row.volunteer_name, row.area_path = each.person_id, each.person_name, team.area_path
        row.source, row.source_number, row.deed = (
            ServiceSource.TEAM_ACTION,
            team.number,
            f"{team.number} {began.isoformat()}",
        )
        record(session, who, row, now)
    return team


def _one(team: VolunteerTeam, command: Command, *among: M) -> tuple[str, str]:
    """Id and name of who is meant. Errors: NotFound."""
    one = team.of(command["member_id"])
    if one is None or one.membership not in among:
        raise NotFound("队里没有这个人", member_id=command["member_id"], membership=[str(each) for each in among])
    return one.person_id, one.person_name


def _put(team: VolunteerTeam, id: str, name: str, membership: M, now: datetime) -> TeamMember:
    one = team.of(id) or TeamMember(person_id=id)
    if one not in team.members:
        team.members.append(one)
    one.person_name, one.membership, one.since = name, membership, local_day(now)
    team.sides = sorted(each.person_id for each in team.members if each.membership == M.MEMBER)
    return one


def team_members(heard: Heard) -> list[Recipient]:
    """Everybody who is in the team."""
    team = heard.session.get_one(VolunteerTeam, UUID(heard.event.subject))
    return [person(each.person_id, each.person_name) for each in team.members if each.membership == M.MEMBER]


@standing_of.register
def _stands(team: VolunteerTeam) -> Standing:
    asking = any(each.membership == M.ASKED for each in team.members)
    return Standing(
        kind=say.VolunteerTeamView.about.kind, state=team.state, number=team.number,
        waits=(f"person:{team.leader_id}",) if asking and team.state == S.ACTIVE else (),
    )  # fmt: skip
