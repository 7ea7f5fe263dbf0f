"""Rectification 整改 (domain §2 A5, A8, §3.4): notice or order, proof, verification, warning, enforcement, look-back.

It lies with dispatch, which owns the whistle it may end in and the units with enforcement power; the shop, the sweep or
the appeal it came from stays with intake and is asked once, when it is issued.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import Ask, asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import DispatchDeadlineApproaching
from contracts.dispatch import rectifications as say
from contracts.dispatch.rectification_views import READERS, Form, RectificationView, SpotState
from contracts.dispatch.rectification_views import RectificationState as S
from contracts.intake.appeals import GetAppeal
from contracts.intake.campaigns import GetCampaign
from contracts.intake.hazards import GetHazard
from contracts.intake.shops import GetShopRecord
from contracts.schema import CommandSchema
from kernel.areas import is_within
from kernel.calendar import due_words, end_of, local_day
from kernel.codes import AskedAction, CaseKind, TaskRole, UnitKind, WhistleKind, WhistleLevel
from kernel.numbering import area_of, next_number
from services.dispatch import clocks, compulsion, look_backs, sources, units, whistles
from services.dispatch.rectification_tables import Proof, Rectification, Spot
from services.dispatch.tables import NumberCounter, Unit

Command = dict[str, Any]
POWERS = frozenset({UnitKind.DEPARTMENT, UnitKind.STATION})
"""Kinds of unit with enforcement power of their own (domain §4.9)."""
SOURCES: dict[str, type[CommandSchema]] = {"H": GetShopRecord, "Z": GetCampaign, "S": GetAppeal, "Y": GetHazard}
"""What tells of a source, by the letter of its number."""
GIVEN = ("source_number", "subject", "area_path", "form", "legal_basis", "delivery", "delivery_note", "delivered")
OPEN = frozenset({S.ISSUED, S.PROVEN, S.WARNED, S.UNHEEDED})
PLACE = ("role:GRID", "role:COMMUNITY")
WAITS = {
    S.ISSUED: ("role:GRID",), S.PROVEN: PLACE, S.WARNED: ("role:COMMUNITY",), S.UNHEEDED: ("role:COMMUNITY",),
    S.ENFORCED: PLACE, S.INSPECTED: PLACE,
}  # fmt: skip


def tell(session: Session, event: Any, row: Rectification, who: Principal, now: datetime, **data: Any) -> None:
    outbox.record(session, event, row, who, now, **data)


LIFE: Life[Rectification, S] = Life(
    Rectification,
    S.ISSUED,
    {
        say.ProveRectification: Move({S.ISSUED, S.WARNED, S.UNHEEDED}, S.PROVEN),
        say.RejectProof: Move({S.PROVEN}, S.ISSUED),
        say.VerifySpots: Move(OPEN | {S.ENFORCED}, None),
        "verified": Move(OPEN | {S.ENFORCED}, S.WATCHED),
        "overdue": Move({S.ISSUED}, S.WARNED, say.RectificationOverdue, when_due=True),
        "unheeded": Move({S.WARNED}, S.UNHEEDED, say.RectificationUnheeded, when_due=True),
        say.RequestEnforcement: Move({S.WARNED, S.UNHEEDED}, S.ENFORCED),
        say.RecordEnforcement: Move({S.ENFORCED}, None),
        "look_back_due": Move({S.WATCHED}, S.INSPECTED),
        say.PassLookBack: Move({S.INSPECTED}, S.WATCHED),
        "closed": Move({S.WATCHED}, S.CLOSED),
        say.RecordRelapse: Move({S.INSPECTED}, S.ISSUED),
        "to_squad": Move({S.ISSUED}, S.ENFORCED),
        say.RevokeRectification: Move(OPEN, S.REVOKED, say.RectificationRevoked),
    },
    Rules(
        by_number(Rectification),
        READERS,
        unknown_number,
        tell,
        due=clocks.due,
        approaching=DispatchDeadlineApproaching,
    ),
    clocks={S.PROVEN: "rectify.verify", S.WARNED: "rectify.warning", S.UNHEEDED: "rectify.hand_over"},
    answers=(say.GetRectification, say.ListRectifications),
)


@asked(say.IssueRectification)
def issue(session: Session, who: Principal, command: Command, now: datetime, *, ask: Ask) -> Rectification:
    """Errors: Forbidden; Invalid for an order without power, a day beyond policy key rectify.longest, a source that
    lies elsewhere; those of `ask`."""
    permit(who, say.IssueRectification, SimpleNamespace(**command))
    _prove(command, ask)
    issuer, due = _issuer(session, who, command, now), _due(command, now)
    row = Rectification(
        **{name: command[name] for name in GIVEN}, correct_by=due, issuer=issuer,
        issued_by_id=who.id, issued_by_name=who.name, draws=[], called=[], whistles=[], relapses=0, passes=0,
        spots=[_spot(no, one) for no, one in enumerate(command["spots"], 1)],
    )  # fmt: skip
    row.case_number = next_number(session, NumberCounter, "E", area_of(command["source_number"]), now)
    return LIFE.started(session, who, row, now, say.RectificationOrdered)


def _prove(command: Command, ask: Ask) -> None:
    """What it is about is there, at that place. Errors: Invalid; those of `ask`."""
    number = command["source_number"]
    question = SOURCES.get(number[0])
    if question is None:
        raise Invalid.because({"source_number": ["应为商户、走访、诉求或隐患的编号"]})
    found = ask(question, {"number": number}, deadline=sources.INTAKE_SECONDS)
    there, here = found["area_path"], command["area_path"]
    Invalid.where(
        source_number=found.get("against") and "投诉工作人员或单位的诉求，不能据此整改",
        area_path=not (is_within(there, here) or is_within(here, there)) and "与来源所在区域不符",
    )


def _issuer(session: Session, who: Principal, command: Command, now: datetime) -> str | None:
    """The unit with enforcement power there that `who` acts for; a street only where policy key rectify.street_orders
    says that the province has delegated it (行政处罚法 art. 24). Errors: Invalid for an order of nobody."""
    kinds = POWERS | ({UnitKind.STREET} if clocks.policy(now).value("rectify.street_orders") else set())
    held = {grant.unit for grant in who.grants if grant.unit and grant.covers(command["area_path"])}
    found = session.scalars(select(Unit.code).where(Unit.code.in_(held), Unit.kind.in_(kinds)).order_by(Unit.code))
    issuer = found.first()
    Invalid.where(form=command["form"] == Form.ORDER and not issuer and "没有执法权的只能发限期整改通知")
    return issuer


def _due(command: Command, now: datetime) -> datetime:
    """By policy key rectify.correct, or the day that was given. Errors: Invalid beyond rectify.longest."""
    until = command["until"]
    if until is None:
        return clocks.due("rectify.correct", now, now)
    latest = clocks.due("rectify.longest", now, now)
    Invalid.where(
        until=(until <= local_day(now) or end_of(until) > latest) and f"要在今天以后，最晚{due_words(latest)}"
    )
    return end_of(until)


def _spot(no: int, given: Command) -> Spot:
    plain = {name: given[name] for name in ("what", "place_text", "square_metres", "photos")}
    return Spot(no=no, **plain, user_name=given["user"], state=SpotState.OPEN, relapses=0, evidence=[])


@asked(say.ProveRectification)
def prove(session: Session, who: Principal, command: Command, now: datetime) -> Rectification:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.ProveRectification, command)
    row.proofs.append(Proof(at=now, note=command["note"], photos=command["photos"]))
    return LIFE.done(session, who, row, now, say.RectificationProofSubmitted)


@asked(say.RejectProof)
def reject(session: Session, who: Principal, command: Command, now: datetime) -> Rectification:
    """The day to correct it by stays. Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.RejectProof, command)
    proof = row.proofs[-1]
    proof.rejected, proof.by_id, proof.by_name = command["reason"], who.id, who.name
    return LIFE.done(session, who, row, now, say.RectificationProofRejected)


@asked(say.VerifySpots)
def verify(session: Session, who: Principal, command: Command, now: datetime) -> Rectification:
    """With the last one a look-back is drawn. Errors: as `Life.begin`; Conflict for one that is verified already."""
    row = LIFE.begin(session, who, say.VerifySpots, command)
    found = spots(row, command["spots"])
    for spot in found:
        if spot.state == SpotState.SETTLED:
            raise Conflict(f"第{spot.no}处{spot.settled_by_name}已经核实", spot=spot.no, state=spot.state)
        spot.state, spot.settled_at, spot.evidence = SpotState.SETTLED, now, command["photos"]
        spot.settled_by_id, spot.settled_by_name = who.id, who.name
    LIFE.advance(row)
    told: list[Any] = [say.RectificationSpotsVerified]
    if not row.left:
        LIFE.move(row, "verified")
        LIFE.wind(row, now)
        look_backs.seal(session, who, row, now)
        told.append(say.RectificationVerified)
    for fact in told:
        LIFE.done(session, who, row, now, fact, **({"count": len(found)} if fact is told[0] else {}))
    return row


def spots(row: Rectification, nos: Iterable[int]) -> list[Spot]:
    """The spots of these numbers, each once. Errors: Invalid."""
    known, wanted = {spot.no: spot for spot in row.spots}, dict.fromkeys(nos)
    missing = [str(no) for no in wanted if no not in known]
    Invalid.where(spots=missing and f"没有第{'、'.join(missing)}处")
    return [known[no] for no in wanted]


@asked(say.RequestEnforcement)
def request_enforcement(session: Session, who: Principal, command: Command, now: datetime) -> Rectification:
    """Errors: as `Life.begin`; Invalid for a unit without power, or an hour at which nobody may be compelled."""
    row = LIFE.begin(session, who, say.RequestEnforcement, command)
    code, asked_time = command["unit"], command["asked_time"]
    unit = units.callable_units(session, [code], "unit")[code]
    Invalid.where(
        unit=unit.kind not in POWERS and f"{unit.name}没有执法权",
        asked_time=asked_time and compulsion.barred(asked_time),
    )
    LIFE.advance(row)
    LIFE.wind(row, now)
    return hand_over(session, who, row, unit.code, command["legal_basis"], now, asked_time)


def hand_over(
    session: Session, who: Principal, row: Rectification, unit: str, basis: str, now: datetime,
    asked_time: datetime | None = None,
) -> Rectification:  # fmt: skip
    """An enforcement whistle for what is left, one task with a part a spot; the street approves it."""
    again = f"第{row.relapses + 1}次" if row.relapses else ""
    whistle = whistles.drafted_for(session, who, {
        "source": {"kind": CaseKind.RECTIFICATION, "id": row.id, "number": row.number},
        "kind": WhistleKind.ENFORCEMENT, "level": WhistleLevel.COMMUNITY, "area_path": row.area_path,
        "recipients": [{"unit": unit, "role": TaskRole.LEAD, "finish_within": None}],
        "asked_action": AskedAction.ENFORCE, "asked_time": asked_time,
        "reason": f"{row.subject}：{len(row.left)}处到期没有改正，{again}移送依法处理。依据：{basis}",
        "parts": [part_name(spot) for spot in row.left],
    }, now)  # fmt: skip
    row.whistles, row.called = [*row.whistles, whistle.number], [*dict.fromkeys([*row.called, unit])]
    row.legal_basis = row.legal_basis or basis
    told = {"unit": unit, "whistle": whistle.number, "left": len(row.left)}
    return LIFE.done(session, who, row, now, say.EnforcementRequested, **told)


def part_name(spot: Spot) -> str:
    """What the squad's task calls it: no place and no name, for its program reads it too."""
    return f"第{spot.no}处：{spot.what}"[:200]


@asked(say.ListOpenNotices)
def list_notices(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """What is still to be put right there."""
    query = select(Rectification).where(Rectification.source_number == command["number"], Rectification.state.in_(OPEN))
    return {"items": list(session.scalars(query.order_by(Rectification.id))), "next_cursor": None}


@standing_of.register
def _stands(row: Rectification) -> Standing:
    return Standing(
        kind=RectificationView.about.kind, state=row.state, number=row.number, due=row.due_at,
        waits=WAITS.get(S(row.state), ()),
        tally={"form": row.form, "level": str(row.level), "first": row.issued_by_id, "source": row.source_number},
    )  # fmt: skip
