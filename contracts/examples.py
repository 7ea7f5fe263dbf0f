"""An example of a command or an event whose class gives none of its own: a likely value for every field."""

from typing import Any

from marshmallow import Schema, fields

from contracts import samples, tokens
from contracts.fields import Code, Count, Day, Flag, Id, Many, Moment, One, Text
from contracts.shapes import Coordinate

BY_PATTERN: dict[str, Any] = {
    tokens.AREA_PATTERN: samples.STAIRWELL,
    tokens.UNIT_PATTERN: samples.COMMUNITY_UNIT,
    tokens.CATEGORY_PATTERN: "other.unsorted.any",
    tokens.LIMIT_PATTERN: "5wd",
    tokens.NUMBER_PATTERN: samples.APPEAL_NO,
    tokens.STAFF_PATTERN: samples.LI_SHAN["id"],
    tokens.SHA256_PATTERN: samples.PHOTO["sha256"],
    tokens.BASE64_PATTERN: "UERG",
    tokens.PHONE_PATTERN: "13900000000",
    tokens.MONTH_PATTERN: samples.AFTER[:7],
    tokens.CHECK_CODE_PATTERN: "7K2MPQ9X4B3D",
    tokens.TAIL_PATTERN: "0001",
    tokens.OUTSIDE_PATTERN: "NX202407050000000001",
}
BY_TYPE: dict[type[fields.Field[Any]], Any] = {
    tokens.PersonName: "陈先生",
    tokens.Amount: "80.00",
    tokens.FileContent: "UERG",
    Id: samples.RESIDENT,
    Moment: samples.AFTER,
    Day: samples.AFTER[:10],
    Flag: True,
    Coordinate: 36.68,
}


def of(shape: type[Schema]) -> dict[str, Any]:
    """A value for every field. Errors: KeyError for a field of a kind nobody named here."""
    return {name: _value(field) for name, field in shape().fields.items()}


def _value(field: Any) -> Any:
    if isinstance(field, One):
        return of(type(field.schema))
    if isinstance(field, Many):
        return [_value(field.inner)]
    if isinstance(field, Code):
        return next(iter(field.enum)).value
    if isinstance(field, Count):
        return max(1, *(getattr(check, "min", 0) for check in field.validators))
    if isinstance(field, tokens.Token):
        return BY_PATTERN[
            next(str(check.regex.pattern) for check in field.validators if isinstance(check, tokens.Pattern))
        ]
    if type(field) is Text:
        return (field.label or "说明")[: field.longest].ljust(field.shortest, "。")
    return BY_TYPE[type(field)]
