"""What facts about whistles and about their tasks share."""

from typing import Any

from contracts import samples
from contracts.fields import Id, One, case_no
from contracts.schema import EventSchema, Example
from contracts.shapes import SourceRef, UnitRef


class DispatchEvent(EventSchema):
    """Every fact of dispatch names the case its whistle was blown for."""

    source = "dispatch"
    whistle_id = Id()
    whistle_number = case_no()


class AboutCase(DispatchEvent):
    """Adds the field `source`; apart, because the class attribute of that name would hide it from type checkers."""

    source: Any = One(SourceRef)


class TaskFact(AboutCase):
    """About one unit's task 哨令."""

    task_id = Id()
    unit = One(UnitRef)


def about_whistle(**more: object) -> Example:
    return {
        "whistle_id": samples.WHISTLE,
        "whistle_number": samples.WHISTLE_NO,
        "source": samples.ABOUT_APPEAL,
        **more,
    }


def about_task(**more: object) -> Example:
    return about_whistle(task_id=samples.TASK, unit=samples.JUDICIAL, **more)
