"""Wordings 通知用语: every message that can be sent, as it would read, and how long it is as a text message."""

from contracts.fields import Code, Count, Flag, Many, Text, some
from contracts.notify.base import NotifyCommand
from contracts.schema import Shape
from contracts.shapes import Page
from contracts.tokens import template_code
from kernel import codes
from kernel.codes import Role
from kernel.rights import anywhere

TAG = "通知与公示"


class WordingView(Shape):
    """`title` and `body` with their blanks; `sample` with the values of an example, as one text.

    `version` is made of the words: messages keep that of theirs. `units` and `parts` are those of the sample: a text
    message holds 70 UTF-16 units, a longer one goes in parts of 67.
    """

    template = template_code()
    version = Text(8, label="用语版本")
    event = Text(60, label="因为什么事")
    to = Text(60, label="告诉谁")
    channels = Many(Code(codes.MessageChannel), label="先后走哪些渠道")
    title = Text(200, label="标题")
    body = Text(2000, label="内容")
    sample = Text(2500, label="发出来的样子")
    units = Count(label="短信字数")
    parts = Count(1, label="拆成几条短信")
    may_wait = Flag(label="可以合并到每日汇总")


class WordingPage(Page):
    items = some(WordingView, most=1000)


class ListWordings(NotifyCommand):
    """All of them, the longest first; of one kind of message where `template` names it."""

    keeps_answer = False
    title = "通知用语"
    route = "GET /wordings"
    by = anywhere(Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)
    answer = WordingPage
    template = template_code(optional=True)
    example: dict[str, object] = {"template": "appeal_receipt"}
