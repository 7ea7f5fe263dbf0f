#!/bin/sh
# A binary workbook (.xlsb) of one writer: two readers give its first column at most, without an error.
#
# [MS-XLSB] has short records (here 13 and 17) for cells that stand right of the one before: they leave the column
# out. SheetJS writes every cell but the first of a row so; LibreOffice 7.4.7 reads the file whole.
# Guess: a reader gives the cells or fails.
# Seen, xlsx 0.18.5 (npm) writing three rows of three cells:
#   python-calamine 0.9.1: [['a'], [1], ['x']], no error
#   pyxlsb 1.0.10: three columns, of which it gives the number of the first, [1.0, None, None], and None for all else; no error
# The house takes .xlsx, .xls and .csv; an .xlsb without its columns is refused by their names (services/intake/imports.py).
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install python-calamine==0.9.1 pyxlsb==1.0.10
cd "$place"
npm install --silent --no-audit --no-fund --prefix "$place" xlsx@0.18.5 >"$place/npm.log"
node - <<'NODE'
const XLSX = require("xlsx");
const book = XLSX.utils.book_new();
XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([["a", "b", "c"], [1, 2, 3], ["x", "y", "z"]]), "s");
XLSX.writeFile(book, "three.xlsb", { bookType: "xlsb" });
NODE
"$place/venv/bin/python" - <<'PYTHON'
import sys

from python_calamine import CalamineWorkbook
from pyxlsb import open_workbook


def by_pyxlsb():
    try:
        with open_workbook("three.xlsb") as book, book.get_sheet(1) as sheet:
            return [[cell.v for cell in row] for row in sheet.rows()]
    except Exception as error:
        return type(error).__name__


seen = {"calamine": CalamineWorkbook.from_path("three.xlsb").get_sheet_by_index(0).to_python(), "pyxlsb": by_pyxlsb()}
for what, cells in seen.items():
    print(f"{what}: {cells}")
sys.exit(seen != {"calamine": [["a"], [1.0], ["x"]], "pyxlsb": [[None] * 3, [1.0, None, None], [None] * 3]})
PYTHON
