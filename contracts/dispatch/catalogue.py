"""Units and duty items 单位与权责清单."""

from contracts.dispatch.base import (
    STAFF,
    DispatchQuestion,
)
from contracts.fields import Code, Flag, Many, Text, some
from contracts.schema import AnswerSchema, Shape
from contracts.shapes import (
    Page,
)
from contracts.tokens import staff_id, unit_code
from kernel import codes
from kernel.rights import services

TAG = "单位与权责"


class ReceiverView(Shape):
    """A receiver 接哨员; `post` is A or B."""

    id = staff_id()
    name = Text(40)
    post = Text(1)
    on_duty = Flag(default=True)


class UnitView(AnswerSchema):
    """A body that can be whistled for, with its office telephone."""

    code = unit_code()
    name = Text(60)
    kind = Code(codes.UnitKind)
    level = Code(codes.AreaLevel, optional=True)
    parent = unit_code(optional=True)
    duty_phone = Text(40, optional=True)
    receivers = some(ReceiverView)


class UnitPage(Page):
    items = some(UnitView, most=1000)


class DutyItemView(AnswerSchema):
    """An item of the duty catalogue 权责清单."""

    code = Text(60)
    duty_list = Code(codes.DutyList)
    category = Text(100)
    item = Text(200)
    sub_item = Text(200, optional=True)
    lead_unit = unit_code(optional=True)
    assist_units = Many(unit_code())
    legal_basis = Text(1000, optional=True)
    terms = Text(1000, optional=True)
    illustrative = Flag(default=False)


class DutyItemPage(Page):
    items = some(DutyItemView, most=1000)


class ListUnits(DispatchQuestion):
    title = "单位列表"
    route = "GET /units"
    by = STAFF | services("portal")
    answer = UnitPage
    kind = Code(codes.UnitKind, optional=True)
    example = {"kind": "STATION"}


class ListDutyItems(DispatchQuestion):
    title = "权责清单"
    route = "GET /duty-items"
    by = STAFF
    answer = DutyItemPage
    duty_list = Code(codes.DutyList, optional=True)
    example = {"duty_list": None}
