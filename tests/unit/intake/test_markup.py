"""Exports of web systems: HTML tables and SpreadsheetML 2003 under the name .xls."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chassis.errors import Invalid
from services.intake.orders import layout, sheets
from tests.unit.intake.sheeting import HEADING, checked, row


def read(content):
    return [(line, list(cells)) for line, cells in sheets.rows(content, layout.is_heading)]


def page_of(*rows: Sequence[str], encoding: str = "utf-8", before: str = "") -> bytes:
    lines = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>\n" for cells in rows)
    words = f'<html><head><meta charset="{encoding}"><style>td{{}}</style></head><body><table border="1">\n{before}'
    return f"{words}{lines}</table></body></html>".encode(encoding)


def xml_of(*rows: Sequence[str]) -> bytes:
    cells = lambda row: "".join(f'<Cell><Data ss:Type="String">{html.escape(x)}</Data></Cell>' for x in row)  # noqa: E731
    lines = "".join(f"<Row>{cells(row)}</Row>" for row in rows)
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook xmlns:ss="urn:schemas-microsoft-com:'
        f'office:spreadsheet"><Worksheet ss:Name="工单"><Table>{lines}</Table></Worksheet></Workbook>'
    ).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_given_a_page_under_the_name_of_a_workbook_when_read_then_it_is_its_table(encoding):
    assert [(1, HEADING), (2, row())] == read(page_of(HEADING, row(), encoding=encoding))


def test_given_spreadsheet_xml_when_read_then_it_is_its_table():
    assert [(1, HEADING), (2, row())] == read(xml_of(HEADING, row()))


def test_given_a_title_over_all_columns_and_end_tags_left_out_when_read_then_lines_and_columns_stand():
    lines = "".join("<tr>" + "".join(f"<td>{cell}" for cell in cells) for cells in (HEADING, row(1), row(2)))
    content = f"<table><tr><td colspan=23>工单列表</td></tr>{lines}</table>".encode()
    assert [(2, HEADING), (3, row(1)), (4, row(2))] == read(content)


def test_given_blank_cells_and_rows_that_are_skipped_when_read_then_every_word_is_in_its_column():
    cells = [f'<Cell ss:Index="{at}"><Data>{cell}</Data></Cell>' for at, cell in enumerate(row(), 1) if cell]
    content = xml_of(HEADING).replace(b"</Table>", f'<Row ss:Index="5">{"".join(cells)}</Row></Table>'.encode())
    ((_, heading), (line, found)) = read(content)
    told = {name: words for name, words in zip(heading, row(), strict=True) if words}
    assert (5, told) == (line, {name: words for name, words in zip(heading, found, strict=False) if words})


def test_given_line_ends_in_a_page_when_read_then_only_those_that_are_shown_are_kept():
    content = page_of(HEADING, row(主要内容="@")).replace(b"@", "一<br>二\r\n  三".encode())
    assert "一\n二 三" == read(content)[1][1][HEADING.index("主要内容")]


@given(some.lists(some.text(some.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"])), min_size=1))
def test_given_any_words_when_written_into_spreadsheet_xml_and_read_then_they_are_the_same(cells):
    assert [*cells] == read(xml_of(["工单编号"], ["x", *cells]))[1][1][1:]


def test_given_a_page_without_the_columns_when_read_then_it_is_no_list_of_orders():
    with pytest.raises(Invalid) as refused:
        read(page_of(["标题"], ["一"]))
    assert {"content": [sheets.NO_TABLE]} == refused.value.details["fields"]


def test_given_orders_of_a_web_system_when_previewed_then_they_are_good(store):
    view = checked(store, page_of(HEADING, row(1), row(2), encoding="gb18030"), file_name="工单.xls")
    assert ("CHECKED", 2, 0) == (view["state"], view["good"], view["bad"])
