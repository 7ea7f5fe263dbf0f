"""Fields with Chinese messages and with the limits every service relies on.

A field is required unless `optional=True`: then it may be left out or null, and loads as `None` (lists: as `[]`).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from contracts.peers import hearing_peers
from kernel import codes, names, telephone
from kernel.numbers import normalise

UNIT_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"
AREA_PATTERN = r"^[A-Za-z0-9_]{1,255}(\.[A-Za-z0-9_]{1,255}){0,15}$"
CATEGORY_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$"
LIMIT_PATTERN = r"^[1-9][0-9]{0,3}(min|h|bh|d|wd)$"
NUMBER_PATTERN = r"^[SYWMF][0-9]{18}$"
STAFF_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$"
DAY_PATTERN = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
BASE64_PATTERN = r"^[A-Za-z0-9+/]+={0,2}$"
PHONE_PATTERN = (
    r"^(1[3-9][0-9]{9}|0[1-9][0-9]{8,10}|[48]00[0-9]{7}|[2-8][0-9]{6,7}|[1-9][0-9]{2,5}|\+[1-9][0-9]{6,14})"
    r"(转[0-9]{1,6})?$"
)
"""The normal forms of `kernel.telephone`; which of them exist is judged there."""
SHA256_PATTERN = r"^[0-9a-f]{64}$"
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Check = Callable[[Any], Any]
Words = dict[str, Any]


class Spoken:
    """Chinese words for what marshmallow says in English."""

    default_error_messages: Words = {
        "required": "必填",
        "null": "不能为空",
        "validator_failed": "内容不合规定",
    }


def _presence(optional: bool, default: Any = None) -> dict[str, Any]:
    if not optional:
        return {"required": True}
    allow_none = default is None
    return {"allow_none": allow_none, "load_default": default, "dump_default": default}


class Pattern(validate.Regexp):
    """The published pattern, for the whole text: Python's own $ lets a line end pass behind it."""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value


def _pattern(regex: str, error: str) -> Pattern:
    return Pattern(re.compile(regex, re.ASCII), error=error)


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
        super().__init__(validate=[length, *checks], **_presence(optional), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        given = str(super()._deserialize(value, *args, **kwargs))
        if UNPRINTABLE.search(given):
            raise self.make_error("unprintable")
        if len(given) > self.longest:  # blanks count as long as they are sent: so says the published maxLength
            raise ValidationError(f"长度应为 {self.shortest} 到 {self.longest} 个字")
        return given.strip()


class PersonName(Text):
    """A resident's name or form of address, loaded tidy. 匿名 and the like are refused: they name nobody."""

    def __init__(self, longest: int = 40, *, optional: bool = False) -> None:
        super().__init__(longest, names.refuse_none, optional=optional)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return names.tidy(super()._deserialize(value, *args, **kwargs))


class Token(Spoken, fields.String):
    """A word of a machine: one pattern, no blanks."""

    default_error_messages: Words = {"invalid": "应为文字"}

    def __init__(self, pattern: str, error: str, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(validate=[_pattern(pattern, error)], **_presence(optional), **kwargs)


def unit_code(optional: bool = False) -> Token:
    """A unit's code; it is part of a queue name and of a routing key, so it holds no dot."""
    return Token(UNIT_PATTERN, "单位代码只能用字母、数字、横线和下划线", optional=optional)


def area(optional: bool = False) -> Token:
    """An ltree path of area labels, city first."""
    return Token(AREA_PATTERN, "区域路径应为用点连接的代码", optional=optional)


def category_code(optional: bool = False) -> Token:
    """A leaf or branch of the category tree."""
    return Token(CATEGORY_PATTERN, "类别代码格式不对", optional=optional)


def template_code() -> Token:
    """A message template's key."""
    return Token(CATEGORY_PATTERN, "模板代码格式不对")


def limit_text(optional: bool = False) -> Token:
    """A limit as `kernel.deadlines.Limit` reads it: 30min, 2h, 4bh (business hours), 15d, 5wd (working days)."""
    return Token(LIMIT_PATTERN, "时限应如 30min、2h、4bh、15d、5wd", optional=optional)


def staff_id(optional: bool = False) -> Token:
    """An account of a member of staff; opaque, because accounts may come from another directory."""
    return Token(STAFF_PATTERN, "人员标识格式不对", optional=optional)


class Number(Token):
    """A human number, taken as people type it. The check digit is the owning service's to check."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return normalise(str(super()._deserialize(value, *args, **kwargs)))


def case_no(optional: bool = False) -> Number:
    """A number of `kernel.numbers`."""
    return Number(NUMBER_PATTERN, "编号应为一个字母加 18 位数字", optional=optional)


class Fingerprint(Token):
    """A file in the portal's upload store. Whoever names one has uploaded it: the portal looks at every such field."""

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__(SHA256_PATTERN, "应为 64 位小写十六进制的文件指纹", optional=optional)


def fingerprint(optional: bool = False) -> Fingerprint:
    return Fingerprint(optional=optional)


def file_content() -> Token:
    """A small file itself, in Base64; may be left out."""
    return Token(BASE64_PATTERN, "应为 Base64 编码的文件内容", optional=True)


class Phone(Token):
    """A telephone as people write it; loads in the one normal form of `kernel.telephone`, or is refused with a reason.

    A local number stays without its area code: the service that keeps it completes it with the district's.
    """

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__(PHONE_PATTERN, "电话格式不对", optional=optional)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        try:
            return str(telephone.parse(str(super()._deserialize(value, *args, **kwargs))))
        except telephone.InvalidTelephone as error:
            raise ValidationError(str(error)) from error


class Id(Spoken, fields.UUID):
    """The id of an aggregate, a part of one, or a resident: as RFC 9562 writes it, no urn, no braces."""

    default_error_messages: Words = {"invalid_uuid": "应为 UUID"}

    def __init__(self, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(**_presence(optional), **kwargs)

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
        present = _presence(optional or default is not None, default)
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
    }

    def __init__(self, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(**_presence(optional), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime:
        if isinstance(value, str) and _RFC3339.fullmatch(value) is None:
            raise self.make_error("invalid_awareness" if _NAIVE.fullmatch(value) else "invalid")
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


class Day(Spoken, fields.Date):
    """A day of the calendar, as it stands on a paper; no zone, no hour."""

    default_error_messages: Words = {"invalid": "应为日期，如 2024-07-09", "format": "应为日期，如 2024-07-09"}

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__(metadata={"pattern": DAY_PATTERN}, **_presence(optional))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(DAY_PATTERN, value, re.ASCII):
            raise self.make_error("invalid")
        day: date = super()._deserialize(value, *args, **kwargs)
        return day


AMOUNT_PATTERN = r"^[0-9]{1,9}(\.[0-9]{1,2})?$"


class Amount(Spoken, fields.Decimal):
    """Yuan, zero or more, at most two places; travels as a string."""

    default_error_messages: Words = {
        "invalid": "应为金额，如 4800.00",
        "special": "应为金额，如 4800.00",
        "too_large": "金额过大",
        "range": "金额应在 0 到 999999999.99 元之间",
        "places": "金额最多两位小数",
    }

    def __init__(self, *, optional: bool = False, **kwargs: Any) -> None:
        described = {"type": "string", "pattern": AMOUNT_PATTERN}
        super().__init__(places=2, as_string=True, metadata=described, **_presence(optional), **kwargs)

    def _validated(self, value: Any) -> Decimal:
        exact = self._exact(value)
        if not 0 <= exact < Decimal(10) ** 9 or len(str(value).partition(".")[0]) > 9:
            raise self.make_error("range")
        if int(exact.as_tuple().exponent) < -2 and isinstance(value, str):
            raise self.make_error("places")
        if exact != exact.quantize(Decimal("0.01")):
            raise self.make_error("places")
        return exact.quantize(Decimal("0.01"))

    def _exact(self, value: Any) -> Decimal:
        """The pattern decides; for what fails it, the reason. A Decimal is taken from programs, JSON has none."""
        if not isinstance(value, str | Decimal):
            raise self.make_error("invalid")
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value, re.ASCII) is None:
            raise self.make_error("invalid")
        exact = Decimal(value)
        if not exact.is_finite() or str(value).startswith("-0"):
            raise self.make_error("invalid")
        return exact


class Count(Spoken, fields.Integer):
    """A whole number, `least` or more."""

    default_error_messages: Words = {"invalid": "应为整数", "too_large": "数字过大"}

    def __init__(
        self, least: int = 0, most: int = 2**31 - 1, *, optional: bool = False, default: int | None = None
    ) -> None:
        span = validate.Range(least, most, error="应在 {min} 到 {max} 之间")
        super().__init__(strict=True, validate=[span], **_presence(optional or default is not None, default))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        """JSON knows no integers of its own: 20.0 is 20."""
        whole = isinstance(value, float) and value.is_integer()
        return super()._deserialize(int(value) if whole else value, *args, **kwargs)


class Flag(Spoken, fields.Boolean):
    """Yes or no."""

    default_error_messages: Words = {"invalid": "应为是或否"}

    def __init__(self, *, optional: bool = False, default: bool | None = None) -> None:
        super().__init__(**_presence(optional or default is not None, default))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Many(Spoken, fields.List[Any]):
    """A list; optional unless `least` is given."""

    default_error_messages: Words = {"invalid": "应为列表"}

    def __init__(
        self, inner: fields.Field[Any], *, least: int = 0, most: int = 200, lacking: str | None = None
    ) -> None:
        """`lacking`: what is said of an empty one."""
        size = validate.Length(least or None, most, error=f"应有 {least} 到 {most} 项")
        super().__init__(inner, validate=[size], **_presence(least == 0, list))
        self.lacking = lacking

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if self.lacking and value in (None, []):
            raise ValidationError(self.lacking)
        return super().deserialize(value, *args, **kwargs)


class One(Spoken, fields.Nested):
    """A nested shape."""

    default_error_messages: Words = {"type": "格式不对，应为一组字段"}

    def __init__(self, shape: type[Schema], *, optional: bool = False) -> None:
        super().__init__(shape, **_presence(optional))


class Facts(Spoken, fields.Dict):
    """A free mapping, for envelopes only."""

    default_error_messages: Words = {"invalid": "应为一组字段"}

    def __init__(self) -> None:
        super().__init__(required=True)


def some(shape: type[Schema], *, least: int = 0, most: int = 200, lacking: str | None = None) -> Many:
    """A list of nested shapes."""
    return Many(One(shape), least=least, most=most, lacking=lacking)
