"""Objections to a task 派单异议: raised by the unit, decided by the street."""

from contracts import samples
from contracts.dispatch.base import (
    APPROVERS,
    OWN_SIDE,
    RECEIVERS,
)
from contracts.dispatch.tasks import TaskCommand, TaskFact, about_task
from contracts.fields import Code, Flag, Id, One
from contracts.shapes import PersonRef
from contracts.tokens import unit_code
from contracts.words import shared_text
from kernel import codes

TAG = "哨令"


class ObjectTask(TaskCommand):
    """Once a task, with the legal basis quoted."""

    title = "提异议"
    route = "POST /tasks/<task_id>/objection"
    by = RECEIVERS
    hint = "每件哨令只能提一次。"
    reason_code = Code(codes.ObjectionReason, label="理由")
    legal_basis = shared_text(1000, label="法定依据")
    proposed_unit = unit_code(optional=True, label="建议单位")
    example = {
        "task_id": samples.TASK,
        "expected_version": 1,
        "reason_code": "NOT_OUR_DUTY",
        "legal_basis": "灯杆产权属物业企业，见《物业管理条例》第五十一条",
        "proposed_unit": "lijingjie-chengguan",
    }


class DecideObjection(TaskCommand):
    """UPHELD with `new_unit` makes a new task there; REJECTED leaves it where it is."""

    title = "裁定异议"
    main = True
    route = "POST /tasks/<task_id>/objection-decision"
    by = APPROVERS.but(OWN_SIDE)
    hint = "异议成立且给出新单位的，改派并重新计时。"
    decision = Code(codes.ObjectionDecision, label="裁定")
    new_unit = unit_code(optional=True, label="改派单位", help="异议成立而没有建议单位时必填")
    reason = shared_text(1000, label="理由")
    example = {
        "task_id": samples.TASK,
        "expected_version": 2,
        "decision": "UPHELD",
        "new_unit": "lijingjie-chengguan",
        "reason": "产权资料已核实",
    }


class WhistleTaskObjected(TaskFact):
    """With danger about, `work_continues` until the street has decided."""

    title = "提出异议"
    for_staff = "{unit}提出异议：{reason_code}[，建议改派{proposed_unit}][，{work_continues}]。"
    for_resident = None
    reason_code = Code(codes.ObjectionReason)
    proposed_unit = unit_code(optional=True)
    work_continues = Flag()
    example = about_task(reason_code="NOT_OUR_DUTY", proposed_unit="lijingjie-chengguan", work_continues=False)


class WhistleTaskObjectionDecided(TaskFact):
    """Upheld: another unit has a new task with clocks of its own.

    `written_to`: the receiver who hears of it by letter, for the unit has no program.
    """

    title = "异议裁定"
    for_staff = "{unit}的{decision}[，改派{new_unit}]。"
    for_resident = None
    decision = Code(codes.ObjectionDecision)
    new_task_id = Id(optional=True)
    new_unit = unit_code(optional=True)
    written_to = One(PersonRef, optional=True)
    example = about_task(
        decision="UPHELD", new_task_id=samples.uid(402), new_unit="lijingjie-chengguan", written_to=None
    )
