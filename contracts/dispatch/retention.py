"""What dispatch would clear now, because its term of keeping is over."""

from contracts.retention import CountDueCommand


class CountDueInDispatch(CountDueCommand):
    service = "dispatch"
    title = "吹哨派单的到期清除试算"
