#!/bin/sh
# Lunar calendars: three libraries, and each is alone somewhere between 1900 and 2100.
#
# Guess: libraries for the lunar calendar agree from 1900 to 2100; beyond its table one raises.
# Seen, day by day (73,384 days), lunar-python 1.4.8, borax 4.1.3 and lunardate 0.3.0:
#   lunar-python and borax differ on 60 days: 2089-09-04 (八月初一, borax 七月三十), 2097-08-07 (七月初一, borax 六月三十) and
#     the month after each; nowhere before 2089
#   lunardate is alone on 1933-07-22 (六月初一; the others 闰五月三十), 1954-11-25 (十月三十; 冬月初一), 1978-09-02 (八月初一; 七月三十)
#   2057-09-28, whose new moon falls within seconds of midnight: 八月三十 in lunar-python and borax, 九月初一 in lunardate
#   2100-02-09 lunardate says the first day of 2099, without an error; borax raises beyond its last year
# A birthday told by such a month is greeted on the wrong day. The house refuses days after 2088 (kernel/calendar/lunar.py).
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install lunardate==0.3.0 lunar-python==1.4.8 borax==4.1.3
"$place/venv/bin/python" - <<'PYTHON'
import sys
from datetime import date

from borax.calendars.lunardate import LunarDate as Borax
from lunar_python import Solar
from lunardate import LunarDate

EXPECTED = {
    (1933, 7, 22): [(1933, 5, 30, True), (1933, 5, 30, True), (1933, 6, 1, False)],
    (1954, 11, 25): [(1954, 11, 1, False), (1954, 11, 1, False), (1954, 10, 30, False)],
    (1978, 9, 2): [(1978, 7, 30, False), (1978, 7, 30, False), (1978, 8, 1, False)],
    (2033, 12, 22): [(2033, 11, 1, True), (2033, 11, 1, True), (2033, 11, 1, True)],
    (2057, 9, 28): [(2057, 8, 30, False), (2057, 8, 30, False), (2057, 9, 1, False)],
    (2089, 9, 4): [(2089, 8, 1, False), (2089, 7, 30, False), (2089, 8, 1, False)],
    (2097, 8, 7): [(2097, 7, 1, False), (2097, 6, 30, False), (2097, 7, 1, False)],
    (2100, 2, 9): [(2100, 1, 1, False), (2100, 1, 1, False), (2099, 1, 1, False)],
}
seen = {}
for day in EXPECTED:
    one, other, third = Solar.fromYmd(*day).getLunar(), Borax.from_solar(date(*day)), LunarDate.from_solar_date(*day)
    seen[day] = [
        (one.getYear(), abs(one.getMonth()), one.getDay(), one.getMonth() < 0),
        (other.year, other.month, other.day, bool(other.leap)),
        (third.year, third.month, third.day, bool(third.is_leap_month)),
    ]
    print(day, *seen[day])
sys.exit(seen != EXPECTED)
PYTHON
