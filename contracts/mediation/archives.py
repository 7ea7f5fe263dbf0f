"""The list of what is archived 归档目录: closed mediations, and until when each is kept."""

from contracts.fields import Code, Count, Flag, Moment, Text, some
from contracts.schema import CommandSchema, Shape
from contracts.shapes import DocumentView, ListCommand, Page
from contracts.tokens import area, case_no
from kernel import codes
from kernel.codes import Role
from kernel.rights import at, everybody

TAG = "调解"


class ArchiveLine(Shape):
    """A closed mediation, without a name. `kept_until`: policy key person.keep_dossier; `is_over` once it is past."""

    number = case_no()
    docket = Text(60, optional=True)
    dispute_type = Code(codes.DisputeType)
    outcome = Text(60)
    closed_at = Moment()
    kept_until = Moment()
    is_over = Flag(default=False)


class ArchivePage(Page):
    items = some(ArchiveLine)


class ListArchive(ListCommand):
    """Of the asker's places, the last closed first; `year` that of the closing, by local days."""

    service = "mediation"
    title = "归档目录"
    route = "GET /mediations/archive"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ArchivePage
    year = Count(2000, 2100, optional=True, label="结案年份")
    example = {"cursor": None, "limit": 50, "year": 2024}


class GetArchive(CommandSchema):
    """One year of a place, in the order of the closing, as the list that lies before the dossiers."""

    keeps_answer = False
    service = "mediation"
    title = "打印归档目录"
    route = "GET /mediations/archive.pdf"
    file = True
    by = at(Role.MEDIATOR, Role.COMMUNITY, Role.STREET)
    answer = DocumentView
    area_path = area(label="地方")
    year = Count(2000, 2100, label="结案年份")
    example = {"area_path": "yinchuan.xingqing.lijingjie.yinhong", "year": 2024}
