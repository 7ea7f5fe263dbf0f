"""Exports 工单导出: the appeals of a place in the layout of 12345 work orders, masked; each leaves an audit row."""

from contracts.fields import Count, Day, Many, Text, some
from contracts.intake.base import IntakeCommand
from contracts.schema import Shape
from contracts.shapes import ListCommand, Page
from contracts.tokens import area
from kernel.codes import Role
from kernel.rights import at

TAG = "工单导入"


class OrderRow(Shape):
    """Its cells, in the order of the columns."""

    cells = Many(Text(6000, shortest=0), most=40)


class OrderPage(Page):
    columns = Many(Text(20), most=40)
    items = some(OrderRow, most=1000)


class ListOrders(ListCommand, IntakeCommand):
    """The oldest first. `since` and `until`: days of registration, both inclusive."""

    title = "导出工单"
    route = "GET /orders"
    by = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)
    keeps_answer = False
    answer = OrderPage
    limit = Count(1, 1000, default=500)
    area_path = area(label="哪里的工单")
    since, until = Day(optional=True, label="从哪天"), Day(optional=True, label="到哪天")
