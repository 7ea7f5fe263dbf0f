"""Volunteers who come at a whistle 志愿者报到: roll, sign-in and -out, confirmed hours (S2.7).

They lie beside the task and not beside wishes: a team's turnout is what its task's report-in stands for. Confirmed
hours go to notify, where the records of service are and the certificates are made.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Root, person_ref
from contracts.dispatch import turnouts as say
from contracts.dispatch.turnouts import TurnoutState as S
from kernel.codes import UnitKind, WhistleKind, WhistleState
from kernel.numbering import area_of, next_number
from services.dispatch import access, locks
from services.dispatch.tables import Base, NumberCounter, Task, Whistle

Command = dict[str, Any]
WAITS = {
    S.JOINED: ("person:{0.volunteer_id}", "unit:{0.unit_code}"),
    S.PRESENT: ("person:{0.volunteer_id}",),
    S.LEFT: ("role:COMMUNITY",),
}
MINUTE = timedelta(minutes=1)


class Turnout(Root, Base):
    """One volunteer at one whistle. `sides` are the volunteer and the team."""

    __tablename__ = "turnout"
    state: Mapped[str]
    volunteer_id: Mapped[str] = mapped_column(index=True)
    volunteer_name: Mapped[str]
    unit_code: Mapped[str]
    sides: Mapped[list[str]]
    whistle: Mapped[str]
    what: Mapped[str]
    signed_in_at: Mapped[datetime | None]
    signed_out_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    confirmed_by_id: Mapped[str | None]
    confirmed_by_name: Mapped[str | None]
    volunteer, confirmed_by = person_ref("volunteer"), person_ref("confirmed_by")
    __table_args__ = (
        Index("uq_turnout", "whistle", "volunteer_id", unique=True),
        Index("ix_turnout_area", "area_path", postgresql_using="gist"),
    )

    @property
    def present(self) -> timedelta:
        """From sign-in to sign-out."""
        assert self.signed_in_at is not None
        return (self.signed_out_at or self.signed_in_at) - self.signed_in_at

    @property
    def unit(self) -> str:
        return self.unit_code


LIFE: Life[Turnout, S] = Life(
    Turnout,
    S.JOINED,
    {
        say.SignIn: Move({S.JOINED}, S.PRESENT),
        say.SignOut: Move({S.PRESENT}, S.LEFT, say.VolunteerSignedOut, at="signed_out_at"),
        say.MarkAbsent: Move({S.JOINED}, S.ABSENT, say.VolunteerAbsent),
        say.ConfirmHours: Move({S.LEFT}, S.CONFIRMED),
    },
    Rules(by_number(Turnout), say.READERS, unknown_number, outbox.record, access.TESTS),
    answers=(say.GetTurnout, say.ListTurnouts),
)


@asked(say.JoinTurnout)
def join(session: Session, who: Principal, command: Command, now: datetime) -> Turnout:
    """Errors: NotFound for what is no volunteers' whistle; Forbidden; Conflict where it is over or joined already."""
    query = select(Whistle).where(Whistle.number == command["whistle"], Whistle.kind == WhistleKind.VOLUNTEER)
    whistle = session.scalars(query.with_for_update()).first()
    if whistle is None:
        raise NotFound("没有找到这张志愿者哨", whistle=command["whistle"])
    permit(who, say.JoinTurnout, whistle)
    team = next((task for task in whistle.tasks if task.unit.kind == UnitKind.VOLUNTEER_TEAM), None)
    if whistle.state != WhistleState.BLOWN or team is None:
        raise Conflict("这张志愿者哨现在不能报到", state=whistle.state)
    known = select(Turnout.id).where(Turnout.whistle == whistle.number, Turnout.volunteer_id == who.id)
    if session.scalar(known) is not None:
        raise Conflict("已经报到过了", whistle=whistle.number)
    return LIFE.started(session, who, _joined(session, who, whistle, team, now), now, say.TurnoutJoined)


def _joined(session: Session, who: Principal, whistle: Whistle, team: Task, now: datetime) -> Turnout:
    """Of the volunteer's own team where it was called, else of the first one."""
    own = next((task.unit_code for task in whistle.tasks if task.unit_code in who.units), team.unit_code)
    return Turnout(
        volunteer_id=who.id, volunteer_name=who.name, unit_code=own, sides=[who.id, own], whistle=whistle.number,
        what=whistle.asked_action_text or whistle.reason, area_path=whistle.area_path,
        case_number=next_number(session, NumberCounter, "VO", area_of(whistle.number), now),
    )  # fmt: skip


@asked(say.SignIn)
def sign_in(session: Session, who: Principal, command: Command, now: datetime) -> Turnout:
    """Errors: as `Life.begin`; Conflict where the volunteer is present at another whistle."""
    row = LIFE.begin(session, who, say.SignIn, command)
    locks.take_turns(session, "turnout", row.volunteer_id)
    present = select(Turnout.whistle).where(Turnout.volunteer_id == row.volunteer_id, Turnout.state == S.PRESENT)
    if elsewhere := session.scalar(present):
        raise Conflict(f"在{elsewhere}还没有签退", whistle=elsewhere)
    row.signed_in_at = now
    return LIFE.done(session, who, row, now, say.VolunteerSignedIn)


@asked(say.ConfirmHours)
def confirm(session: Session, who: Principal, command: Command, now: datetime) -> Turnout:
    """Errors: as `Life.begin`; Invalid for more than the time between sign-in and sign-out."""
    row = LIFE.begin(session, who, say.ConfirmHours, command)
    most = max(row.present // MINUTE, 1)
    minutes = command["minutes"] or most
    Invalid.where(minutes=minutes > most and f"签到到签退只有{most}分钟")
    row.minutes, row.confirmed_by_id, row.confirmed_by_name = minutes, who.id, who.name
    told = {"began_at": row.signed_in_at, "confirmed_by": row.confirmed_by}
    return LIFE.done(session, who, row, now, say.VolunteerHoursLogged, minutes=minutes, **told)


@standing_of.register
def _stands(row: Turnout) -> Standing:
    return Standing(
        kind=say.TurnoutView.about.kind, state=row.state, number=row.number, parent=row.whistle,
        waits=tuple(each.format(row) for each in WAITS.get(S(row.state), ())),
        tally={"unit": row.unit_code, "first": row.volunteer_id},
    )  # fmt: skip
