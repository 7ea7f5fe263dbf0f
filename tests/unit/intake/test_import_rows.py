"""A row of an import: what its words mean, and why it cannot be taken."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import select

from services.intake.tables import Appeal
from tests.unit.intake.sheeting import HEADING, checked, counts, csv_of, imported, only_appeal, reasons, row, xlsx_of
from tests.unit.intake.world import COMMUNITY, STAIRWELL

BAD = [
    ({"工单编号": ""}, "工单编号", "没有工单编号"),
    ({"工单编号": "6.40104E+17"}, "工单编号", "后面几位已经丢了"),
    ({"工单编号": 640104199001011.0 * 1000}, "工单编号", "后面几位已经丢了"),
    ({"工单编号": "NX 1"}, "工单编号", "字母、数字或短横"),
    ({"工单类型": "其他"}, "工单类型", "应为咨询、求助"),
    ({"三级分类": "没有的"}, "三级分类", "对不上"),
    ({"标题": "", "主要内容": ""}, "主要内容", "长度应为"),
    ({"主要内容": "长" * 5001}, "主要内容", "5000"),
    ({"工单状态": "已办结"}, "工单状态", "已经办结"),
    ({"办结时间": "2024-07-05 10:00:00"}, "工单状态", "已经办结"),
    ({"电话": "1390000"}, "电话", "手机号应为 11 位"),
    ({"电话": "139****0003"}, "电话", "星号"),
    ({"电话": "1.39E+10"}, "电话", "后面几位已经丢了"),
    ({"小区点位": date(2002, 3, 5)}, "小区点位", "当成了日期（2002-03-05）"),
    ({"小区点位": "2002/3/5"}, "小区点位", "当成了日期"),
    ({"小区点位": "2/3/05"}, "小区点位", "当成了日期"),
    ({"小区点位": "3月2日"}, "小区点位", "当成了日期"),
    ({"标题": time(12, 30)}, "标题", "当成了日期"),
    ({"主要内容": 640104199001011.0 * 1000}, "主要内容", "后面几位已经丢了"),
    ({"被反映区/街乡镇": "金凤区"}, "被反映区/街乡镇", "不在丽景街街道"),
    ({"村/社区": "别的社区"}, "村/社区", "没有这个村或社区"),
    ({"村/社区": ""}, "被反映区/街乡镇", "还没有设置责任岗位"),
]


@pytest.mark.parametrize(("changes", "column", "words"), BAD)
def test_given_a_bad_row_when_previewed_then_its_line_and_the_reason_of_the_column_are_shown(
    store, changes, column, words
):
    view = checked(store, xlsx_of(row(1), row(2, **changes)))
    told = reasons(view)
    assert ({"good": 1, "bad": 1}, [3], True) == (counts(view), list(told), words in told[3][column])


def test_given_reasons_when_shown_then_nothing_personal_is_quoted(store):
    view = checked(store, xlsx_of(row(1, 电话="13911112222333"), row(2, 来电人="陈" * 50)))
    assert [["电话"], ["来电人"]] == [list(told) for told in reasons(view).values()]
    assert [] == [word for word in ("13911112222333", "陈") if word in str(view["bad_rows"])]


def test_given_an_order_twice_in_a_file_when_previewed_then_the_second_names_the_line_of_the_first(store):
    assert {4: {"工单编号": "与第2行的工单编号相同"}} == reasons(checked(store, csv_of(row(1), row(2), row(1))))


def test_given_a_category_nobody_knows_when_one_was_chosen_for_such_then_it_is_taken(store):
    imported(store, xlsx_of(row(三级分类="没有的")), category="other.advice")
    assert "other.advice" == only_appeal(store).category


PLACES = [
    ({}, STAIRWELL),
    ({"小区点位": "某小区"}, COMMUNITY),
    ({"村/社区": "银虹", "小区点位": ""}, COMMUNITY),
    ({"被反映区/街乡镇": "丽景街"}, STAIRWELL),
    ({"被反映区/街乡镇": "", "小区点位": "银虹社区5号楼"}, COMMUNITY),
]


@pytest.mark.parametrize(("changes", "place"), PLACES)
def test_given_words_of_a_place_when_imported_then_the_narrowest_that_they_name_is_taken(store, changes, place):
    imported(store, xlsx_of(row(**changes)))
    assert place == only_appeal(store).area_path


CALLERS = [
    ({}, ("CALL", "陈*生", "139****0003")),
    ({"来电人": "匿名"}, ("CALL", "来*人", "139****0003")),
    ({"电话": ""}, ("VISIT", "陈*生", None)),
    ({"来电人": "", "电话": ""}, (None, None, None)),
    ({"电话": "6012345"}, ("CALL", "陈*生", "0951*****45")),
]


@pytest.mark.parametrize(("changes", "expected"), CALLERS)
def test_given_a_caller_when_imported_then_nobody_is_made_up_and_nobody_is_lost(store, changes, expected):
    imported(store, xlsx_of(row(**changes)))
    with store.transaction() as session:
        found = session.scalars(select(Appeal)).one()
        person = found.reporter
        shown = (person.masked_name, person.masked_phone) if person else (None, None)
        assert expected == (found.contact_preference, *shown)


def test_given_a_title_that_is_too_long_when_imported_then_no_word_of_it_is_lost(store):
    imported(store, xlsx_of(row(标题="长" * 100, 主要内容="事情")))
    found = only_appeal(store)
    assert ("长" * 80, f"{'长' * 100}\n事情") == (found.title, found.content)


def test_given_headings_written_otherwise_when_read_then_they_mean_the_same(store):
    other = {"被反映区/街乡镇": "街乡镇", "村/社区": "社区", "电话": "联系电话", "工单编号": " 工单号 "}
    heading = [other.get(name, name) for name in HEADING]
    assert {"good": 1} == counts(checked(store, xlsx_of(row(), heading=heading)))
