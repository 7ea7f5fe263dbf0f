"""Parts of a task 逐处销号: ticked off one by one, so that 还差几处 is known at any time."""

from contracts import samples
from contracts.dispatch.base import RECEIVERS
from contracts.dispatch.tasks import TaskCommand, TaskFact, about_task
from contracts.fields import Count, Many
from contracts.shapes import evidence_files

TAG = "哨令"


class TickParts(TaskCommand):
    """Each part once; a task is finished only with all of them."""

    title = "逐处销号"
    main = True
    route = "POST /tasks/<task_id>/parts"
    by = RECEIVERS
    parts = Many(Count(1), least=1, most=500, lacking="请选办好了哪几处", label="办好了哪几处")
    photos = evidence_files(label="办好以后的照片")
    example = {"task_id": samples.TASK, "expected_version": 3, "parts": [1], "photos": [samples.PHOTO]}


class WhistleTaskPartsDone(TaskFact):
    title = "逐处销号"
    for_staff = "{unit}办好{count}处，共{done}/{parts}处。"
    for_resident = None
    count, done, parts = Count(1), Count(1), Count(1)
    example = about_task(count=1, done=13, parts=67)
