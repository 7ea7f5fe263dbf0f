"""A file that a command takes is chosen on its form; an import shows what is wrong in which line, and how far it is."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from chassis.errors import Invalid
from chassis.standing import Standing
from contracts.intake.imports import ImportUploaded
from kernel.numbers import case_number
from services.intake.orders.layout import COLUMNS
from tests.unit.portal.pages.people import ORIGIN, Outline, Pages
from tests.unit.portal.pages.test_beginning import asked, token
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import Teller, iso, uid

NUMBER = case_number("I", date(2024, 7, 8), "0100", 1)
STREET = "yinchuan.xingqing.lijingjie"
FORM, FILE = "/new/upload_import", ",".join(COLUMNS).encode("gb18030")
REASON = {"column": "电话", "words": "手机号应为 11 位，现在是 7 位"}
BAD = {"line": 7, "outside_number": "NX20240708000001", "state": "BAD", "reasons": [REASON], "number": None}
VIEW = {
    "id": uid("import"), "number": NUMBER, "case_number": NUMBER, "version": 2, "area_path": STREET,
    "created_at": iso(70), "state": "CHECKED", "file_name": "7月8日.xlsx",
    "uploader": {"id": "u-street", "name": "刘伟"},
    "rows": 4, "good": 3, "bad": 1, "already": 0, "imported": 0, "bad_rows": [BAD],
    "allowed_commands": ["start_import", "withdraw_import"],
}  # fmt: skip


def shown(pages: Pages, **more: Any) -> str:
    event = replace(Teller(NUMBER).say(70, ImportUploaded, uid("import")), area_path=STREET)
    tell(pages.store, [replace(event, standing=Standing("IMPORT", "CHECKED", NUMBER, waits=("person:u-street",)))])
    pages.peers.answers["get_import"] = {**VIEW, **more}
    return pages.as_user("street").get(f"/cases/{NUMBER}").text


def sent(pages: Pages) -> Any:
    street = pages.as_user("street")
    data = {"area_path": STREET, "csrf_token": token(street.get(FORM).text), "content": (BytesIO(FILE), "7月8日.csv")}
    return street.post(FORM, data=data, headers=ORIGIN)


def test_given_a_file_when_chosen_on_the_form_then_its_bytes_and_its_name_are_the_commands(pages: Pages) -> None:
    pages.peers.answers["upload_import"] = VIEW
    answer = sent(pages)
    (command,) = asked(pages, "upload_import")
    assert (303, b64encode(FILE).decode(), "7月8日.csv", STREET) == (
        answer.status_code, command["content"], command["file_name"], command["area_path"],
    )  # fmt: skip


def test_given_an_encoding_nobody_can_tell_when_refused_then_the_form_asks_for_it(pages: Pages) -> None:
    pages.peers.answers["upload_import"] = Invalid.because({"encoding": ["看不出文件的编码"]})
    answer = sent(pages)
    assert (422, True) == (answer.status_code, "✕ 看不出文件的编码" in answer.text)


def test_given_the_form_when_drawn_then_it_offers_spreadsheets_alone_and_its_markup_is_sound(pages: Pages) -> None:
    html = pages.as_user("street").get(FORM).text
    found = Outline(html)
    assert (True, [], [], []) == (
        'accept=".xlsx,.xls,.csv"' in html, found.unlabelled, found.inline, found.unbalanced,
    )  # fmt: skip


def test_given_a_checked_import_when_opened_then_each_bad_row_has_its_line_and_reason_and_it_can_be_started(
    pages: Pages,
) -> None:
    html = shown(pages)
    there = [
        "7月8日.xlsx",
        "<td>7</td>",
        "电话：手机号应为 11 位，现在是 7 位",
        "/do/start_import",
        "<dt>还可导入</dt><dd>3</dd>",
    ]
    assert there == [each for each in there if each in html]


def test_given_an_import_under_way_when_opened_then_a_bar_says_how_far_it_is(pages: Pages) -> None:
    html = shown(pages, state="IMPORTING", imported=1, good=2, allowed_commands=[])
    there = ['max="3" value="1"', '已导入 <span id="imported">1</span> 行', "progress.js"]
    assert (there, []) == ([each for each in there if each in html], Outline(html).inline)
