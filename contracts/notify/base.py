"""What all that notify says shares."""

from contracts.schema import CommandSchema, EventSchema
from kernel.codes import Role
from kernel.rights import among, anywhere, at


class NotifyEvent(EventSchema):
    source = "notify"


class NotifyCommand(CommandSchema):
    service = "notify"


_DESKS = (Role.FOLLOWUP, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)
READERS = anywhere(*_DESKS)
"""May list follow-ups, which they see as CASE_READERS."""
MESSAGE_READERS = anywhere(*_DESKS, Role.GRID, Role.WINDOW, Role.MEDIATOR)
CASE_READERS = at(*_DESKS).but(among("against", "被投诉的一方"))
CALLERS = (
    at(Role.FOLLOWUP)
    .but(among("involved", "承办单位和当事人"))
    .said("该处的回访员；承办单位的人员不得回访本单位办理的诉求，承办人、首问责任人和当事人不得回访自己的诉求")
)
"""Nobody follows up on their own work (domain §3.2, §3.6 inv. 7)."""
