"""What portal would clear now, because its term of keeping is over."""

from contracts.retention import CountDueCommand


class CountDueInPortal(CountDueCommand):
    service = "portal"
    title = "门户的到期清除试算"
