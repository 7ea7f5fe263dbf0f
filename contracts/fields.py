"""Fields with Chinese messages and with the limits every service relies on.

A field is required unless `optional=True`: then it may be left out or null, and loads as `None` (lists: as `[]`).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from contracts.peers import hearing_peers
from kernel import codes
from kernel.rights import Right

DAY_PATTERN = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Check = Callable[[Any], Any]

Words = dict[str, Any]


class Spoken:
    """Chinese words for what marshmallow says in English.

    A field with a `label` is one that people fill in: it is drawn on the form of its command, in the order of the
    class, with its `help` beside it, and named so in the API document. In a view the label stands before what it holds.

    `seen_by`: for whose eyes a field of a view is; to others it is empty.
    """

    label: str = ""
    help: str = ""
    seen_by: Right | None = None

    def __init__(
        self, *args: Any, label: str = "", help: str = "", seen_by: Right | None = None, **kwargs: Any
    ) -> None:
        self.label, self.help, self.seen_by = label, help, seen_by
        described = {name: text for name, text in (("title", label), ("description", help)) if text}
        metadata = {**kwargs.pop("metadata", {}), **described}
        super().__init__(*args, metadata=metadata, **kwargs)  # type: ignore[call-arg]

    default_error_messages: Words = {
        "required": "必填",
        "null": "不能为空",
        "validator_failed": "内容不合规定",
    }


def presence(optional: bool, default: Any = None) -> dict[str, Any]:
    if not optional:
        return {"required": True}
    allow_none = default is None
    return {"allow_none": allow_none, "load_default": default, "dump_default": default}


class Text(Spoken, fields.String):
    """Words, stripped of outer blanks; control characters (which PostgreSQL refuses) are refused here."""

    default_error_messages: Words = {
        "invalid": "应为文字",
        "invalid_utf8": "不是有效的文字",
        "unprintable": "含有不能使用的字符",
    }

    def __init__(self, longest: int, *checks: Check, shortest: int = 1, optional: bool = False, **kwargs: Any) -> None:
        self.shortest, self.longest = shortest, longest
        length = validate.Length(shortest, longest, error=f"长度应为 {{min}} 到 {longest} 个字")
        super().__init__(validate=[length, *checks], **presence(optional), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        given = str(super()._deserialize(value, *args, **kwargs))
        if UNPRINTABLE.search(given):
            raise self.make_error("unprintable")
        if len(given) > self.longest:  # blanks count as long as they are sent: so says the published maxLength
            raise ValidationError(f"长度应为 {self.shortest} 到 {self.longest} 个字")
        return given.strip()


class Id(Spoken, fields.UUID):
    """The id of an aggregate, a part of one, or a resident: as RFC 9562 writes it, no urn, no braces."""

    default_error_messages: Words = {"invalid_uuid": "应为 UUID"}

    def __init__(self, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(**presence(optional), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> UUID:
        if not isinstance(value, UUID) and (not isinstance(value, str) or _UUID.fullmatch(value) is None):
            raise self.make_error("invalid_uuid")
        return super()._deserialize(value, *args, **kwargs)


_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class Code(Spoken, fields.Enum[StrEnum]):
    """One of an enumeration, by value. People are refused what is none of it; from peers a value that is new to us
    loads as `codes.Unknown`, and may be handed on: nobody parks a fact for a word.
    """

    default_error_messages: Words = {"unknown": "只能是：{choices}"}

    def __init__(self, enum: type[StrEnum], *, optional: bool = False, default: Any = None, **kwargs: Any) -> None:
        present = presence(optional or default is not None, default)
        super().__init__(enum, by_value=True, metadata={"type": "string"}, **present, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        """Also take the plain value, as columns give it. What has not a code's shape is a mistake of the caller."""
        return None if value is None else codes.known(self.enum, value).value

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, *args, **kwargs)
        except ValidationError:
            if hearing_peers.get() and isinstance(value, str) and codes.SHAPE.fullmatch(value):
                return codes.Unknown(value)
            raise


EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Beyond these no clock can be counted: a date at the edge of what a computer holds overflows in every zone."""


class Moment(Spoken, fields.AwareDateTime):
    """A point in time as RFC 3339 writes it, with an offset; loads and dumps as UTC."""

    default_error_messages: Words = {
        "invalid": "应为 ISO 8601 时间",
        "invalid_awareness": "时间必须带时区",
        "format": "应为 ISO 8601 时间",
        "range": "时间应在 1900 年至 2199 年之间",
        "seconds": "时间要写到秒，如 2024-07-09T15:00:00+08:00",
        "colon": "时区要写成 +08:00，中间有冒号",
        "zone_name": "时间后面不带 [Asia/Shanghai] 这样的时区名",
        "stamp": "时间不写成时间戳，写成 2024-07-09T15:00:00+08:00",
    }

    def __init__(self, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(**presence(optional), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime:
        if isinstance(value, str) and _RFC3339.fullmatch(value) is None:
            raise self.make_error(next((key for key, near in _NEAR.items() if near.fullmatch(value)), "invalid"))
        if isinstance(value, int | float) and not isinstance(value, bool):
            raise self.make_error("stamp")
        written = value.upper() if isinstance(value, str) else value
        aware: datetime = super()._deserialize(written, *args, **kwargs)
        return self._in_utc(aware)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{attr}: a moment without a zone cannot be told")
        text: str = value.astimezone(UTC).isoformat()
        return text.replace("+00:00", "Z")

    def _in_utc(self, aware: datetime) -> datetime:
        try:
            moment = aware.astimezone(UTC)
        except OverflowError as error:
            raise self.make_error("range") from error
        if not EARLIEST <= moment < LATEST:
            raise self.make_error("range")
        return moment


_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?", re.ASCII)

_RFC3339 = re.compile(_NAIVE.pattern + r"([Zz]|[+-]\d\d:\d\d)", re.ASCII)

_NEAR = {
    "invalid_awareness": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII),
    "zone_name": re.compile(r".+\[[A-Za-z/_]+\]", re.ASCII),
    "seconds": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d([Zz]|[+-]\d\d:?\d\d)", re.ASCII),
    "colon": re.compile(_NAIVE.pattern + r"[+-]\d\d(\d\d)?", re.ASCII),
}
"""What programs write that is almost right, so that the refusal says what is missing (docs/departments.md, Times)."""


class Day(Spoken, fields.Date):
    """A day of the calendar, as it stands on a paper; no zone, no hour."""

    default_error_messages: Words = {"invalid": "应为日期，如 2024-07-09", "format": "应为日期，如 2024-07-09"}

    def __init__(self, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": DAY_PATTERN}, **presence(optional), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(DAY_PATTERN, value, re.ASCII):
            raise self.make_error("invalid")
        day: date = super()._deserialize(value, *args, **kwargs)
        return day


class Count(Spoken, fields.Integer):
    """A whole number, `least` or more."""

    default_error_messages: Words = {"invalid": "应为整数", "too_large": "数字过大"}

    def __init__(
        self,
        least: int = 0,
        most: int = 2**31 - 1,
        *,
        optional: bool = False,
        default: int | None = None,
        **kwargs: Any,
    ) -> None:
        span = validate.Range(least, most, error="应在 {min} 到 {max} 之间")
        super().__init__(strict=True, validate=[span], **presence(optional or default is not None, default), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        """JSON knows no integers of its own: 20.0 is 20."""
        whole = isinstance(value, float) and value.is_integer()
        return super()._deserialize(int(value) if whole else value, *args, **kwargs)


class Flag(Spoken, fields.Boolean):
    """Yes or no."""

    default_error_messages: Words = {"invalid": "应为是或否"}

    def __init__(self, *, optional: bool = False, default: bool | None = None, **kwargs: Any) -> None:
        super().__init__(**presence(optional or default is not None, default), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Many(Spoken, fields.List[Any]):
    """A list; optional unless `least` is given."""

    default_error_messages: Words = {"invalid": "应为列表"}

    def __init__(
        self, inner: fields.Field[Any], *, least: int = 0, most: int = 200, lacking: str | None = None, **kwargs: Any
    ) -> None:
        """`lacking`: what is said of an empty one."""
        size = validate.Length(least or None, most, error=f"应有 {least} 到 {most} 项")
        super().__init__(inner, validate=[size], **presence(least == 0, list), **kwargs)
        self.lacking = lacking

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if self.lacking and value in (None, []):
            raise ValidationError(self.lacking)
        return super().deserialize(value, *args, **kwargs)


class One(Spoken, fields.Nested):
    """A nested shape."""

    default_error_messages: Words = {"type": "格式不对，应为一组字段"}

    def __init__(self, shape: type[Schema], *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(shape, **presence(optional), **kwargs)


class Facts(Spoken, fields.Dict):
    """A free mapping, for envelopes only."""

    default_error_messages: Words = {"invalid": "应为一组字段"}

    def __init__(self) -> None:
        super().__init__(required=True)


def some(shape: type[Schema], *, least: int = 0, most: int = 200, lacking: str | None = None, **kwargs: Any) -> Many:
    """A list of nested shapes."""
    return Many(One(shape), least=least, most=most, lacking=lacking, **kwargs)
