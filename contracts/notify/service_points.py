"""Service points 便民服务点: rooms, posted hours and telephones, for everybody who asks where to go or whom to ring."""

from typing import Any

from contracts.fields import Code, Flag, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand
from contracts.schema import AnswerSchema
from contracts.shapes import Page
from contracts.tokens import Token, area
from kernel.codes.base import Code as Codes
from kernel.rights import anybody

TAG = "便民服务点"


class ServicePointState(Codes):
    OPEN = "OPEN", "现在有人"
    SHUT = "SHUT", "现在没人"


class ServicePointView(AnswerSchema):
    """One counter or line; `state` is at the moment of asking, by the posted hours."""

    about = Matter("SERVICE_POINT", "服务点", ServicePointState, headline="{name}")
    name = Text(60, label="名称")
    state: Any = Code(ServicePointState, label="现在")
    area_path = area()
    services = Text(300, label="办什么")
    rooms = Text(100, label="在哪里", optional=True)
    opens = Text(40, label="什么时候")
    phone = Token(r"^[0-9]{3,4}-?[0-9]{0,8}$", "电话格式不对", label="电话")
    round_the_clock = Flag(label="二十四小时有人接", default=False)


class ServicePointPage(Page):
    items = some(ServicePointView, most=500)


class ListServicePoints(NotifyCommand):
    """Those of a place, those inside it, and the lines of the places above it, which answer for all."""

    title = "便民服务点"
    route = "GET /service-points"
    page = "service-points"
    by = anybody()
    public = True
    answer = ServicePointPage
    area_path = area()
