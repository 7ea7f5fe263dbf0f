"""Terms of keeping 保存期限 (domain §4.8): what a store would clear now. A dry run clears nothing."""

from contracts.fields import Count, Moment, Text, some
from contracts.schema import AnswerSchema, CommandSchema, Shape
from kernel.rights import services


class DueForClearing(Shape):
    """Rows of one kind that ended before `ended_before` and still hold words; without it they are kept for ever."""

    what = Text(60, label="是什么")
    key = Text(60, label="策略键")
    ended_before = Moment(label="在此以前办结的", optional=True)
    rows = Count(label="几条")


class DueInStore(AnswerSchema):
    items = some(DueForClearing, most=40)


class CountDueCommand(CommandSchema):
    """For intake alone, which asks all stores for whoever may see the whole."""

    answer = DueInStore
    keeps_answer = False
    by = services("intake").said("诉求受理服务")
    example: dict[str, object] = {}
