"""Words with a form of their own: codes, ids, numbers, telephones, names, amounts."""

import base64
import re
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from contracts.fields import Spoken, Text, Words, presence
from kernel import names, telephone
from kernel.numbers import normalise

UNIT_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"

AREA_PATTERN = r"^[A-Za-z0-9_]{1,255}(\.[A-Za-z0-9_]{1,255}){0,15}$"

CATEGORY_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$"

LIMIT_PATTERN = r"^[1-9][0-9]{0,3}(min|h|bh|d|wd)$"

NUMBER_PATTERN = r"^[A-Z]{1,2}[0-9]{17}[0-9A-HJ-NP-V]$"
"""Of any kind, also one that is newer than this program: which there are, its owner knows (`kernel.numbers`)."""

TAIL_PATTERN = r"^[0-9]{4}$"
OUTSIDE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9-]{5,39}$"

STAFF_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$"

BASE64_PATTERN = r"^[A-Za-z0-9+/]+={0,2}$"

PHONE_PATTERN = (
    r"^(1[3-9][0-9]{9}|0[1-9][0-9]{8,10}|[48]00[0-9]{7}|[2-8][0-9]{6,7}|[1-9][0-9]{2,5}|\+[1-9][0-9]{6,14})"
    r"(转[0-9]{1,6})?$"
)
"""The normal forms of `kernel.telephone`; which of them exist is judged there."""

CHECK_CODE_PATTERN = r"^[0-9A-HJKMNP-TV-Z]{12}$"
"""Of a paper: twelve signs, none that is taken for another (Crockford's base 32)."""

SHA256_PATTERN = r"^[0-9a-f]{64}$"

MONTH_PATTERN = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


class Pattern(validate.Regexp):
    """The published pattern, for the whole text: Python's own $ lets a line end pass behind it."""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value


def _pattern(regex: str, error: str) -> Pattern:
    return Pattern(re.compile(regex, re.ASCII), error=error)


class Token(Spoken, fields.String):
    """A word of a machine: one pattern, no blanks."""

    default_error_messages: Words = {"invalid": "应为文字"}

    def __init__(self, pattern: str, error: str, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(validate=[_pattern(pattern, error)], **presence(optional), **kwargs)


def unit_code(optional: bool = False, **kwargs: Any) -> Token:
    """A unit's code; it is part of a queue name and of a routing key, so it holds no dot."""
    return Token(UNIT_PATTERN, "单位代码只能用字母、数字、横线和下划线", optional=optional, **kwargs)


def area(optional: bool = False, **kwargs: Any) -> Token:
    """An ltree path of area labels, city first."""
    return Token(AREA_PATTERN, "区域路径应为用点连接的代码", optional=optional, **kwargs)


def category_code(optional: bool = False, **kwargs: Any) -> Token:
    """A leaf or branch of the category tree."""
    return Token(CATEGORY_PATTERN, "类别代码格式不对", optional=optional, **kwargs)


def template_code(optional: bool = False, **kwargs: Any) -> Token:
    """A message template's key."""
    return Token(CATEGORY_PATTERN, "模板代码格式不对", optional=optional, **kwargs)


def limit_text(optional: bool = False, **kwargs: Any) -> Token:
    """A limit as `kernel.deadlines.Limit` reads it: 30min, 2h, 4bh (business hours), 15d, 5wd (working days)."""
    return Token(LIMIT_PATTERN, "时限应如 30min、2h、4bh、15d、5wd", optional=optional, **kwargs)


def check_code(optional: bool = False, **kwargs: Any) -> Token:
    """What stands on a paper, and can be made by who issued it alone."""
    return Token(CHECK_CODE_PATTERN, "校验码是十二位数字和大写字母", optional=optional, **kwargs)


def month(optional: bool = False, **kwargs: Any) -> Token:
    """A calendar month, `2026-11`."""
    return Token(MONTH_PATTERN, "写成年-月，例如2026-11", optional=optional, **kwargs)


def staff_id(optional: bool = False, **kwargs: Any) -> Token:
    """An account of a member of staff; opaque, because accounts may come from another directory."""
    return Token(STAFF_PATTERN, "人员标识格式不对", optional=optional, **kwargs)


class Number(Token):
    """A human number, taken as people type it. The check digit is the owning service's to check."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return normalise(str(super()._deserialize(value, *args, **kwargs)))


def outside_no(optional: bool = False, **kwargs: Any) -> Token:
    """The number another platform gave a matter, such as a 12345 order."""
    return Token(OUTSIDE_PATTERN, "应为 6 到 40 位字母、数字或短横", optional=optional, **kwargs)


def case_no(optional: bool = False, **kwargs: Any) -> Number:
    """A number of `kernel.numbers`."""
    return Number(NUMBER_PATTERN, "编号应为一个字母加 18 位数字", optional=optional, **kwargs)


class Fingerprint(Token):
    """A file in the portal's upload store. Whoever names one has uploaded it: the portal looks at every such field."""

    def __init__(self, *, optional: bool = False) -> None:
        super().__init__(SHA256_PATTERN, "应为 64 位小写十六进制的文件指纹", optional=optional)


def fingerprint(optional: bool = False) -> Fingerprint:
    return Fingerprint(optional=optional)


def file_content() -> Token:
    """A small file itself, in Base64; may be left out."""
    return Token(BASE64_PATTERN, "应为 Base64 编码的文件内容", optional=True)


class FileContent(Spoken, fields.String):
    """A file itself that a command is about, in Base64; loads as its bytes. On a form people choose it.

    `types` are the endings a form offers; `most` is in bytes, so that the message stays below what a broker takes
    (RabbitMQ 4: 16 MiB).
    """

    default_error_messages: Words = {"invalid": "应为 Base64 编码的文件内容", "large": "文件不能超过 {most} MB"}
    most = 11 * 1024 * 1024

    def __init__(self, *, types: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.types = types
        super().__init__(required=True, metadata={"format": "byte"}, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        written = str(super()._deserialize(value, *args, **kwargs))
        if len(written) > self.most * 4 // 3 + 4:
            raise self.make_error("large", most=self.most >> 20)
        try:
            return base64.b64decode(written, validate=True)
        except ValueError as error:
            raise self.make_error("invalid") from error

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str | None:
        return None if value is None else base64.b64encode(value).decode()


class Phone(Token):
    """A telephone as people write it; loads in the one normal form of `kernel.telephone`, or is refused with a reason.

    A local number stays without its area code: the service that keeps it completes it with the district's.
    """

    def __init__(self, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(PHONE_PATTERN, "电话格式不对", optional=optional, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        try:
            return str(telephone.parse(str(super()._deserialize(value, *args, **kwargs))))
        except telephone.InvalidTelephone as error:
            raise ValidationError(str(error)) from error


class PersonName(Text):
    """A resident's name or form of address, loaded tidy. 匿名 and the like are refused: they name nobody."""

    def __init__(self, longest: int = 40, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(longest, names.refuse_none, optional=optional, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return names.tidy(super()._deserialize(value, *args, **kwargs))


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
        super().__init__(places=2, as_string=True, metadata=described, **presence(optional), **kwargs)

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
