"""Before work begins: accept, assign, sign; or answer, divert and decline (北京市接诉即办工作条例 art. 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.store import expect
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
from kernel.codes import Nature, ResultKind
from services.intake import access, appeals, clocks, complaints, facts, posts, resuming, views
from services.intake.machines import APPEAL
from services.intake.registering import assigned
from services.intake.tables import Appeal

Command = dict[str, Any]
View = dict[str, Any]


@asked(AcceptAppeal)
def accept_appeal(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """The unit of the one who accepts leads. Errors: as `appeals.begin`; Conflict where the place has no unit."""
    appeal = appeals.begin(session, who, "accept_appeal", command)
    appeal.lead_unit = _unit_of(session, who, appeal)
    APPEAL.move(appeal, "accept_appeal")
    accepted = {"lead_unit": appeal.lead_unit, "accepted_by": facts.actor(who)}
    facts.tell(session, AppealAccepted, appeal, who, now, **accepted)
    return views.full(appeal, who, now)


@asked(AssignAppeal)
def assign_appeal(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Names one lead unit and one handler; the appeal's clock does not start anew.

    Who is on leave is not named: the case goes to the one who stands in (岗位AB制).
    Errors: as `appeals.begin`; Invalid for a handler who has no post of that unit, is away with nobody standing in, or
    is complained of.
    """
    appeal = appeals.begin(session, who, "assign_appeal", command)
    handler_id, unit = str(command["handler_id"]), command["lead_unit"]
    _refuse_complained_of(session, appeal, handler_id, unit, now)
    own = handler_id == who.id and unit in who.units
    name = who.name if own else posts.name_of(session, handler_id, unit, now)
    if name is None:
        raise Invalid.because({"handler_id": ["此人在该单位没有岗位，不能派单给他"]})
    handler_id, name = _there(session, handler_id, name, unit, now)
    appeal.lead_unit, appeal.handler_id, appeal.handler_name = unit, handler_id, name
    APPEAL.move(appeal, "assign_appeal")
    facts.tell_all(session, appeal, who, now, [assigned(appeal)])
    return views.full(appeal, who, now)


@asked(SignAppeal)
def sign_appeal(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """The handler takes the case by name; while the handler is on leave, the one who stands in does and becomes it.

    Errors: as `appeals.begin`.
    """
    appeal = appeals.take(session, command["number"])
    deputy = appeal.handler_id and posts.deputy_of(session, appeal.handler_id, appeal.lead_unit or "", now)
    if deputy and deputy.person_id == who.id:
        APPEAL.check(appeal, "sign_appeal")
        appeal.handler_id, appeal.handler_name = deputy.person_id, deputy.name
    access.require(who, "sign_appeal", appeal)
    expect(appeal, command.get("expected_version"))
    APPEAL.move(appeal, "sign_appeal")
    appeal.signed_at = now
    facts.tell(session, AppealSigned, appeal, who, now, handler=facts.handler(appeal))
    return views.full(appeal, who, now)


@asked(AnswerAppeal)
def answer_appeal(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """A question answered on the spot. Errors: as `appeals.begin`; Conflict for what is not a question."""
    appeal = appeals.begin(session, who, "answer_appeal", command)
    if appeal.nature not in (Nature.CONSULT, Nature.SUGGESTION, Nature.PRAISE):
        raise Conflict("只有咨询、建议和表扬可以即时答复，其他诉求请办理", nature=appeal.nature)
    appeal.result_kind = ResultKind.EXPLAINED
    APPEAL.move(appeal, "answer_appeal")
    appeals.end(session, appeal, who, now, words=command["answer_text"])
    clocks.stop(session, appeal, now)
    facts.tell(session, AppealAnswered, appeal, who, now)
    return views.full(appeal, who, now)


@asked(DivertAppeal)
def divert_appeal(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Sent another lawful way, which is told to the citizen. Errors: as `appeals.begin`."""
    appeal = appeals.begin(session, who, "divert_appeal", command)
    APPEAL.move(appeal, "divert_appeal")
    reason, way = command["reason_code"], command["where_to_go"]
    appeals.end(session, appeal, who, now, reason_code=reason, where_to_go=way)
    clocks.stop(session, appeal, now)
    facts.tell(session, AppealDiverted, appeal, who, now, reason_code=reason, where_to_go_code=way)
    resuming.free_merged(session, who, appeal, now)
    return views.full(appeal, who, now)


@asked(DeclineAppeal)
def decline_appeal(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Not accepted, with the legal reason; the complainant may have it reviewed once, within policy key
    intake.ending_objection (domain §3.4). Errors: as `appeals.begin`."""
    appeal = appeals.begin(session, who, "decline_appeal", command)
    APPEAL.move(appeal, "decline_appeal")
    reason = command["reason_code"]
    appeals.end(session, appeal, who, now, reason_code=reason, words=command["legal_reason"])
    clocks.stop(session, appeal, now)
    appeal.object_until = None if appeal.reviewed_at else clocks.objection_until(now)
    told = {"reason_code": reason, "object_until": appeal.object_until}
    facts.tell(session, AppealDeclined, appeal, who, now, **told)
    resuming.free_merged(session, who, appeal, now)
    return views.full(appeal, who, now)


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
    for role in access.ROLES_FOR["accept_appeal"]:
        grant = who.grant_for(role, at=appeal.area_path)
        if grant and grant.unit:
            return grant.unit
    unit = posts.unit_for(session, appeal.area_path)
    if unit is None:
        raise Conflict("该区域还没有设置责任岗位，请联系街道", area_path=appeal.area_path)
    return unit
