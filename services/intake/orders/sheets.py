"""Spreadsheets as people save them: .xlsx, .xls and .csv, each row with its own line in the file.

CSV from Chinese offices is GB18030 or UTF-8, with or without a byte order mark. Which, the names of the columns
tell, since they are known; where they do not, people are asked: a guess by statistics takes a list of names for Korean.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from chassis.errors import Invalid
from contracts.intake.imports import Encoding
from services.intake.orders import extent, markup

Row = tuple[int, Sequence[Any]]
Heading = Callable[[Sequence[Any]], bool]
"""Whether a row is the one with the names of the columns."""

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .xls begin."""
LARGEST_UNPACKED = 400 * 1024 * 1024
"""Bytes: a small file may be larger than the memory once it is unpacked."""
MOST_CELLS = 5_000_000
"""From the first to the last that is filled, blank ones between them counted."""
SEARCHED_LINES = 20
"""A title and notes may stand above the names of the columns."""
EURO_BYTE, EURO = 0x80, "€"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
QUOTED = re.compile(r'="(.*)"', re.DOTALL)
DELIMITERS = (",", "\t", ";")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CODECS = {Encoding.UTF8: "utf-8", Encoding.GB18030: "gb18030"}
csv.field_size_limit(1_000_000)


def _euro(error: UnicodeError) -> tuple[str, int]:
    """Code page 936 has the euro at 0x80, where GB18030 has nothing."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == EURO_BYTE:
        return EURO, error.start + 1
    raise error


codecs.register_error("euro936", _euro)


def rows(content: bytes, is_heading: Heading, encoding: Encoding | None = None) -> Iterator[Row]:
    """The heading first, then the rows below it that are not blank, each with its line in the file, from 1.

    Errors: Invalid, naming `content` or `encoding`: no spreadsheet, broken, locked, without the heading, or in an
    encoding nobody can tell.
    """
    found = (
        _of_workbook(content, is_heading) if content.startswith(WORKBOOKS) else _of_csv(content, is_heading, encoding)
    )
    return ((line, row) for line, row in found if any(cell not in ("", None) for cell in row))


def _of_workbook(content: bytes, is_heading: Heading) -> Iterator[Row]:
    """The first sheet that has the heading. Lines are the sheet's own, blank ones above and between counted."""
    try:
        _refuse_bombs(content)
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        for name in book.sheet_names:
            lines = enumerate(book.get_sheet_by_name(name).iter_rows(), 1)
            if heading := next((row for row in _first(lines) if is_heading(row[1])), None):
                return _from(heading, lines)
    except PasswordError as error:
        raise _bad("文件加了密码，请去掉密码后再传") from error
    except (CalamineError, BadZipFile) as error:
        raise _bad("表格打不开，可能没有传完整，或者不是 xlsx、xls：请重新导出，或另存为 xlsx 再传") from error
    raise _bad(NO_HEADING)


NO_HEADING = "没有找到“工单编号”一列，请核对是不是12345导出的工单"

NO_TABLE = "文件其实是网页或XML，里面没有找到“工单编号”一列，请用表格软件打开，另存为 xlsx 再传"


def _refuse_bombs(content: bytes) -> None:
    if content.startswith(WORKBOOKS[0]):
        with ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise _bad("表格解开后太大，请分成几个文件")
            rows, columns = extent.reach(packed)
            if rows * columns > MOST_CELLS:
                raise _bad(f"表格一直到第{rows}行、第{columns}列都有内容，请删去下面和右边多余的行列，另存后再传")


def _of_csv(content: bytes, is_heading: Heading, encoding: Encoding | None) -> Iterator[Row]:
    marked = next((codec for mark, codec in MARKS if content.startswith(mark)), None)
    for codec in [marked] if marked else [CODECS[encoding]] if encoding else CODECS.values():
        if (text := _decoded(content, codec)) is None:
            continue
        for lines in _readings(text):
            if heading := next((row for row in _first(lines) if is_heading(row[1])), None):
                return _from(heading, lines)
    if markup.is_markup(content[:1000].decode("latin-1")):
        raise _bad(NO_TABLE)
    if encoding and not marked and _decoded(content, CODECS[encoding]) is None:
        raise Invalid.because({"encoding": [f"文件不是{encoding.label}编码，请换一个再传"]})
    if marked or encoding:
        raise _bad(NO_HEADING)
    raise Invalid.because({"encoding": ["看不出文件的编码，请选择 GB18030 或 UTF-8 再传；仍然不行，请另存为 xlsx"]})


def _readings(text: str) -> Iterator[Iterator[Row]]:
    """What the text may mean: a table in markup, or records with one delimiter or another."""
    if markup.is_markup(text):
        yield markup.records(text)
    else:
        yield from (_records(text, delimiter) for delimiter in DELIMITERS)


def _decoded(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec, "euro936" if codec == "gb18030" else "strict")
    except UnicodeError:
        return None


def _records(text: str, delimiter: str) -> Iterator[Row]:
    """Records by the line they begin in: a quoted cell may hold line ends."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for record in reader:
            yield begins, [_unguarded(cell) for cell in record]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _bad(f"第{begins}行读不出来，可能引号没有成对") from error


def _unguarded(cell: str) -> str:
    """As it was before an apostrophe was put before what a spreadsheet would carry out, or ="…" around a number."""
    if told := QUOTED.fullmatch(cell):
        return told[1].replace('""', '"')
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def _first(lines: Iterator[Row]) -> Iterator[Row]:
    for line, row in lines:
        yield line, row
        if line >= SEARCHED_LINES:
            return


def _from(heading: Row, lines: Iterator[Row]) -> Iterator[Row]:
    yield heading
    yield from lines


def _bad(words: str) -> Invalid:
    return Invalid.because({"content": [words]})
