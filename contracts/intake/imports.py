"""Imports 工单导入: orders of the 12345 hotline from a spreadsheet, looked through before any becomes an appeal."""

from typing import Any

from contracts.fields import Code, Count, Many, One, Text, some
from contracts.intake.base import IntakeCommand, IntakeEvent
from contracts.matters import Matter
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import FileContent, area, case_no, category_code
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anywhere, at, everybody, own

TAG = "工单导入"
MOST_ROWS = 100_000
PREVIEWED = 200


class ImportState(Codes):
    UPLOADED = "UPLOADED", "检查中"
    CHECKED = "CHECKED", "待导入"
    IMPORTING = "IMPORTING", "导入中"
    DONE = "DONE", "已导入"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class RowState(Codes):
    GOOD = "GOOD", "可以导入"
    BAD = "BAD", "有错"
    KNOWN = "KNOWN", "以前已登记"
    IMPORTED = "IMPORTED", "已导入"


class Encoding(Codes):
    """Of a .csv file."""

    GB18030 = "GB18030", "GB18030（GBK）"
    UTF8 = "UTF8", "UTF-8"


UPLOADER = own("uploader_id", words="上传人")
IMPORTERS = at(Role.STREET, Role.DISTRICT)
READERS = at(Role.STREET, Role.DISTRICT, Role.AUDITOR) | UPLOADER


class Reason(Shape):
    """What is wrong in one column of a row; never what stands there."""

    column = Text(20)
    words = Text(200)


class ImportRow(Shape):
    """`line`: in the file, from 1. `number`: of the appeal it became or was already."""

    line = Count(1)
    outside_number = Text(40, optional=True)
    state = Code(RowState)
    reasons = some(Reason)
    number = case_no(optional=True)


class ImportView(AggregateView):
    about = Matter("IMPORT", "工单导入", ImportState, {"CHECKED": "待确认导入"}, headline="{file_name}")
    state = Code(ImportState, label="进展")
    file_name = Text(200, label="文件")
    uploader = One(PersonRef, label="上传人")
    rows = Count(label="工单数")
    good = Count(label="还可导入")
    bad = Count(label="有错")
    already = Count(label="以前已登记")
    imported = Count(label="本次已导入")
    bad_rows = some(ImportRow, most=PREVIEWED)
    """The first of them; all are listed by `list_import_rows`."""


class ImportPage(Page):
    items = some(ImportView)


class ImportRowPage(Page):
    items = some(ImportRow)


class ImportCommand(VersionedCommand, IntakeCommand):
    answer = ImportView
    number = case_no()


class UploadImport(IntakeCommand):
    """Reads the file, and writes nothing but what was found in it: no appeal, no person."""

    title = "导入12345工单"
    route = "POST /imports"
    by = anywhere(Role.STREET, Role.DISTRICT)
    hint = "先检查每一行，确认后才登记。"
    location = "/api/imports/{number}"
    answer = ImportView
    file_name = Text(200, optional=True)
    content: Any = FileContent(
        label="工单表格", help="12345导出的 xlsx、xls 或 csv，不超过 11 MB", types=(".xlsx", ".xls", ".csv")
    )
    area_path = area(label="哪里的工单", help="不在这里的工单不导入")
    encoding = Code(Encoding, optional=True, label="csv 的编码", help="一般不用选，看不出来时再选")
    category = category_code(optional=True, label="对不上分类的归入", help="不选，对不上的行就不导入")


class StartImport(ImportCommand):
    """Every good row becomes an appeal, as if the hotline had told it by telephone."""

    title = "确认导入"
    main = True
    route = "POST /imports/<number>/start"
    by = IMPORTERS


class WithdrawImport(ImportCommand):
    title = "撤回导入"
    route = "POST /imports/<number>/withdrawal"
    by = UPLOADER | IMPORTERS


class GetImport(IntakeCommand):
    title = "查看工单导入"
    route = "GET /imports/<number>"
    by = READERS
    answer = ImportView
    number = case_no()


class ListImports(ListCommand, IntakeCommand):
    title = "工单导入"
    route = "GET /imports"
    page = "imports"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ImportPage
    state = Many(Code(ImportState), most=20, label="进展")
    numbers = Many(case_no(), most=200)


class ListImportRows(ListCommand, IntakeCommand):
    """In the order of the file."""

    title = "导入的每一行"
    route = "GET /imports/<number>/rows"
    by = READERS
    answer = ImportRowPage
    number = case_no()
    state = Many(Code(RowState), most=20)


class ImportFact(IntakeEvent):
    number = case_no()


class ImportUploaded(ImportFact):
    title = "上传工单"
    for_staff, for_resident = "上传了12345工单表格，共{rows}行。", None
    rows = Count()


class ImportChecked(ImportFact):
    title = "检查完毕"
    for_staff, for_resident = "可以导入{good}行，有错{bad}行，以前已登记{already}行。", None
    good, bad, already = Count(), Count(), Count()


class ImportStarted(ImportFact):
    title = "开始导入"
    for_staff, for_resident = "确认导入，共{good}行。", None
    good = Count()


class ImportDone(ImportFact):
    title = "导入完毕"
    for_staff, for_resident = "导入了{imported}行。", None
    imported = Count()


class ImportWithdrawn(ImportFact):
    title = "撤回导入"
    for_staff, for_resident = "撤回，没有登记任何工单。", None
