"""What a department does with its task, and the decision on its objection."""

from contracts import samples
from contracts.fields import Code, Id, Moment, unit_code
from contracts.schema import VersionedCommand
from contracts.shapes import evidence_files, point
from contracts.views.dispatch import TaskView
from contracts.words import shared_text
from kernel import codes


class TaskCommand(VersionedCommand):
    """Changes one unit's task."""

    service = "dispatch"
    answer = TaskView
    task_id = Id()


class SignTask(TaskCommand):
    title = "签收哨令"
    example = {"task_id": samples.TASK, "expected_version": 1}


class ObjectTask(TaskCommand):
    """Once a task, with the legal basis quoted."""

    title = "提出派单异议"
    reason_code = Code(codes.ObjectionReason)
    legal_basis = shared_text(1000)
    proposed_unit = unit_code(optional=True)
    example = {
        "task_id": samples.TASK,
        "expected_version": 1,
        "reason_code": "NOT_OUR_DUTY",
        "legal_basis": "灯杆产权属物业企业，见《物业管理条例》第五十一条",
        "proposed_unit": "lijingjie-chengguan",
    }


class DecideObjection(TaskCommand):
    """UPHELD with `new_unit` makes a new task there; REJECTED leaves it where it is."""

    title = "裁定派单异议"
    decision = Code(codes.ObjectionDecision)
    new_unit = unit_code(optional=True)
    reason = shared_text(1000)
    example = {
        "task_id": samples.TASK,
        "expected_version": 2,
        "decision": "UPHELD",
        "new_unit": "lijingjie-chengguan",
        "reason": "产权资料已核实",
    }


class ReportIn(TaskCommand):
    """`arrived_at` null = now."""

    title = "报到"
    mode = Code(codes.ReportInMode)
    arrived_at = Moment(optional=True)
    geo = point()
    example = {
        "task_id": samples.TASK,
        "expected_version": 2,
        "mode": "MEETING",
        "arrived_at": samples.MEETING,
        "geo": None,
    }


class ProgressTask(TaskCommand):
    title = "记录进展"
    note = shared_text(2000)
    example = {"task_id": samples.TASK, "expected_version": 3, "note": "已联系双方当事人"}


class FinishTask(TaskCommand):
    """The unit says it is done; the whistler checks."""

    title = "办结哨令"
    result_text = shared_text(5000)
    evidence = evidence_files()
    example = {
        "task_id": samples.TASK,
        "expected_version": 3,
        "result_text": "已到会释法，双方达成协议",
        "evidence": [samples.PHOTO],
    }
