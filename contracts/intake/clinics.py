"""Diagnosis rooms 民情诊断室 (domain §1.4 row 1): several organisations sit in turn and settle face to face."""

from contracts.fields import Code, Flag, Many, Moment, One, Text, some
from contracts.intake.appeals import KnownReporterInput
from contracts.intake.base import IntakeCommand, IntakeEvent
from contracts.intake.raising import FoundAppeal
from contracts.intake.views import ReporterView
from contracts.matters import Matter
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no
from contracts.words import without_secrets
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, own

TAG = "民情诊断室"


class ConsultationState(Codes):
    RECEIVED = "RECEIVED", "正在接待"
    SETTLED = "SETTLED", "当面办结"
    RAISED = "RAISED", "转为诉求"


class TurnState(Codes):
    SITTING = "SITTING", "正在坐诊"
    LATER = "LATER", "轮到再来"


RECEIVER = own("receiver_id", words="接待人")
OFFICE = at(Role.COMMUNITY, Role.STREET)
WORKERS = RECEIVER | at(Role.COMMUNITY)
READERS = RECEIVER | OFFICE | at(Role.DISTRICT, Role.AUDITOR)
REVEALED_TO = WORKERS


class TurnView(Shape):
    """A turn of the rota: who sits when, and for which organisation."""

    about = Matter("CLINIC_TURN", "坐诊安排", TurnState, headline="{room}：{name}（{org_name}）")
    state = Code(TurnState, label="现在")
    room = Text(60, label="在哪里")
    name = Text(40, label="谁坐诊")
    org_name = Text(60, label="哪个单位")
    hours = Text(200, label="时间")


class TurnPage(Page):
    items = some(TurnView)


class ConsultationView(AggregateView):
    """Somebody who came in; what was said is for those who work on it."""

    about = Matter(
        "CONSULTATION", "民情诊断", ConsultationState, {"RECEIVED": "当面接待的事"}, headline="{room}[ {receiver}]"
    )  # fmt: skip
    state = Code(ConsultationState, label="进展")
    room = Text(60, label="在哪里接待")
    matter = Text(2000, label="来说什么", optional=True, seen_by=WORKERS)
    asker = One(ReporterView, label="来访人", optional=True, seen_by=WORKERS)
    receiver = One(PersonRef, label="接待人")
    org_name = Text(60, label="接待人的单位")
    result = Text(1000, label="当面怎么办的", optional=True, seen_by=WORKERS)
    raised = case_no(label="转出的诉求", optional=True)
    due_at = Moment(label="期限", optional=True)


class ConsultationPage(Page):
    items = some(ConsultationView)


class ConsultationCommand(VersionedCommand, IntakeCommand):
    answer = ConsultationView
    number = case_no()


class ReceiveConsultation(IntakeCommand):
    """By who stands in the rota of the room, while somebody sits there. Who comes may stay unnamed; who booked has
    arrived by this and need not say name and telephone again."""

    title = "登记来访"
    route = "POST /consultations"
    by = at(Role.WINDOW, Role.COMMUNITY)
    location = "/api/consultations/{number}"
    answer = ConsultationView
    area_path = area(label="哪里的诊断室")
    matter = Text(2000, without_secrets, label="来说什么", help="用来访人的话")
    booking = case_no(optional=True, label="预约编号", help="没有预约的空着")
    asker = One(KnownReporterInput, optional=True)


class SettleConsultation(ConsultationCommand):
    title = "当面办结"
    main = True
    route = "POST /consultations/<number>/settlement"
    by = WORKERS
    result = Text(1000, without_secrets, label="当面怎么办的")
    agreed = Flag(label="来访人认可")


class RaiseConsultation(FoundAppeal, ConsultationCommand):
    """What cannot be settled face to face; the receiver is the first responder to the end."""

    title = "转为诉求"
    route = "POST /consultations/<number>/appeals"
    by = RECEIVER
    hint = "来访人登记过姓名电话的，不用再填；接待人是首问责任人，一直跟到底。"
    area_path = area(label="在哪里", optional=True, help="空着就是诊断室所在社区")


class GetConsultation(IntakeCommand):
    title = "查看民情诊断"
    route = "GET /consultations/<number>"
    by = READERS
    answer = ConsultationView
    number = case_no()


class ListConsultations(ListCommand, IntakeCommand):
    title = "民情诊断"
    route = "GET /consultations"
    page = "consultations"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ConsultationPage
    state = Many(Code(ConsultationState), most=10, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ListTurns(ListCommand, IntakeCommand):
    """The rooms of a place and of those it lies in; who sits now comes first."""

    title = "民情诊断室坐诊安排"
    route = "GET /consultations/turns"
    page = "clinic"
    by = anybody()
    public = True
    answer = TurnPage
    area_path = area()


class ConsultationFact(IntakeEvent):
    number = case_no()


class ConsultationReceived(ConsultationFact):
    title = "来访"
    for_staff, for_resident = "{receiver}（{org_name}）在{room}接待来访。", None
    receiver = One(PersonRef)
    room, org_name = Text(60), Text(60)


class ConsultationSettled(ConsultationFact):
    title = "当面办结"
    for_staff, for_resident = "当面办结，来访人认可。", None


class ConsultationRaised(ConsultationFact):
    title = "转为诉求"
    for_staff, for_resident = "当面办不了，转为诉求{raised}。", None
    raised = case_no()
