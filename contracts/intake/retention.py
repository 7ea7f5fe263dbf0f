"""Terms of keeping 保存期限 (domain §4.8): what all stores would clear now, by kind and number."""

from contracts.fields import Code, Flag, some
from contracts.intake.base import IntakeCommand
from contracts.retention import DueForClearing
from contracts.schema import AnswerSchema, Shape
from kernel.codes import Role
from kernel.codes.holdings import Store as StoreCode
from kernel.rights import anywhere

TAG = "个人信息"


class DueOfStore(Shape):
    """`missing`: the store did not answer; ask again later."""

    store = Code(StoreCode, label="在哪里")
    missing = Flag(label="暂时读不到")
    items = some(DueForClearing, most=40, label="到期的")


class RetentionView(AnswerSchema):
    stores = some(DueOfStore, most=10)


class CheckRetention(IntakeCommand):
    """A dry run: counts what the next run would clear, and clears nothing."""

    keeps_answer = False
    title = "到期清除试算"
    route = "GET /retention"
    by = anywhere(Role.AUDITOR, Role.DISTRICT)
    answer = RetentionView
    example: dict[str, object] = {}
