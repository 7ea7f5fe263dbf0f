"""Dispute ledger 矛盾纠纷清单 (domain §1 S4.10): an entry leaves by somebody else's closure (inv. 16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import ledger as say
from contracts.mediation.ledger import EntryOrigin
from contracts.mediation.ledger import EntryState as S
from contracts.mediation.sweeps import SweepState
from kernel.deadlines import due_at
from services.mediation import orgs, repeats
from services.mediation.conflicts import hashed_name
from services.mediation.facts import in_charge
from services.mediation.numbering import root_number
from services.mediation.rules import rules
from services.mediation.tables import Case, Entry, Sweep

Command = dict[str, Any]
SETTLE = "ledger.settle"
KEPT = ("dispute_type", "area_path", "matter", "persons", "risk_level", "sweep_number")
OFFICE = ("role:COMMUNITY", "role:STREET")

LIFE: Life[Entry, S] = Life(
    Entry,
    S.OPEN,
    {
        say.AssignOwner: Move({S.OPEN}, None),
        say.ReviewDispute: Move({S.OPEN}, None),
        say.ReportSettled: Move({S.OPEN}, S.CHECKING),
        "case_closed": Move({S.OPEN}, S.CHECKING),
        say.StrikeOff: Move({S.CHECKING}, S.CLOSED, say.DisputeStruckOff, at="struck_at"),
        say.KeepOnLedger: Move({S.CHECKING}, S.OPEN, say.DisputeKept),
    },
    Rules(by_number(Entry), say.READERS, unknown_number, outbox.record, approaching=MediationDeadlineApproaching),
    answers=(say.GetEntry, say.ListEntries),
)


@asked(say.EnterDispute)
def enter(session: Session, who: Principal, command: Command, now: datetime) -> Entry:
    """Errors: Forbidden; Invalid for a sweep that does not run here."""
    sweep = _sweep(session, command["sweep_number"], command["area_path"])
    Invalid.where(sweep_number=bool(command["sweep_number"]) and sweep is None and "这里没有这次正在进行的排查")
    given = {name: command[name] for name in KEPT}
    party = hashed_name(command["party"])
    entry = Entry(**given, origin=EntryOrigin.SWEEP if sweep else EntryOrigin.STAFF, parties=[party] if party else [])
    permit(who, say.EnterDispute, entry)
    return _list(session, who, entry, now)


def _sweep(session: Session, number: str | None, place: str) -> Sweep | None:
    around = Sweep.area_path.op("@>")(func.text2ltree(place))
    query = select(Sweep).where(Sweep.case_number == number, Sweep.state == SweepState.RUNNING, around)
    return session.scalars(query).one_or_none() if number else None


def enter_case(session: Session, who: Principal, case: Case, now: datetime) -> None:
    """A new case of mediation is on the ledger at once."""
    entry = Entry(
        origin=EntryOrigin.CASE, dispute_type=case.dispute_type, risk_level=case.risk_level, area_path=case.area_path,
        persons=len(case.parties), parties=[one.name_hash for one in case.parties if one.name_hash],
        mediation_number=case.mediation_number, sealed=case.sealed,
    )  # fmt: skip
    _list(session, who, entry, now)


def seal(session: Session, who: Principal, case: Case, now: datetime) -> None:
    """Its mediation was sealed later."""
    query = select(Entry).where(Entry.mediation_number == case.mediation_number, ~Entry.sealed)
    for entry in session.scalars(query.with_for_update()):
        entry.sealed = True
        outbox.record(session, say.DisputeSealed, entry, who, now)


def case_closed(session: Session, who: Principal, case: Case, now: datetime) -> None:
    """Everything is performed: whoever mediated has reported it, and somebody else looks."""
    query = select(Entry).where(Entry.mediation_number == case.mediation_number, Entry.state == S.OPEN)
    entry = session.scalars(query.with_for_update()).one_or_none()
    if entry is not None:
        mediator = in_charge(case)
        LIFE.move(entry, "case_closed")
        entry.reporter_id, entry.result = mediator.mediator_id if mediator else who.id, "调解成功，协议已履行"
        LIFE.done(session, who, entry, now, say.DisputeSettled)


def _list(session: Session, who: Principal, entry: Entry, now: datetime) -> Entry:
    entry.entered_at = now
    entry.until(_due(entry, now), now)
    entry.case_number = root_number(session, "LD", entry.area_path, now)
    LIFE.started(session, who, entry, now, say.DisputeListed)
    repeats.warn(session, who, entry, now)
    return entry


def _due(entry: Entry, now: datetime) -> datetime:
    """By the colour of the risk (policy key ledger.settle)."""
    present = rules(now)
    return due_at(now, present.pack.limit(SETTLE, entry.risk_level), present.calendar)


@asked(say.AssignOwner)
def assign(session: Session, who: Principal, command: Command, now: datetime) -> Entry:
    """Errors: as `Life.begin`; Conflict for somebody who is no member of an organisation of the place."""
    entry = LIFE.begin(session, who, say.AssignOwner, command)
    entry.owner_id, entry.owner_name = who.id, who.name
    if command["owner_id"] not in (None, who.id):
        known = {one.account: one.name for one in orgs.available(session, entry.area_path)}
        if command["owner_id"] not in known:
            raise Conflict("包案人应为当地调解组织的成员", owner_id=command["owner_id"])
        entry.owner_id, entry.owner_name = command["owner_id"], known[command["owner_id"]]
    entry.measures = command["measures"]
    return LIFE.done(session, who, entry, now, say.OwnerAssigned)


@asked(say.ReviewDispute)
def review(session: Session, who: Principal, command: Command, now: datetime) -> Entry:
    """A new risk begins a new limit. Errors: as `Life.begin`."""
    entry = LIFE.begin(session, who, say.ReviewDispute, command)
    entry.measures, entry.reviewed_at = command["measures"], now
    if entry.risk_level != command["risk_level"]:
        entry.risk_level = command["risk_level"]
        entry.until(_due(entry, now), now)
    return LIFE.done(session, who, entry, now, say.DisputeReviewed)


@asked(say.ReportSettled)
def report(session: Session, who: Principal, command: Command, now: datetime) -> Entry:
    """Errors: as `Life.begin`."""
    entry = LIFE.begin(session, who, say.ReportSettled, command)
    entry.result, entry.reporter_id = command["result"], who.id
    return LIFE.done(session, who, entry, now, say.DisputeSettled)


@standing_of.register
def _stands(entry: Entry) -> Standing:
    owner = (f"person:{entry.owner_id}",) if entry.owner_id else OFFICE
    waits = {S.OPEN: owner, S.CHECKING: OFFICE}.get(S(entry.state), ())
    return Standing(
        kind=say.EntryView.about.kind, state=entry.state, number=entry.number, due=entry.due_at, waits=waits,
        tally={
            "type": entry.dispute_type, "risk": entry.risk_level, "origin": entry.origin,
            "sealed": (entry.owner_id or "yes") if entry.sealed else "",
        },
    )  # fmt: skip
