"""Terms of keeping 保存期限 (domain §4.8): what notify clears once its term is over, and what it would clear now."""

from contracts.fields import Count, Moment, Text, some
from contracts.notify.base import NotifyCommand
from contracts.schema import AnswerSchema, Shape
from kernel.codes import Role
from kernel.rights import anywhere

TAG = "个人信息"


class DueForClearing(Shape):
    """Rows of one kind that ended before `ended_before` and still hold words."""

    what = Text(60, label="是什么")
    key = Text(60, label="策略键")
    ended_before = Moment(label="在此以前办结的")
    rows = Count(label="几条")


class RetentionView(AnswerSchema):
    items = some(DueForClearing, most=40)


class CheckRetention(NotifyCommand):
    """A dry run: counts what the next run would clear, and clears nothing."""

    keeps_answer = False
    title = "到期清除试算"
    route = "GET /retention"
    by = anywhere(Role.AUDITOR, Role.DISTRICT)
    answer = RetentionView
    example: dict[str, object] = {}
