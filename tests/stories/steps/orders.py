"""Sentences about 12345 work orders in a spreadsheet."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Refused, Story

STREET = people.YINHONG.rpartition(".")[0]
HEADING = [
    "工单编号",
    "工单类型",
    "三级分类",
    "标题",
    "主要内容",
    "来电人",
    "电话",
    "被反映区/街乡镇",
    "村/社区",
    "小区点位",
]
CALLER, PHONE = "贺兰山", "13909510077"


def order(key: Any, community: str = "银虹社区") -> list[Any]:
    words = ["求助", "楼道照明", "楼道灯不亮", "三楼楼道灯坏了一周", CALLER, PHONE]
    return [key, *words, "兴庆区丽景街街道", community, "5号楼2单元"]


ROWS = [order(f"NX2024070200{n:04d}") for n in (1, 2, 3)]
CUT, ELSEWHERE = order(640104202407020004), order("NX20240702000005", "没有的社区")


def table() -> str:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate([HEADING, *ROWS, CUT, ELSEWHERE]):
            sheet.write_row(line, 0, cells)
    return b64encode(out.getvalue()).decode()


def path(story: Story, rest: str = "") -> str:
    return f"/api/imports/{story.other_number}{rest}"


def appeals(story: Story) -> list[dict[str, Any]]:
    rows = story.ask("街道", path(story, "/rows"), state="IMPORTED")["items"]
    return [story.ask("街道", f"/api/appeals/{row['number']}") for row in rows]


@when("街道上传一张5行的12345工单表，其中一行编号被表格软件截断，一行没有这个社区")
@when("街道把同一张表再上传一次")
def uploaded(story: Story) -> None:
    asked = {"content": table(), "file_name": "工单.xlsx", "area_path": STREET}
    story.other_number = story.do("街道", "/api/imports", **asked)["number"]
    story.soon("the file looked through", lambda: story.ask("街道", path(story))["state"] == "CHECKED")


@then("检查说可以导入3行，有错2行")
def previewed(story: Story) -> None:
    view = story.ask("街道", path(story))
    assert (3, 2, 0) == (view["good"], view["bad"], view["already"])


@then("第5行说编号后几位已经丢了，第6行说没有这个社区")
def reasons(story: Story) -> None:
    rows = story.ask("街道", path(story))["bad_rows"]
    told = {row["line"]: "".join(each["words"] for each in row["reasons"]) for row in rows}
    assert (True, True) == ("后面几位已经丢了" in told[5], "没有这个村或社区" in told[6])


@then("还没有登记任何诉求")
def nothing_yet(story: Story) -> None:
    assert 0 == sql.one(story.world, "intake", "select count(*) from appeal where outside_number like 'NX20240702%'")


@when("街道确认导入")
def confirmed(story: Story) -> None:
    story.do("街道", path(story, "/start"))
    story.soon("every row", lambda: story.ask("街道", path(story))["state"] == "DONE")


@then("3件诉求都有人负责，有期限，看得到12345工单编号")
def registered(story: Story) -> None:
    found = appeals(story)
    told = [(each["outside_number"], bool(each["first_responder"]["name"] and each["due_at"])) for each in found]
    assert [(row[0], True) for row in ROWS] == told


@then("网格员李珊的待办里有其中一件")
def on_desk(story: Story) -> None:
    numbers = {each["number"] for each in appeals(story)}
    story.soon(
        "an order on her desk", lambda: numbers & {row["number"] for row in story.ask("李珊", "/api/desk")["items"]}
    )


@then("检查说以前都登记过，不能再导入")
def known(story: Story) -> None:
    view = story.ask("街道", path(story))
    with pytest.raises(Refused, match="没有改变任何东西"):
        story.do("街道", path(story, "/start"))
    assert (0, 3) == (view["good"], view["already"])


@then("总线上没有来电人的名字和电话")
def nothing_personal(story: Story) -> None:
    query = f"select count(*) from outbox where body like '%{CALLER}%' or body like '%{PHONE}%'"
    assert 0 == sql.one(story.world, "intake", query)


@when(parsers.parse('一个软件按Open311报"{words}"，地址写"{address}"'))
def posted(story: Story, words: str, address: str) -> None:
    told = {"service_code": "municipal.light.off", "description": words, "address_string": address, "phone": PHONE}
    answer = story.http.post("/open311/v2/requests.json", data=told)
    assert 201 == answer.status_code, answer.text
    (receipt,) = answer.json()
    story.case, story.other_number = receipt, receipt["service_notice"].partition("。")[0].removeprefix("编号")


@then("银虹社区看得到这件诉求，地点是5号楼2单元")
def placed(story: Story) -> None:
    seen = story.ask("社区", f"/api/appeals/{story.other_number}")
    assert (story.case["service_request_id"], people.SEWAGE_AREA, "OPEN311") == (
        seen["id"],
        seen["area_path"],
        seen["channel"],
    )


@then(parsers.parse('它按受理号查得到状态是"{status}"，查不到原话，也查不到编号'))
def looked_up(story: Story, status: str) -> None:
    path = f"/open311/v2/requests/{story.case['service_request_id']}.json"

    def found() -> Any:
        answer = story.http.get(path)
        return answer if answer.status_code == 200 else None

    answer = story.soon("the request in the read model", found)
    assert (status, None, False) == (
        answer.json()[0]["status"], answer.json()[0]["description"], story.other_number in answer.text,
    )  # fmt: skip
