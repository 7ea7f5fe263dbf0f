#!/bin/sh
# lunardate: some lunar months begin on another day than in the almanac, and nothing is said beyond the last year it knows.
#
# Guess: libraries for the lunar calendar agree from 1900 to 2100; beyond its table one raises.
# Seen, lunardate 0.3.0 beside lunar-python 1.4.8, cnlunar 0.2.5 and zhdate 0.1:
#   1933-07-22 is 六月初一 (the others: 闰五月三十), 1954-11-25 十月三十 (冬月初一), 1978-09-02 八月初一 (七月三十)
#   2100-02-09 is said to be the first day of 2099, without an error (it is that of 2100)
#   2057-09-28 is 九月初一, so cnlunar and zhdate; lunar-python has 八月三十: that new moon falls within seconds of midnight
# A birthday told by such a month is greeted on the wrong day. Beyond the years compared the house refuses
# (kernel/calendar/lunar.py).
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install lunardate==0.3.0 lunar-python==1.4.8
"$place/venv/bin/python" - <<'PYTHON'
import sys

from lunar_python import Solar
from lunardate import LunarDate

DAYS = [(1933, 7, 22), (1954, 11, 25), (1978, 9, 2), (2057, 9, 28), (2100, 2, 9), (2033, 12, 22)]
EXPECTED = {
    (1933, 7, 22): ((1933, 6, 1, False), (1933, 5, 30, True)),
    (1954, 11, 25): ((1954, 10, 30, False), (1954, 11, 1, False)),
    (1978, 9, 2): ((1978, 8, 1, False), (1978, 7, 30, False)),
    (2057, 9, 28): ((2057, 9, 1, False), (2057, 8, 30, False)),
    (2100, 2, 9): ((2099, 1, 1, False), (2100, 1, 1, False)),
    (2033, 12, 22): ((2033, 11, 1, True), (2033, 11, 1, True)),
}
seen = {}
for day in DAYS:
    one, other = LunarDate.from_solar_date(*day), Solar.fromYmd(*day).getLunar()
    told = (other.getYear(), abs(other.getMonth()), other.getDay(), other.getMonth() < 0)
    seen[day] = ((one.year, one.month, one.day, bool(one.is_leap_month)), told)
for day, both in seen.items():
    print(day, *both)
sys.exit(seen != EXPECTED)
PYTHON
