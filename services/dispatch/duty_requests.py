"""A department asks a community to help with its own work: admitted with its terms, else the street decides (A16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, Session

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Root, new_id, person_ref
from contracts.deadlines import DispatchDeadlineApproaching
from contracts.dispatch import duty_requests as say
from contracts.dispatch.duty_requests import RequestState as S
from kernel.codes import DutyList
from kernel.numbering import NO_AREA, next_number
from services.dispatch import access, clocks, crossings, duties, facts, units
from services.dispatch.catalogue_tables import DutyItem
from services.dispatch.tables import Base, NumberCounter, Unit

Command = dict[str, Any]
WAITS = {S.PENDING: ("role:STREET",), S.OPEN: ("role:COMMUNITY",)}


class DutyRequest(Clocked, Root, Base):
    """`sides` are the two units."""

    __tablename__ = "duty_request"
    state: Mapped[str]
    unit: Mapped[str]
    community: Mapped[str]
    sides: Mapped[list[str]]
    what: Mapped[str]
    crossing: Mapped[bool]
    duty_item: Mapped[str | None]
    duty_list: Mapped[str | None]
    catalogue: Mapped[str | None]
    line: Mapped[int | None]
    terms: Mapped[str | None]
    decision_reason: Mapped[str | None]
    decided_by_id: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    result_text: Mapped[str | None]
    asked_by_id: Mapped[str]
    asked_by_name: Mapped[str]
    decided_by, asked_by = person_ref("decided_by"), person_ref("asked_by")
    __table_args__ = (Index("ix_duty_request_area", "area_path", postgresql_using="gist"),)


LIFE: Life[DutyRequest, S] = Life(
    DutyRequest,
    S.PENDING,
    {
        "listed": Move({S.PENDING}, S.OPEN),
        say.AllowDutyRequest: Move({S.PENDING}, S.OPEN),
        say.RefuseDutyRequest: Move({S.PENDING}, S.REFUSED),
        say.FinishDutyRequest: Move({S.OPEN}, S.DONE, say.DutyRequestDone),
    },
    Rules(
        by_number(DutyRequest), say.READERS, unknown_number, outbox.record,
        due=clocks.due, approaching=DispatchDeadlineApproaching,
    ),
    clocks={S.PENDING: "duty_request.decide", S.OPEN: "duty_request.finish"},
    answers=(say.GetDutyRequest, say.ListDutyRequests),
)  # fmt: skip


@asked(say.AskCommunity)
def ask_community(session: Session, who: Principal, command: Command, now: datetime) -> DutyRequest:
    """Errors: Forbidden; Invalid for what is no community, an unknown item, or an admitted item without terms;
    Conflict for a cancelled item, with the version and line of its list."""
    permit(who, say.AskCommunity, access.Concern(session, command["unit"]), access.TESTS)
    community = units.known(session, [command["community"]], "community")[command["community"]]
    Invalid.where(community=community.kind not in duties.COMMUNITY_BODIES and "应为社区")
    item = duties.gate(session, command["duty_item"], [community], now)
    admitted = item is not None and item.duty_list == DutyList.ADMITTED
    lacking = admitted and not command["terms"]
    Invalid.where(terms=lacking and f"准入事项要附准入条件，清单写明：{item.terms if item else ''}")
    row = _written(who, command, community, item)
    row.id, row.state = new_id(), LIFE.initial
    if not row.crossing:
        LIFE.move(row, "listed")
    row.case_number = next_number(session, NumberCounter, "WO", NO_AREA, now)
    LIFE.wind(row, now)
    session.add(row)
    outbox.record(session, say.DutyRequested, row, who, now)
    return row


def _written(who: Principal, command: Command, community: Unit, item: DutyItem | None) -> DutyRequest:
    from_list = {name: getattr(item, name, None) for name in ("duty_list", "catalogue", "line")}
    given = {name: command[name] for name in ("unit", "community", "what", "duty_item", "terms")}
    return DutyRequest(
        **given, **from_list, sides=[command["unit"], community.code], area_path=community.area_path,
        crossing=bool(duties.crosses(item, [community])), asked_by_id=who.id, asked_by_name=who.name,
    )  # fmt: skip


@asked(say.AllowDutyRequest)
def allow(session: Session, who: Principal, command: Command, now: datetime) -> DutyRequest:
    """Errors: as `Life.begin`."""
    return _decided(session, who, say.AllowDutyRequest, command, now, say.DutyRequestAllowed)


@asked(say.RefuseDutyRequest)
def refuse(session: Session, who: Principal, command: Command, now: datetime) -> DutyRequest:
    """Errors: as `Life.begin`."""
    return _decided(session, who, say.RefuseDutyRequest, command, now, say.DutyRequestRefused)


def _decided(
    session: Session, who: Principal, contract: Any, command: Command, now: datetime, fact: Any
) -> DutyRequest:
    row = LIFE.begin(session, who, contract, command)
    row.decision_reason, row.decided_by_id, row.decided_by_name = command["decision_reason"], who.id, who.name
    through, community = fact is say.DutyRequestAllowed, session.get_one(Unit, row.community)
    about = {"number": row.number, "asker": row.unit, "what": row.what}
    crossings.note(session, [community], facts.person(who), now, through, **about)
    return LIFE.done(session, who, row, now, fact)


@standing_of.register
def _stands(row: DutyRequest) -> Standing:
    return Standing(
        kind=say.DutyRequestView.about.kind, state=row.state, number=row.number, due=row.due_at,
        waits=WAITS.get(S(row.state), ()), tally={"unit": row.unit, "first": row.asked_by_id},
    )  # fmt: skip
