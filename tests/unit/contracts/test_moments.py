"""Times as other languages write them by default: taken, or refused by what is missing in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from marshmallow import Schema, ValidationError

from contracts.fields import Moment

WRITTEN = datetime(2024, 7, 3, 10, 20, tzinfo=UTC)
GOOD = {
    "PHP 8.2 DATE_ATOM; Java 17 ISO_OFFSET_DATE_TIME; Go 1.19 json": "2024-07-03T18:20:00+08:00",
    "PHP 8.2 DATE_RFC3339_EXTENDED": "2024-07-03T18:20:00.000+08:00",
    "Java 17 Instant.toString": "2024-07-03T10:20:00Z",
    "Go 1.19 RFC3339Nano; Java 17 Instant.now": "2024-07-03T18:20:00.000000000+08:00",
}
BAD = {
    "Java 17 OffsetDateTime.toString of a whole minute": ("2024-07-03T18:20+08:00", "写到秒"),
    "Java 17 ZonedDateTime.toString": ("2024-07-03T18:20:00+08:00[Asia/Shanghai]", "时区名"),
    "Java 17 ZonedDateTime.toString of a whole minute": ("2024-07-03T18:20+08:00[Asia/Shanghai]", "时区名"),
    "Java 17 LocalDateTime.toString": ("2024-07-03T18:20", "带时区"),
    "PHP 8.2 DATE_ISO8601; Java 17 SimpleDateFormat Z": ("2024-07-03T18:20:00+0800", "冒号"),
    "Jackson 2 Instant by default": (1720002000.000000000, "时间戳"),
    "Go 1.19 zero time": ("0001-01-01T00:00:00Z", "1900"),
}


class Told(Schema):
    at = Moment()


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_given_a_time_as_a_language_writes_it_when_read_then_it_is_that_moment(text: str) -> None:
    assert {"at": WRITTEN} == Told().load({"at": text})


@pytest.mark.parametrize(("text", "named"), BAD.values(), ids=BAD)
def test_given_a_time_that_is_almost_right_when_refused_then_it_is_said_what_is_missing(
    text: str | float, named: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Told().load({"at": text})
    assert named in refused.value.messages["at"][0]  # type: ignore[index]
