"""What all that mediation says and answers shares."""

from typing import Any

from contracts import samples
from contracts.fields import (
    Id,
    One,
    case_no,
)
from contracts.schema import EventSchema, Example
from contracts.shapes import SourceRef


class MediationEvent(EventSchema):
    source = "mediation"
    case_id = Id()
    mediation_number = case_no()


class CaseFact(MediationEvent):
    """Adds the field `source`; apart, because the class attribute of that name would hide it from type checkers."""

    source: Any = One(SourceRef)


def about_case(**more: object) -> Example:
    return {
        "case_id": samples.CASE,
        "mediation_number": samples.MEDIATION_NO,
        "source": samples.ABOUT_APPEAL,
        **more,
    }
