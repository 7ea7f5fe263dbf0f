"""Hand deliveries 当面送达: what no text message reaches is told at the door, by telephone or by a printed letter."""

from typing import Any

from contracts.fields import Code, Count, Id, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, DocumentView, ListCommand, Page, PersonRef, files
from contracts.tokens import case_no
from kernel import codes
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, everybody

TAG = "通知与公示"


class HandDeliveryState(Codes):
    OPEN = "OPEN", "待送达"
    DELIVERED = "DELIVERED", "已送达"
    UNDELIVERED = "UNDELIVERED", "没有送达"


class HandWay(Codes):
    """By which way somebody is told in person; the names are those of the channels."""

    LETTER = codes.MessageChannel.LETTER.value, "送信"
    VISIT = codes.MessageChannel.VISIT.value, "上门告知"
    CALL = codes.MessageChannel.CALL.value, "打电话告知"


_BUT_WHO_IS_COMPLAINED_OF = among("against", "被投诉的一方")
DELIVERERS = at(Role.COMMUNITY, Role.GRID).but(_BUT_WHO_IS_COMPLAINED_OF)
READERS = at(Role.COMMUNITY, Role.GRID, Role.STREET, Role.DISTRICT, Role.AUDITOR).but(_BUT_WHO_IS_COMPLAINED_OF)


class HandDeliveryView(AggregateView):
    """One message that somebody takes to one person. The words are in the letter."""

    about = Matter("HAND_DELIVERY", "当面送达", HandDeliveryState, {"OPEN": "送到本人"}, headline="{title}")
    number: Any = case_no(label="编号")
    state = Code(HandDeliveryState, label="进展")
    about_number = case_no(label="关于哪一件")
    masked_name = Text(60, label="送给谁")
    wanted = Code(HandWay, label="本人希望")
    title = Text(200, label="告知什么")
    body = Text(2000, label="怎么说")
    tries = Count(label="没有见到的次数")
    done_by = One(PersonRef, label="谁送的", optional=True)
    way = Code(HandWay, label="怎么送的", optional=True)
    proof = files(label="照片或签收")
    due_at = Moment(label="最晚", optional=True)


class HandDeliveryPage(Page):
    items = some(HandDeliveryView)


class HandDeliveryCommand(VersionedCommand, NotifyCommand):
    answer = HandDeliveryView
    by = DELIVERERS
    number = case_no()


class RecordHandDelivery(HandDeliveryCommand):
    """The message counts as delivered only now."""

    title = "已送到本人"
    main = True
    route = "POST /hand-deliveries/<number>/delivery"
    way = Code(HandWay, label="怎么送的")
    proof = files(label="照片或签收")


class RecordNotMet(HandDeliveryCommand):
    """After the tries of policy key message.in_person the message counts as not delivered."""

    title = "没有见到人"
    route = "POST /hand-deliveries/<number>/miss"
    why = Text(200, label="怎么回事")


class GetHandDelivery(NotifyCommand):
    title = "查看当面送达"
    route = "GET /hand-deliveries/<number>"
    by = READERS
    answer = HandDeliveryView
    number = case_no()


class GetLetter(NotifyCommand):
    """In type of 18 points. It bears the person's name, for which intake is asked: each print is audited."""

    keeps_answer = False
    title = "打印书信"
    route = "GET /hand-deliveries/<number>/letter.pdf"
    file = True
    by = DELIVERERS
    hint = "大字（18 磅）。信上有本人姓名，每次打印都记入审计。"
    answer = DocumentView
    number = case_no()


class ListHandDeliveries(ListCommand, NotifyCommand):
    title = "当面送达"
    route = "GET /hand-deliveries"
    page = "hand-deliveries"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = HandDeliveryPage
    state = Many(Code(HandDeliveryState), most=20, label="进展")
    numbers = Many(case_no(), most=200)


class HandDeliveryFact(NotifyEvent):
    for_resident = None
    number = case_no()
    message_id = Id()
    about_number = case_no()


class HandDeliveryOpened(HandDeliveryFact):
    title = "要当面送达"
    for_staff = "{about_number}的一条通知短信送不到，请当面送达（{wanted}）。"
    wanted = Code(HandWay)


class HandDelivered(HandDeliveryFact):
    title = "当面送达"
    for_staff = "{done_by}已当面送达（{way}）。"
    done_by = One(PersonRef)
    way = Code(HandWay)


class HandNotMet(HandDeliveryFact):
    title = "没有见到"
    for_staff = "第{tries}次没有见到本人。"
    tries = Count()


class HandUndelivered(HandDeliveryFact):
    title = "没有送达"
    for_staff = "去了{tries}次都没有见到本人，没有送达。"
    tries = Count()


class HandDeliveryOverdue(HandDeliveryFact):
    title = "送达超时"
    for_staff = "到期还没有送到本人。"
