"""Visit coverage 走访覆盖: a year of visits by community (domain §1.2 row 25)."""

from contracts.fields import Count, Day, Text, some
from contracts.intake.base import IntakeCommand
from contracts.schema import Shape
from contracts.shapes import Page
from contracts.tokens import area
from kernel.codes import Role
from kernel.rights import at

TAG = "走访"


class CoverageRow(Shape):
    """A community's year. `needing` = `appeals` + `proactive`: what somebody asked for, and 未诉先办."""

    area_path = area()
    name = Text(80)
    units = Count(label="单元数")
    visited = Count(label="今年入户")
    needing = Count(label="需要的单元")
    appeals = Count(label="有人反映")
    proactive = Count(label="未诉先办")


class CoveragePage(Page):
    items = some(CoverageRow)


class ListCoverage(IntakeCommand):
    """The communities of a place: units visited in the year of the day, and what the visits found."""

    title = "走访覆盖"
    route = "GET /campaigns/coverage"
    by = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)
    answer = CoveragePage
    area_path = area()
    day = Day(optional=True)
