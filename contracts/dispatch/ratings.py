"""Confirming and rating a finished task 核实赋分."""

from contracts import samples
from contracts.dispatch.base import APPROVERS, ESCALATED, OWN_SIDE, UNATTENDED, WHISTLE_SIDE
from contracts.dispatch.tasks import TaskCommand, TaskFact, about_task
from contracts.fields import Code, Count, One
from contracts.shapes import PersonRef
from contracts.words import shared_text
from kernel import codes
from kernel.codes import Role
from kernel.rights import at

TAG = "哨令"


class ConfirmTask(TaskCommand):
    title = "核实办结"
    main = True
    route = "POST /tasks/<task_id>/confirmation"
    by = WHISTLE_SIDE.unless(ESCALATED, at(Role.DISTRICT)).but(OWN_SIDE)
    example = {"task_id": samples.TASK, "expected_version": 4}


class RejectTask(TaskCommand):
    title = "核实不通过"
    route = "POST /tasks/<task_id>/rejection"
    by = WHISTLE_SIDE.unless(ESCALATED, at(Role.DISTRICT)).but(OWN_SIDE)
    reason_code = Code(codes.RejectReason, label="原因")
    reason = shared_text(1000, label="还差什么")
    example = {
        "task_id": samples.TASK,
        "expected_version": 4,
        "reason_code": "EVIDENCE_MISSING",
        "reason": "缺少完工照片",
    }


class RateTask(TaskCommand):
    """Points of policy key dispatch.rating: 20, 20, 40, 20. Nobody rates the own work."""

    title = "赋分"
    main = True
    route = "POST /tasks/<task_id>/rating"
    by = WHISTLE_SIDE.but(OWN_SIDE)
    hint = "及时 20、到位 20、效果 40、配合 20。"
    timeliness = Count(0, 20, label="及时（0–20）")
    attendance = Count(0, 20, label="到位（0–20）")
    effect = Count(0, 40, label="效果（0–40）")
    cooperation = Count(0, 20, label="配合（0–20）")
    comment = shared_text(1000, optional=True, label="评语")
    example = {
        "task_id": samples.TASK,
        "expected_version": 5,
        "timeliness": 20,
        "attendance": 20,
        "effect": 36,
        "cooperation": 18,
        "comment": "讲解清楚",
    }


class WaiveRating(TaskCommand):
    title = "免予赋分"
    route = "POST /tasks/<task_id>/rating-waiver"
    by = WHISTLE_SIDE.unless(UNATTENDED, APPROVERS).but(OWN_SIDE)
    reason_code = Code(codes.WaiveReason, label="原因")
    reason = shared_text(1000, label="说明")
    example = {
        "task_id": samples.TASK,
        "expected_version": 5,
        "reason_code": "CONFLICT",
        "reason": "赋分人与接哨员有亲属关系",
    }


class WhistleTaskRejected(TaskFact):
    """`times` counts the rejections of this task, this one included.

    `written_to`: the receiver who hears of it by letter, for the unit has no program.
    """

    title = "核实未通过"
    for_staff = "第{times}次核实未通过，原因：{reason_code}，退回{unit}继续办。"
    for_resident = "社区看过还没有办好，{unit}继续办。"
    times = Count(1)
    reason_code = Code(codes.RejectReason)
    written_to = One(PersonRef, optional=True)
    example = about_task(times=1, reason_code="EVIDENCE_MISSING", written_to=None)


class WhistleTaskConfirmed(TaskFact):
    title = "核实办结"
    for_staff = "{confirmed_by}核实，{unit}确已办结。"
    for_resident = "社区核实过，{unit}确实办好了。"
    confirmed_by = One(PersonRef)
    example = about_task(confirmed_by=samples.LI_SHAN)


class WhistleTaskRated(TaskFact):
    """满意度赋分: 20 + 20 + 40 + 20 points by default (policy key dispatch.rating).

    `written_to`: the receiver who hears of it by letter, for the unit has no program.
    """

    title = "赋分"
    for_staff = "{rater}给{unit}赋{total}分：及时{timeliness}、到位{attendance}、效果{effect}、配合{cooperation}。"
    for_resident = None
    total = Count(0, 100)
    timeliness = Count(0, 100)
    attendance = Count(0, 100)
    effect = Count(0, 100)
    cooperation = Count(0, 100)
    rater = One(PersonRef)
    written_to = One(PersonRef, optional=True)
    example = about_task(
        total=94, timeliness=20, attendance=20, effect=36, cooperation=18, rater=samples.LI_SHAN, written_to=None
    )


class WhistleTaskRatingWaived(TaskFact):
    title = "免予赋分"
    for_staff = "{unit}免予赋分，原因：{reason_code}（{waived_by}）。"
    for_resident = None
    reason_code = Code(codes.WaiveReason)
    waived_by = One(PersonRef)
    example = about_task(reason_code="CONFLICT", waived_by=samples.STREET_OFFICER)
