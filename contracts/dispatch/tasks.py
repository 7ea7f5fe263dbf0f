"""Tasks of a unit 哨令: signed, objected to, reported in, worked on, finished."""

from contracts import samples
from contracts.dispatch.base import OFFICES, RECEIVERS, TASK_READERS, UNIT, AboutCase, DispatchQuestion, about_whistle
from contracts.dispatch.views import TaskPage, TaskView
from contracts.fields import Code, Count, Flag, Id, Many, Moment, One
from contracts.schema import Example, VersionedCommand
from contracts.shapes import (
    ListCommand,
    PersonRef,
    UnitRef,
    evidence_files,
    point,
)
from contracts.tokens import unit_code
from contracts.words import shared_text
from kernel import codes
from kernel.rights import anywhere

TAG = "哨令"


class TaskFact(AboutCase):
    """About one unit's task 哨令."""

    task_id = Id()
    unit = One(UnitRef)


def about_task(**more: object) -> Example:
    return about_whistle(task_id=samples.TASK, unit=samples.JUDICIAL, **more)


class TaskCommand(VersionedCommand):
    """Changes one unit's task."""

    service = "dispatch"
    answer = TaskView
    task_id = Id()


class GetTask(DispatchQuestion):
    title = "查看哨令"
    route = "GET /tasks/<task_id>"
    by = TASK_READERS
    answer = TaskView
    task_id = Id()
    example = {"task_id": samples.TASK}


class ListTasks(ListCommand):
    """A unit's desk, the earliest due first."""

    service = "dispatch"
    title = "哨令列表"
    route = "GET /tasks"
    by = UNIT | anywhere(*OFFICES.roles)
    answer = TaskPage
    unit = unit_code()
    state = Many(Code(codes.TaskState), most=20)
    example = {"cursor": None, "limit": 50, "unit": "lijingjie-sifasuo", "state": ["ASSIGNED"]}


class SignTask(TaskCommand):
    title = "签收"
    main = together = True
    route = "POST /tasks/<task_id>/signature"
    by = RECEIVERS
    example = {"task_id": samples.TASK, "expected_version": 1}


class ReportIn(TaskCommand):
    """`arrived_at` null = now."""

    title = "报到"
    main = True
    route = "POST /tasks/<task_id>/report-in"
    by = RECEIVERS
    mode = Code(codes.ReportInMode, label="怎么到的")
    arrived_at = Moment(optional=True, label="什么时候到的", help="不填就是现在")
    geo = point()
    example = {
        "task_id": samples.TASK,
        "expected_version": 2,
        "mode": "MEETING",
        "arrived_at": samples.MEETING,
        "geo": None,
    }


class ProgressTask(TaskCommand):
    title = "记进展"
    route = "POST /tasks/<task_id>/progress"
    by = RECEIVERS
    note = shared_text(2000, label="进展")
    example = {"task_id": samples.TASK, "expected_version": 3, "note": "已联系双方当事人"}


class FinishTask(TaskCommand):
    """The unit says it is done; the whistler checks."""

    title = "办结"
    main = True
    route = "POST /tasks/<task_id>/completion"
    by = RECEIVERS
    result_text = shared_text(5000, label="办理结果")
    evidence = evidence_files(label="佐证照片或文件")
    example = {
        "task_id": samples.TASK,
        "expected_version": 3,
        "result_text": "已到会释法，双方达成协议",
        "evidence": [samples.PHOTO],
    }


class WhistleTaskAssigned(TaskFact):
    """The unit's clocks start: to sign, to report in, and to finish where the whistle says so.

    `by_link`: the receiver works by the link in a letter, for the unit has no program.
    """

    title = "哨令送达"
    for_staff = "哨令送达{unit}（{role}），{sign_due}前签收，{report_due}前报到[，{finish_due}前办结]。"
    for_resident = None
    kind = Code(codes.WhistleKind)
    role = Code(codes.TaskRole)
    receiver = One(PersonRef, optional=True)
    asked_action = Code(codes.AskedAction)
    asked_time = Moment(optional=True)
    sign_due = Moment()
    report_due = Moment()
    finish_due = Moment(optional=True)
    by_link = Flag(default=False)
    example = about_task(
        kind="APPEAL",
        role="LEAD",
        receiver=samples.RECEIVER,
        asked_action="ATTEND_MEETING",
        asked_time=samples.MEETING,
        sign_due="2024-07-06T05:00:00Z",
        report_due=samples.AFTER,
        finish_due=None,
        by_link=False,
    )


class WhistleTaskSigned(TaskFact):
    title = "哨令签收"
    for_staff = "{unit}{receiver}已签收（{in_time}）。"
    for_resident = "{unit}已经接到通知。"
    receiver = One(PersonRef)
    in_time = Flag()
    example = about_task(receiver=samples.RECEIVER, in_time=True)


class WhistleTaskReportedIn(TaskFact):
    """`arrived_at` counts; `claimed_arrival` is what the unit said where that cannot be believed."""

    title = "报到"
    for_staff = "{unit}{mode}报到，{arrived_at}到（{in_time}）。"
    for_resident = "{unit}的人已经到了。"
    mode = Code(codes.ReportInMode)
    arrived_at = Moment()
    in_time = Flag()
    claimed_arrival = Moment(optional=True)
    example = about_task(mode="MEETING", arrived_at=samples.MEETING, in_time=True, claimed_arrival=None)


class WhistleTaskProgressed(TaskFact):
    title = "进展"
    for_staff = "{unit}记录了进展。"
    for_resident = None
    example = about_task()


class WhistleTaskCompleted(TaskFact):
    """The unit says so; only the whistler's confirmation makes it true (事不完、人不撤)."""

    title = "办结待核"
    for_staff = "{unit}报告已办结[，佐证{evidence_count}件]（{in_time}），等待核实。"
    for_resident = "{unit}说已经办好，社区正在核实。"
    evidence_count = Count()
    in_time = Flag()
    example = about_task(evidence_count=2, in_time=True)


class WhistleTaskOverdue(TaskFact):
    """Raised once for each stage and level. `notify_receiver` is who is told, where that is one person."""

    title = "哨令超时"
    for_staff = "{unit}{stage}超时，应在{due_at}前完成，已提醒{level}[{notify_receiver}]。"
    for_resident = None
    stage = Code(codes.OverdueStage)
    level = Code(codes.EscalationLevel)
    due_at = Moment()
    notify_receiver = One(PersonRef, optional=True)
    by_link = Flag(default=False)
    example = about_task(
        stage="SIGN",
        level="RECEIVER_B",
        due_at="2024-07-06T05:00:00Z",
        notify_receiver=samples.RECEIVER,
        by_link=False,
    )
