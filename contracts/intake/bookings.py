"""Bookings 预约: a place in a slot of a window or a room, taken, used, given back or missed (domain §1.1 row 7)."""

from contracts.fields import Code, Count, Day, Many, Moment, One, Text, some
from contracts.intake.base import DESKS, IntakeCommand, IntakeEvent
from contracts.intake.errands import ApplicantInput
from contracts.intake.residents import LookUp, ResidentMatterView
from contracts.intake.views import ReporterView
from contracts.matters import Matter
from contracts.schema import AnswerSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, MaskedPerson, Page
from contracts.tokens import area, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.codes.errands import ErrandMatter
from kernel.rights import anybody, anywhere, at, everybody, in_states, own, residents, services

TAG = "预约"


class BookingState(Codes):
    BOOKED = "BOOKED", "已预约"
    ATTENDED = "ATTENDED", "已到"
    MISSED = "MISSED", "没有来"
    CANCELLED = "CANCELLED", "已取消"


BOOKER = own("booked_by_id", words="预约的人")
INSIDERS = DESKS | at(Role.AUDITOR) | BOOKER
READERS = services() | INSIDERS
REVEALED_TO = services() | at(Role.AUDITOR) | DESKS.given(in_states("未到的预约", BookingState.BOOKED))


class BookingView(AggregateView):
    about = Matter(
        "BOOKING", "预约", BookingState, {"BOOKED": "今后的预约"}, headline="{starts_at}{point_name}：{matter}"
    )  # fmt: skip
    state = Code(BookingState, label="状态")
    matter = Code(ErrandMatter, label="办什么")
    point_name = Text(60, label="服务点")
    starts_at = Moment(label="时间")
    applicant = One(ReporterView, label="预约人", optional=True, seen_by=INSIDERS)


class BookingPage(Page):
    items = some(BookingView)


class SlotView(Shape):
    """A slot that is still to come."""

    starts_at = Moment()
    free = Count()


class SlotPage(AnswerSchema):
    items = some(SlotView)
    next_cursor = Text(400, optional=True)


class BookingCommand(VersionedCommand, IntakeCommand):
    answer = BookingView
    number = case_no()


class MakeBooking(IntakeCommand):
    """Whoever comes second for the last place meets a Conflict that names the next free slots of the day."""

    title = "预约窗口"
    route = "POST /bookings"
    by = residents() | anywhere(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
    location = "/api/bookings/{number}"
    answer = BookingView
    area_path = area(label="哪里的窗口")
    room = Text(60, optional=True, label="哪个接待室", help="空着就是办事窗口")
    starts_at = Moment(label="什么时候", help="整点或半点")
    matter = Code(ErrandMatter, label="办什么")
    applicant = One(ApplicantInput)


class CancelBooking(BookingCommand):
    """The place is free again at once."""

    title = "取消预约"
    route = "POST /bookings/<number>/cancellation"
    by = BOOKER | DESKS


class AttendBooking(BookingCommand):
    """Also who comes late is served."""

    title = "人到了"
    main = True
    route = "POST /bookings/<number>/attendance"
    by = DESKS


class GetBooking(IntakeCommand):
    title = "查看预约"
    route = "GET /bookings/<number>"
    by = READERS
    answer = BookingView
    number = case_no()


class ListBookings(ListCommand, IntakeCommand):
    title = "预约"
    route = "GET /bookings"
    page = "bookings"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = BookingPage
    state = Many(Code(BookingState), most=20, label="状态")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class CheckBooking(LookUp):
    title = "居民凭编号和电话尾号查询预约"
    route = "GET /public/bookings/<number>"
    looks_up = "K"
    answer = ResidentMatterView


class ListSlots(IntakeCommand):
    """The slots of a window or room on a day that are still to come, with the places left in each."""

    title = "可预约的时段"
    route = "GET /bookings/slots"
    by = anybody()
    public = True
    answer = SlotPage
    area_path = area()
    room = Text(60, optional=True, label="哪个接待室")
    day = Day()


class BookingFact(IntakeEvent):
    number = case_no()
    starts_at = Moment()
    applicant = One(MaskedPerson)


class BookingMade(BookingFact):
    title = "预约"
    for_staff = for_resident = "预约了{starts_at}。"


class BookingCancelled(BookingFact):
    title = "取消预约"
    for_staff = for_resident = "{starts_at}的预约已取消。"


class BookingAttended(BookingFact):
    title = "按约到场"
    for_staff = for_resident = "{starts_at}的预约，人已到。"


class BookingMissed(BookingFact):
    title = "没有来"
    for_staff = for_resident = "{starts_at}的预约没有来。"
