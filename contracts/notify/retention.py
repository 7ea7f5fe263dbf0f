"""What notify would clear now, because its term of keeping is over."""

from contracts.retention import CountDueCommand


class CountDueInNotify(CountDueCommand):
    service = "notify"
    title = "通知关怀的到期清除试算"
