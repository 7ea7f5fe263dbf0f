"""Looking up whistles, tasks, units and duties."""

from contracts import samples
from contracts.fields import Code, Id, Many, case_no, unit_code
from contracts.rpc.paging import ListCommand
from contracts.schema import CommandSchema
from contracts.views.dispatch import DutyItemPage, TaskPage, TaskView, UnitPage, WhistlePage, WhistleView
from kernel import codes


class DispatchQuestion(CommandSchema):
    service = "dispatch"


class GetWhistle(DispatchQuestion):
    """By the whistle's own number."""

    title = "查看哨单"
    answer = WhistleView
    number = case_no()
    example = {"number": samples.WHISTLE_NO}


class ListWhistles(ListCommand):
    """All whistles blown for one case or hazard, the newest first: repeated ones on one matter are seen together."""

    service = "dispatch"
    title = "同一事项的哨单"
    answer = WhistlePage
    source_id = Id()
    example = {"cursor": None, "limit": 50, "source_id": samples.APPEAL}


class GetTask(DispatchQuestion):
    title = "查看哨令"
    answer = TaskView
    task_id = Id()
    example = {"task_id": samples.TASK}


class ListTasks(ListCommand):
    """A unit's desk, the earliest due first."""

    service = "dispatch"
    title = "哨令列表"
    answer = TaskPage
    unit = unit_code()
    state = Many(Code(codes.TaskState), most=20)
    example = {"cursor": None, "limit": 50, "unit": "lijingjie-sifasuo", "state": ["ASSIGNED"]}


class ListUnits(DispatchQuestion):
    title = "单位列表"
    answer = UnitPage
    kind = Code(codes.UnitKind, optional=True)
    example = {"kind": "STATION"}


class ListDutyItems(DispatchQuestion):
    title = "权责清单"
    answer = DutyItemPage
    duty_list = Code(codes.DutyList, optional=True)
    example = {"duty_list": None}
