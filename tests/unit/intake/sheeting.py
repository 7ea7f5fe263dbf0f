"""Files of 12345 orders as programs write them, and one import at a time."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy import select

from chassis.identity import Grant, Principal
from contracts import registry
from services.intake import imports
from services.intake.orders.layout import COLUMNS
from services.intake.service import IntakeService
from services.intake.tables import Appeal
from tests.unit.intake.world import INTAKE, LIU, NOW, STREET

HEADING = list(COLUMNS)
CLERK = LIU
DISTRICT_CLERK = Principal("u-district", "区指挥中心", (Grant("DISTRICT", "yinchuan.xingqing"),))
STRANGER = Principal("u-far", "别处街道", (Grant("STREET", "yinchuan.jinfeng.other"),))
ORDER = {
    "工单编号": "NX202407050000000001", "工单类型": "求助", "三级分类": "housing.drain.blocked", "标题": "下水慢",
    "主要内容": "卫生间下水慢，想约人疏通。", "来电人": "陈先生", "电话": "13900000003",
    "被反映区/街乡镇": "兴庆区丽景街街道", "村/社区": "银虹社区", "小区点位": "5号楼2单元301室",
}  # fmt: skip


def row(number: int | str = 1, **changes: str) -> list[str]:
    key = number if isinstance(number, str) else f"NX2024070500000{number:05d}"
    told = {**ORDER, "工单编号": key, **changes}
    return [told.get(name, "") for name in HEADING]


def csv_of(*rows: Sequence[Any], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(f'"{cell}"' for cell in each) + "\r\n" for each in (HEADING, *rows)).encode(encoding)


def xlsx_of(*rows: Sequence[Any], heading: Sequence[str] = HEADING, above: int = 0) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate([heading, *rows]):
            sheet.write_row(line + above, 0, cells)
    return out.getvalue()


def do(store: Any, method: str, who: Principal = CLERK, now: Any = NOW, **asked: Any) -> Any:
    """One command or question as the bus gives it; the answer as it is shown."""
    command = registry.command("intake", method)
    loaded = command().load(asked)
    with store.transaction() as session:
        answer = IntakeService.entrypoints[method].operation(session, who, loaded, now)
        view = IntakeService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def upload(store: Any, content: bytes, who: Principal = CLERK, **asked: Any) -> Any:
    given = {"content": base64.b64encode(content).decode(), "area_path": STREET, "file_name": "工单.xlsx", **asked}
    return do(store, "upload_import", who, **given)


def checked(store: Any, content: bytes, **asked: Any) -> Any:
    """The import as its preview shows it."""
    number = upload(store, content, **asked)["number"]
    imports.check_uploads(store, INTAKE, NOW)
    return do(store, "get_import", number=number)


def imported(store: Any, content: bytes, **asked: Any) -> Any:
    """The import when all its good rows are appeals."""
    number = checked(store, content, **asked)["number"]
    do(store, "start_import", number=number)
    imports.import_rows(store, INTAKE, NOW)
    return do(store, "get_import", number=number)


def reasons(view: Any) -> dict[int, dict[str, str]]:
    """What is said of each bad row, by line and column."""
    return {each["line"]: {one["column"]: one["words"] for one in each["reasons"]} for each in view["bad_rows"]}


def counts(view: Any) -> dict[str, int]:
    return {name: view[name] for name in ("good", "bad", "already", "imported") if view[name]}


def only_appeal(store: Any) -> Appeal:
    with store.transaction() as session:
        return session.scalars(select(Appeal)).one()
