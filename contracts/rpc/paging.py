"""What every list question shares."""

from contracts.fields import Count, Text
from contracts.schema import CommandSchema


class ListCommand(CommandSchema):
    """`cursor` is the `next_cursor` of the page before, or null; `limit` rows at most."""

    cursor = Text(400, optional=True)
    limit = Count(1, 200, default=50)
