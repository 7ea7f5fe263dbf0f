"""Covenants 居民公约、村规民约: versions adopted by a council, compared side by side, filed with the street."""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.mediation.topics import INSIDERS, NEIGHBOURS
from contracts.schema import AnswerSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page
from contracts.tokens import area, case_no
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody

TAG = "居民公约"


class CovenantState(Codes):
    DRAFTING = "DRAFTING", "修订中"
    ADOPTED = "ADOPTED", "已通过，待备案"
    FILED = "FILED", "已备案"


class CovenantKind(Codes):
    RESIDENTS = "RESIDENTS", "居民公约"
    VILLAGE = "VILLAGE", "村规民约"


class LineChange(Codes):
    SAME = "SAME", "没有改"
    CHANGED = "CHANGED", "改了"
    ADDED = "ADDED", "新增"
    REMOVED = "REMOVED", "删去"


WRITERS = at(Role.COMMUNITY)
READERS = INSIDERS | NEIGHBOURS


class VersionView(Shape):
    """One version that a council adopted."""

    no = Count(1, label="第几版")
    text = Text(20000, label="全文")
    council_number = case_no(label="哪次会通过")
    adopted_at = Moment(label="通过")
    filed_at = Moment(label="备案", optional=True)


class CovenantOnBoard(Shape):
    about = Matter(
        "COVENANT", "居民公约", CovenantState, {"DRAFTING": "修订中的公约", "ADOPTED": "待备案的公约"},
        headline="{kind}：{title}",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(CovenantState, label="进展")
    kind = Code(CovenantKind, label="哪一种")
    title = Text(60, label="名称")
    versions = some(VersionView, label="各版")


class CovenantView(AggregateView, CovenantOnBoard):
    draft = Text(20000, label="修订稿", optional=True)


class CovenantPage(Page):
    items = some(CovenantView)


class CovenantBoard(Page):
    items = some(CovenantOnBoard)


class CovenantCommand(VersionedCommand, MediationCommand):
    answer = CovenantView
    number = case_no()


class DraftCovenant(MediationCommand):
    title = "起草公约"
    route = "POST /covenants"
    by = WRITERS
    location = "/api/covenants/{number}"
    answer = CovenantView
    kind = Code(CovenantKind, label="哪一种", default=CovenantKind.RESIDENTS)
    title_text = shared_text(60, label="名称")
    area_path = area(label="哪个范围")
    draft = shared_text(20000, label="全文", help="一条一行，不写姓名、门牌和电话")


class ReviseCovenant(CovenantCommand):
    """The version in force stays so until a council adopts the next."""

    title = "修订"
    route = "POST /covenants/<number>/draft"
    by = WRITERS
    draft = shared_text(20000, label="全文", help="一条一行，不写姓名、门牌和电话")


class AdoptCovenant(CovenantCommand):
    """By the resolution of a council of the place."""

    title = "登记通过"
    main = True
    route = "POST /covenants/<number>/adoption"
    by = WRITERS
    council_number = case_no(label="哪次会通过")


class FileCovenant(CovenantCommand):
    title = "备案"
    main = True
    route = "POST /covenants/<number>/filing"
    by = at(Role.STREET)


class GetCovenant(MediationCommand):
    title = "查看公约"
    route = "GET /covenants/<number>"
    by = READERS
    answer = CovenantView
    number = case_no()


class ListCovenants(ListCommand, MediationCommand):
    title = "公约"
    route = "GET /covenants"
    page = "covenants"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CovenantPage
    state = Many(Code(CovenantState), most=10, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ListCovenantBoard(ListCommand, MediationCommand):
    """Of a place: what was adopted, version by version."""

    title = "公约公开栏"
    route = "GET /covenants/board"
    page = "covenant-board"
    by = anybody()
    public = True
    answer = CovenantBoard
    area_path = area()


class LineView(Shape):
    """A line of one version beside that of the other."""

    change = Code(LineChange, label="改动")
    old = Text(20000, label="原来", optional=True)
    new = Text(20000, label="现在", optional=True)


class VersionLine(Shape):
    no = Count(1, label="第几版")
    adopted_at = Moment(label="通过")
    filed_at = Moment(label="备案", optional=True)


class CovenantComparison(AnswerSchema):
    number = case_no()
    kind = Code(CovenantKind, label="哪一种")
    title = Text(60, label="名称")
    area_path = area()
    versions = some(VersionLine, most=1000, label="各版")
    old = Count(1, label="原来第几版")
    new = Count(1, label="现在第几版")
    lines = some(LineView, most=40000, label="逐条对照")


class CompareCovenant(MediationCommand):
    """Two versions that were adopted, line by line; where none is named, the newest beside the one before it."""

    keeps_answer = False
    title = "公约逐条对照"
    route = "GET /covenants/<number>/comparison"
    by = anybody()
    public = True
    answer = CovenantComparison
    number = case_no()
    old = Count(1, label="原来第几版", optional=True)
    new = Count(1, label="现在第几版", optional=True)


class CovenantDrafted(NumberedFact):
    title = "起草"
    for_staff = for_resident = "起草公约，要由议事会通过。"


class CovenantRevised(NumberedFact):
    title = "修订"
    for_staff = for_resident = "公约有修订稿，要由议事会通过。"


class CovenantAdopted(NumberedFact):
    title = "通过"
    for_staff = for_resident = "议事会{council_number}通过第{version_no}版。"
    version_no, council_number = Count(1), case_no()


class CovenantFiled(NumberedFact):
    title = "备案"
    for_staff = for_resident = "第{version_no}版在街道备案。"
    version_no = Count(1)
