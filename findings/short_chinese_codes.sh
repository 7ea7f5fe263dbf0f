#!/bin/sh
# QR codes of short Chinese text: what one library writes by default, two readers read as different words.
#
# ISO/IEC 18004 has a Kanji mode for Shift JIS; without an ECI the bytes of byte mode are ISO 8859-1, in practice guessed.
# Guess: a code made from a Chinese name with the default settings is read back as that name.
# Seen, segno 1.6.6, opencv-python-headless 5.0.0.93, zxing-cpp 3.1.1, for 东门 and 长宁:
#   default: segno takes UTF-8 bytes that happen to fit for Kanji; zxing-cpp reads 东门 as 荳憺葎, OpenCV as 东门; 长宁 is right
#   byte mode, UTF-8: both right (zbar 0.23.90 reads 东门 as 荳憺葎 still)
#   byte mode, UTF-8, with ECI: both right, zbar and WeChat's reader too; OpenCV warns that it does not support ECI
#   no white around the code: OpenCV finds none, zxing-cpp reads it
# The house puts an ASCII address into its codes and the name beside it (capability/papers/paper.py).
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install segno==1.6.6 opencv-python-headless==5.0.0.93 zxing-cpp==3.1.1 pillow==12.0.0
"$place/venv/bin/python" - <<'PYTHON'
import io
import sys

import cv2
import numpy
import segno
import zxingcpp
from PIL import Image

BYTES = {"mode": "byte", "encoding": "utf-8"}


def read(text, border=4, **how):
    picture = io.BytesIO()
    segno.make_qr(text, **how).save(picture, kind="png", scale=6, border=border)
    pixels = numpy.array(Image.open(picture).convert("L"))
    return cv2.QRCodeDetector().detectAndDecode(pixels)[0], [each.text for each in zxingcpp.read_barcodes(pixels)]


seen = {
    "东门, default": read("东门"),
    "东门, bytes": read("东门", **BYTES),
    "东门, bytes with ECI": read("东门", eci=True, **BYTES),
    "长宁, default": read("长宁"),
    "address, no border": read("https://example.org/c/C2024", border=0),
}
for what, words in seen.items():
    print(what, *words)
sys.exit(
    list(seen.values())
    != [("东门", ["荳憺葎"]), ("东门", ["东门"]), ("东门", ["东门"]), ("长宁", ["长宁"]),
        ("", ["https://example.org/c/C2024"])]
)
PYTHON
