"""What a store answers about who looked at personal data on a day: counts by account, for the daily look at looks."""

from contracts.fields import Count, Day, Text, some
from contracts.schema import AnswerSchema, CommandSchema, Shape
from contracts.tokens import Token
from kernel.rights import services

CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class LooksOf(Shape):
    """What one account looked at: how often, of how many matters, how often at night."""

    account = Text(80, label="账号")
    looks = Count(label="看了几次")
    at_night = Count(label="夜间几次")
    matters = Count(label="几个人或几件事")


class Looks(AnswerSchema):
    items = some(LooksOf, most=5000)


class CountLooks(CommandSchema):
    """For notify, which puts the stores' answers together. The night may go over midnight."""

    answer = Looks
    keeps_answer = False
    by = services("notify").said("通知服务")
    day = Day()
    night_from, night_to = Token(CLOCK, "应为几点几分"), Token(CLOCK, "应为几点几分")


EXAMPLE: dict[str, object] = {"day": "2024-07-08", "night_from": "22:00", "night_to": "07:00"}
