"""The days off that the law itself fixes, for a year whose notice is not out yet.

《全国年节及纪念日放假办法》 as revised on 10 November 2024, in force since 2025: 1 January; Spring Festival from its
eve to the third day; Qingming; 1-2 May; Dragon Boat; Mid-Autumn; 1-3 October. Which weekends are worked for longer
holidays, and which working day makes up for a holiday on a weekend, only the notice of the State Council says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

IN_FORCE_SINCE = 2025

_FIXED = {"元旦": (1, 1, 1), "劳动节": (5, 1, 2), "国庆节": (10, 1, 3)}
"""Month, first day and length of the holidays of the common calendar."""

_MOVING = """
2025 01-29 04-04 05-31 10-06
2026 02-17 04-05 06-19 09-25
2027 02-06 04-05 06-09 09-15
2028 01-26 04-04 05-28 10-03
2029 02-13 04-04 06-16 09-22
2030 02-03 04-05 06-05 09-12
2031 01-23 04-05 06-24 10-01
2032 02-11 04-04 06-12 09-19
2033 01-31 04-04 06-01 09-08
2034 02-19 04-05 06-20 09-27
2035 02-08 04-05 06-10 09-16
2036 01-28 04-04 05-30 10-04
2037 02-15 04-04 06-18 09-24
2038 02-04 04-05 06-07 09-13
2039 01-24 04-05 05-27 10-02
2040 02-12 04-04 06-14 09-20
2041 02-01 04-04 06-03 09-10
2042 01-22 04-04 06-22 09-28
2043 02-10 04-05 06-11 09-17
2044 01-30 04-04 05-31 10-05
2045 02-17 04-04 06-19 09-25
2046 02-06 04-04 06-08 09-15
2047 01-26 04-05 05-29 10-04
2048 02-14 04-04 06-15 09-22
2049 02-02 04-04 06-04 09-11
2050 01-23 04-04 06-23 09-30
2051 02-11 04-05 06-13 09-19
2052 02-01 04-04 06-01 09-07
2053 02-19 04-04 06-20 09-26
2054 02-08 04-04 06-10 09-16
2055 01-28 04-05 05-30 10-05
2056 02-15 04-04 06-17 09-24
2057 02-04 04-04 06-06 09-13
2058 01-24 04-04 06-25 10-02
2059 02-12 04-05 06-14 09-21
2060 02-02 04-04 06-03 09-09
"""
"""Year, then month-day of Spring Festival, Qingming, Dragon Boat and Mid-Autumn.

lunar-python 1.4.8, zhdate 0.1 and cnlunar 0.2.5 agree on every one of them, and with the notices of 2018 to 2026.
"""


@lru_cache(maxsize=64)
def lawful(year: int) -> Mapping[date, str]:
    """Day → name of the holidays of that year. Before 2025 none; after the table ends those of the common calendar."""
    if year < IN_FORCE_SINCE:
        return {}
    return {**_fixed(year), **_moving(year)}


def _fixed(year: int) -> dict[date, str]:
    return {
        date(year, month, first + offset): name
        for name, (month, first, length) in _FIXED.items()
        for offset in range(length)
    }


def _moving(year: int) -> dict[date, str]:
    for line in _MOVING.split("\n"):
        if line.startswith(str(year)):
            spring, qingming, dragon_boat, mid_autumn = (
                date.fromisoformat(f"{year}-{each}") for each in line.split()[1:]
            )
            festival = {spring + timedelta(days=offset): "春节" for offset in range(-1, 3)}
            return {**festival, qingming: "清明", dragon_boat: "端午", mid_autumn: "中秋"}
    return {}
