"""Before work begins: accept, assign, sign; or answer, divert and decline (北京市接诉即办工作条例 art. 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.intake.triage import (
    AcceptAppeal,
    AnswerAppeal,
    AppealAccepted,
    AppealAnswered,
    AppealDeclined,
    AppealDiverted,
    AppealSigned,
    AssignAppeal,
    DeclineAppeal,
    DivertAppeal,
    SignAppeal,
)
from kernel.codes import AppealState, Nature, ResultKind
from services.intake import appeals, clocks, complaints, facts, posts, resuming
from services.intake.machines import APPEAL
from services.intake.registering import assigned
from services.intake.tables import Appeal

Command = dict[str, Any]


@asked(AcceptAppeal)
def accept_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The unit of the one who accepts leads. Errors: as `Life.begin`; Conflict where the place has no unit."""
    appeal = APPEAL.begin(session, who, AcceptAppeal, command)
    appeal.lead_unit = _unit_of(session, who, appeal)
    accepted = {"lead_unit": appeal.lead_unit, "accepted_by": facts.actor(who)}
    return APPEAL.done(session, who, appeal, now, AppealAccepted, **accepted)


@asked(AssignAppeal)
def assign_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """Names one lead unit and one handler; the appeal's clock does not start anew.

    Who is on leave is not named: the case goes to the one who stands in (岗位AB制).
    Errors: as `Life.begin`; Invalid for a handler who has no post of that unit, is away with nobody standing in, or
    is complained of.
    """
    appeal = APPEAL.begin(session, who, AssignAppeal, command)
    handler_id, unit = str(command["handler_id"]), command["lead_unit"]
    _refuse_complained_of(session, appeal, handler_id, unit, now)
    own = handler_id == who.id and unit in who.units
    name = who.name if own else posts.name_of(session, handler_id, unit, now)
    if name is None:
        raise Invalid.because({"handler_id": ["此人在该单位没有岗位，不能派单给他"]})
    handler_id, name = _there(session, handler_id, name, unit, now)
    appeal.lead_unit, appeal.handler_id, appeal.handler_name = unit, handler_id, name
    appeal.offered_to_id = appeal.offered_to_name = None
    fact, data = assigned(appeal)
    return APPEAL.done(session, who, appeal, now, fact, **data)


@asked(SignAppeal)
def sign_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The handler takes the case by name; while the handler is on leave, the one who stands in does and becomes it.

    Errors: as `Life.begin`.
    """
    appeal = APPEAL.hold(session, command)
    deputy = appeal.handler_id and posts.deputy_of(session, appeal.handler_id, appeal.lead_unit or "", now)
    if deputy and deputy.person_id == who.id and appeal.state == AppealState.ASSIGNED:
        appeal.handler_id, appeal.handler_name = deputy.person_id, deputy.name
    appeal = APPEAL.begin(session, who, SignAppeal, command)
    appeal.signed_at = now
    return APPEAL.done(session, who, appeal, now, AppealSigned, handler=facts.handler(appeal))


@asked(AnswerAppeal)
def answer_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """A question answered on the spot. Errors: as `Life.begin`; Conflict for what is not a question."""
    appeal = APPEAL.begin(session, who, AnswerAppeal, command)
    if appeal.nature not in (Nature.CONSULT, Nature.SUGGESTION, Nature.PRAISE):
        raise Conflict("只有咨询、建议和表扬可以即时答复，其他诉求请办理", nature=appeal.nature)
    appeal.result_kind = ResultKind.EXPLAINED
    appeals.end(session, who, appeal, now, words=command["answer_text"])
    return APPEAL.done(session, who, appeal, now, AppealAnswered)


@asked(DivertAppeal)
def divert_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """Sent another lawful way, which is told to the citizen. Errors: as `Life.begin`."""
    appeal = APPEAL.begin(session, who, DivertAppeal, command)
    reason, way = command["reason_code"], command["where_to_go"]
    appeals.end(session, who, appeal, now, reason_code=reason, where_to_go=way)
    APPEAL.done(session, who, appeal, now, AppealDiverted, reason_code=reason, where_to_go_code=way)
    return resuming.free_merged(session, who, appeal, now)


@asked(DeclineAppeal)
def decline_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """Not accepted, with the legal reason; the complainant may have it reviewed once, within policy key
    intake.ending_objection (domain §3.4). Errors: as `Life.begin`."""
    appeal = APPEAL.begin(session, who, DeclineAppeal, command)
    reason = command["reason_code"]
    appeals.end(session, who, appeal, now, reason_code=reason, words=command["legal_reason"])
    appeal.object_until = until = None if appeal.reviewed_at else clocks.objection_until(now)
    APPEAL.done(session, who, appeal, now, AppealDeclined, reason_code=reason, object_until=until)
    return resuming.free_merged(session, who, appeal, now)


def _there(session: Session, handler_id: str, name: str, unit: str, now: datetime) -> tuple[str, str]:
    """The handler, or who stands in for one on leave. Errors: Invalid."""
    if not posts.is_away(session, handler_id, now):
        return handler_id, name
    deputy = posts.deputy_of(session, handler_id, unit, now)
    if deputy is None:
        raise Invalid.because({"handler_id": [f"{name}正在请假，也没有可以顶岗的人，请派给别人"]})
    return deputy.person_id, deputy.name


def _refuse_complained_of(session: Session, appeal: Appeal, handler_id: str, unit: str, now: datetime) -> None:
    side = {handler_id, unit, *complaints.units_of(session, {handler_id}, now)}
    if side & set(appeal.against):
        raise Invalid.because({"handler_id": ["被投诉的单位和人员不能办理此件"]})


def _unit_of(session: Session, who: Principal, appeal: Appeal) -> str:
    for role in AcceptAppeal.by.roles:
        grant = who.grant_for(role, at=appeal.area_path)
        if grant and grant.unit:
            return grant.unit
    unit = posts.unit_for(session, appeal.area_path)
    if unit is None:
        raise Conflict("该区域还没有设置责任岗位，请联系街道", area_path=appeal.area_path)
    return unit
