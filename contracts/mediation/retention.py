"""What mediation would clear now, because its term of keeping is over."""

from contracts.retention import CountDueCommand


class CountDueInMediation(CountDueCommand):
    service = "mediation"
    title = "调解的到期清除试算"
