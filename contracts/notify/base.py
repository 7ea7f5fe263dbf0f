"""What all that notify says shares."""

from contracts.schema import CommandSchema, EventSchema
from kernel.codes import Role
from kernel.rights import anywhere, at, named, of_unit


class NotifyEvent(EventSchema):
    source = "notify"


class NotifyCommand(CommandSchema):
    service = "notify"


_DESKS = (Role.FOLLOWUP, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)
READERS = anywhere(*_DESKS)
"""May see follow-ups of their places, never of a case that complains of them."""
MESSAGE_READERS = anywhere(*_DESKS, Role.GRID, Role.WINDOW, Role.MEDIATOR)
CASE_READERS = at(*_DESKS).but(named("complained_of", "被投诉的一方"))
INVOLVED = of_unit("handler_unit", "承办单位的人") | named("involved", "承办人、首问责任人、当事人")
"""Nobody follows up on their own work (domain §3.2, §3.6 inv. 7)."""
CALLERS = at(Role.FOLLOWUP).but(INVOLVED)
