"""What orders to intake share."""

from contracts.fields import case_no
from contracts.schema import CommandSchema, VersionedCommand
from contracts.views.intake import AppealView, HazardView


class IntakeCommand(CommandSchema):
    service = "intake"


class AppealCommand(VersionedCommand):
    """Changes the appeal `number`."""

    service = "intake"
    answer = AppealView
    number = case_no()


class HazardCommand(VersionedCommand):
    """Changes the hazard `number`."""

    service = "intake"
    answer = HazardView
    number = case_no()
