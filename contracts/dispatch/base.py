"""What all that dispatch says and answers shares."""

from typing import Any

from contracts import samples
from contracts.fields import (
    Id,
    One,
    case_no,
)
from contracts.schema import CommandSchema, EventSchema, Example
from contracts.shapes import SourceRef


class DispatchEvent(EventSchema):
    """Every fact of dispatch names the case its whistle was blown for."""

    source = "dispatch"
    whistle_id = Id()
    whistle_number = case_no()


class AboutCase(DispatchEvent):
    """Adds the field `source`; apart, because the class attribute of that name would hide it from type checkers."""

    source: Any = One(SourceRef)


class DispatchQuestion(CommandSchema):
    service = "dispatch"


def about_whistle(**more: object) -> Example:
    return {
        "whistle_id": samples.WHISTLE,
        "whistle_number": samples.WHISTLE_NO,
        "source": samples.ABOUT_APPEAL,
        **more,
    }
