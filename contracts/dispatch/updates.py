"""What a department was told, to be asked for again."""

from contracts import departments, envelope
from contracts.dispatch.base import UNIT
from contracts.fields import Count, Facts, some
from contracts.schema import AnswerSchema, CommandSchema, Shape
from contracts.tokens import unit_code

TAG = "哨令"


class DepartmentUpdate(Shape):
    """One message as it lies on the department's queue: a CloudEvents envelope of contracts/asyncapi.yaml."""

    position = Count(1)
    message = Facts()
    example = {"position": 1, "message": envelope.example(departments.WhistleTask)}


class DepartmentUpdatePage(AnswerSchema):
    """`next_since` is what to ask with next; the same as asked where there was nothing new."""

    items = some(DepartmentUpdate)
    next_since = Count()


class ListDepartmentUpdates(CommandSchema):
    """Messages to a unit after position `since`, the oldest first. Positions count from 1 without gaps."""

    service = "dispatch"
    title = "查询发给本单位的消息"
    route = "GET /units/<unit>/updates"
    by = UNIT
    hint = "送给该单位的消息，按位置先后；用于没有收到推送时补取。"
    answer = DepartmentUpdatePage
    unit = unit_code()
    since = Count(default=0)
    limit = Count(1, 200, default=50)
    example = {"unit": "lijingjie-sifasuo", "since": 0, "limit": 50}
