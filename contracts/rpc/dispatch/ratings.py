"""The whistler's word on a finished task 核实与满意度赋分."""

from contracts import samples
from contracts.fields import Code, Count
from contracts.rpc.dispatch.tasks import TaskCommand
from contracts.words import shared_text
from kernel import codes


class ConfirmTask(TaskCommand):
    title = "核实办结"
    example = {"task_id": samples.TASK, "expected_version": 4}


class RejectTask(TaskCommand):
    title = "核实不通过"
    reason_code = Code(codes.RejectReason)
    reason = shared_text(1000)
    example = {
        "task_id": samples.TASK,
        "expected_version": 4,
        "reason_code": "EVIDENCE_MISSING",
        "reason": "缺少完工照片",
    }


class RateTask(TaskCommand):
    """Points of policy key dispatch.rating: 20, 20, 40, 20. Nobody rates the own work."""

    title = "满意度赋分"
    timeliness = Count(0, 20)
    attendance = Count(0, 20)
    effect = Count(0, 40)
    cooperation = Count(0, 20)
    comment = shared_text(1000, optional=True)
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
    reason_code = Code(codes.WaiveReason)
    reason = shared_text(1000)
    example = {
        "task_id": samples.TASK,
        "expected_version": 5,
        "reason_code": "CONFLICT",
        "reason": "赋分人与接哨员有亲属关系",
    }
