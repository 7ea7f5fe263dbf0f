"""What all that notify says shares."""

from contracts.schema import EventSchema


class NotifyEvent(EventSchema):
    source = "notify"
