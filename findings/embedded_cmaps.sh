#!/bin/sh
# Text taken back from a PDF whose fonts carry an encoding CMap of their own, as fpdf2 writes it for CID-keyed CFF fonts
# (Noto Sans CJK as Debian ships it, and most OpenType fonts for Chinese).
#
# ISO 32000-1, 9.7.5: the encoding of a composite font is the name of a predefined CMap or a stream with one.
# Guess: every reader takes text back by /ToUnicode and does not look at the encoding.
# Seen, fpdf2 2.8.9, fonts-noto-cjk 1:20220127, one line 人民调解协议书:
#   pdfium (pypdfium2 5.15.2): the line
#   pdfminer.six 20260107: nothing, and no error
#   pypdf 7.1.1: a NUL before each sign, for it takes the codes for single bytes
# The house writes codes that are CIDs under the encoding Identity-H (capability/papers/warm.py): all of them read it.
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install fpdf2==2.8.9 pdfminer.six==20260107 pypdf==7.1.1 pypdfium2==5.15.2
(cd "$place" && apt-get -q -q download fonts-noto-cjk=1:20220127+repack1-1 && dpkg -x fonts-noto-cjk_*.deb fonts)
"$place/venv/bin/python" -W ignore - "$place" <<'PYTHON'
import sys
from pathlib import Path

import pypdfium2
from fpdf import FPDF
from pdfminer.high_level import extract_text
from pypdf import PdfReader

LINE = "人民调解协议书"
folder = Path(sys.argv[1])
file = folder / "line.pdf"
pdf = FPDF()
font = folder / "fonts/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
pdf.add_font("body", "", font, collection_font_number=2)
pdf.set_font("body", size=16)
pdf.add_page()
pdf.cell(text=LINE)
pdf.output(str(file))
seen = {
    "pdfium": pypdfium2.PdfDocument(str(file))[0].get_textpage().get_text_range().strip(),
    "pdfminer.six": extract_text(str(file)).strip(),
    "pypdf": PdfReader(file).pages[0].extract_text().strip(),
}
for what, words in seen.items():
    print(f"{what}: {words!r}")
sys.exit(list(seen.values()) != [LINE, "", "".join(f"\0{sign}" for sign in LINE)])
PYTHON
