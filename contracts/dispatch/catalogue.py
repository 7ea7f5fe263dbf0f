"""Units and duty items 单位与权责清单."""

from contracts.dispatch.base import (
    STAFF,
    DispatchQuestion,
)
from contracts.fields import Code, Count, Day, Flag, Many, Moment, Text, some
from contracts.schema import AnswerSchema, Example, Shape
from contracts.shapes import (
    Page,
)
from contracts.tokens import FileContent, staff_id, unit_code
from kernel import codes
from kernel.codes import Role
from kernel.rights import anywhere, services

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


class DutyCatalogueView(AnswerSchema):
    """One version, with how many lines each of its lists has."""

    version = Text(60)
    label = Text(60, optional=True)
    valid_from = Day()
    valid_to = Day(optional=True)
    imported_at = Moment()
    self_governed, admitted, cancelled, department = Count(), Count(), Count(), Count()


class DutyCataloguePage(Page):
    items = some(DutyCatalogueView, most=1000)


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
    version = Text(60, optional=True)
    example = {"duty_list": None, "version": None}


class ImportDutyCatalogue(DispatchQuestion):
    """One version, whole or not at all: totals that do not agree with the lines are refused with a report by line.

    It holds from its `valid_from`, instead of the version before. The same text again changes nothing.
    """

    title = "导入权责清单"
    route = "POST /duty-catalogues"
    by = anywhere(Role.DISTRICT)
    hint = "清单写明各类总数；总数与条目不符的，整份不予导入，并按行列出问题。"
    answer = DutyCatalogueView
    content = FileContent(types=(".yaml", ".yml"), label="清单文件")
    example = {"content": "dmVyc2lvbjogMjAyNS4xCg=="}


class ListDutyCatalogues(DispatchQuestion):
    """All versions, the newest first."""

    title = "权责清单的版本"
    route = "GET /duty-catalogues"
    by = STAFF
    answer = DutyCataloguePage
    example: Example = {}
