"""A whistle that goes on 哨链: the unit that came calls a further body; the lead stays with who was called first."""

from contracts import samples
from contracts.dispatch.base import RECEIVERS
from contracts.dispatch.tasks import TaskCommand, TaskFact, about_task
from contracts.fields import Id
from contracts.tokens import limit_text, unit_code
from contracts.words import shared_text

TAG = "哨令"


class CallFurther(TaskCommand):
    """The further body has a task of its own, with clocks of its own; the caller is not done before it is."""

    title = "再请一个单位"
    route = "POST /tasks/<task_id>/further"
    by = RECEIVERS
    hint = "主办仍是本单位，被请的单位协助。"
    unit = unit_code(label="请哪个单位")
    asked = shared_text(1000, label="请他们做什么")
    finish_within = limit_text(optional=True, label="多久办好", help="例如 5wd（5个工作日）")
    example = {
        "task_id": samples.TASK,
        "expected_version": 3,
        "unit": "huanwei",
        "asked": "补种耐寒绿植",
        "finish_within": "15d",
    }


class WhistleChained(TaskFact):
    title = "再请单位"
    for_staff = "{unit}请{called}协助，主办不变。"
    for_resident = None
    called = unit_code()
    new_task_id = Id()
    example = about_task(called="huanwei", new_task_id=samples.uid(402))
