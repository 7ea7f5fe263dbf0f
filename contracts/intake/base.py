"""What all that intake says and answers shares."""

from contracts import samples
from contracts.fields import (
    Id,
    case_no,
)
from contracts.schema import CommandSchema, EventSchema, Example


class IntakeEvent(EventSchema):
    source = "intake"


class IntakeCommand(CommandSchema):
    service = "intake"


class AppealFact(IntakeEvent):
    """About one appeal 诉求工单; its number is the case number of all that follows."""

    appeal_id = Id()
    number = case_no()


def about_appeal(**more: object) -> Example:
    """An example's fields of the sample appeal, and more."""
    return {"appeal_id": samples.APPEAL, "number": samples.APPEAL_NO, **more}
