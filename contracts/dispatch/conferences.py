"""Conferences: the joint meeting 联席会 on the need list, the consultation 会诊 on hard matters (domain §2 A6)."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts.dispatch.base import OFFICES, DispatchQuestion
from contracts.fields import Code, Count, Day, Id, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.schema import EventSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, DocumentView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no, unit_code
from contracts.words import shared_text
from kernel.codes import NeedDecision, Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, everybody, services

TAG = "联席会"
CHAIRS = at(Role.COMMUNITY, Role.STREET)
READERS = services() | OFFICES | among("invited", "受邀单位的人")


class ConferenceKind(Codes):
    JOINT = "JOINT", "联席会"
    CONSULTATION = "CONSULTATION", "会诊"


class ConferenceState(Codes):
    CALLED = "CALLED", "已召集"
    HELD = "HELD", "已开"
    CANCELLED = "CANCELLED", "已取消"


class AgendaView(Shape):
    """`earlier` are whistles blown for the matter before: what was tried."""

    item = case_no(label="事项")
    decision = Code(NeedDecision, optional=True, label="决定")
    until = Day(optional=True, label="什么时候办好")
    conclusion = Text(1000, optional=True, label="结论")
    funding = Text(200, optional=True, label="资金来源")
    contractor = unit_code(optional=True, label="由谁办")
    whistle = case_no(optional=True, label="哨单")
    earlier = Many(case_no(), label="以前的哨单")
    decided_by = One(PersonRef, optional=True, label="谁记的")


class ConferenceView(AggregateView):
    about = Matter("CONFERENCE", "联席会", ConferenceState, {"CALLED": "待开会"}, headline="{kind}：{topic}")
    state = Code(ConferenceState, label="进展")
    kind = Code(ConferenceKind, label="哪种会")
    topic = Text(80, label="议题")
    held_at = Moment(label="什么时候")
    place_text = Text(200, label="在哪里", optional=True)
    due_at = Moment(label="期限", optional=True)
    called_by = One(PersonRef, label="召集人")
    invited = Many(unit_code(), label="受邀单位")
    agenda = some(AgendaView, label="议程")
    minutes = Text(5000, label="纪要", optional=True)


class ConferencePage(Page):
    items = some(ConferenceView)


class ConferenceCommand(VersionedCommand):
    service = "dispatch"
    answer = ConferenceView
    number = case_no()


class CallConference(DispatchQuestion):
    """A joint meeting has what waits on the need list of the place on its agenda; a consultation what is named."""

    title = "召集联席会、会诊"
    route = "POST /conferences"
    by = CHAIRS
    hint = "联席会的议程自动带上本地需求清单上还没有研究的事项；会诊写明要研究的诉求编号。"
    location = "/api/conferences/{number}"
    answer = ConferenceView
    kind = Code(ConferenceKind, label="哪种会")
    topic = shared_text(80, label="议题")
    area_path = area(label="在哪里")
    held_at = Moment(label="什么时候开")
    place_text = shared_text(200, label="会场", optional=True)
    invited = Many(unit_code(), most=30, label="请哪些单位")
    appeals = Many(case_no(), most=20, label="会诊哪些诉求", help="会诊必填")

    @validates_schema
    def complete(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("kind") == ConferenceKind.CONSULTATION and not data.get("appeals"):
            raise ValidationError("会诊要写明研究哪些诉求", "appeals")


class DecideItem(ConferenceCommand):
    """What is to be done names its money and who does it; with a contractor a whistle goes out, one task for all units
    that the sweep found in need (`campaign`)."""

    title = "记决定"
    main = True
    route = "POST /conferences/<number>/decisions"
    by = CHAIRS
    item = case_no(label="哪一项")
    conclusion = shared_text(1000, label="怎么定的")
    decision = Code(NeedDecision, optional=True, label="决定", help="联席会必填")
    until = Day(optional=True, label="什么时候办好", help="延后办理必填")
    funding = shared_text(200, optional=True, label="资金来源", help="办理必填")
    contractor = unit_code(optional=True, label="由谁办")
    campaign = case_no(optional=True, label="按哪次摸排逐单元办")

    @validates_schema
    def complete(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("decision") == NeedDecision.LATER and not data.get("until"):
            raise ValidationError("延后办理要写明什么时候办好", "until")
        if data.get("contractor") and not data.get("funding"):
            raise ValidationError("要写明资金来源", "funding")


class HoldConference(ConferenceCommand):
    """What was not decided waits for the next meeting."""

    title = "散会，记纪要"
    route = "POST /conferences/<number>/minutes"
    by = CHAIRS
    minutes = shared_text(5000, label="纪要")


class CancelConference(ConferenceCommand):
    title = "取消"
    route = "POST /conferences/<number>/cancellation"
    by = CHAIRS


class GetConference(DispatchQuestion):
    title = "查看联席会"
    route = "GET /conferences/<number>"
    by = READERS
    answer = ConferenceView
    number = case_no()


class ConferencePaper(Codes):
    AGENDA = "AGENDA", "议程"
    MINUTES = "MINUTES", "纪要"


class GetConferencePaper(DispatchQuestion):
    keeps_answer = False
    title = "打印联席会文书"
    route = "GET /conferences/<number>/papers/<paper>.pdf"
    file = True
    by = READERS
    hint = "会前的议程、会后的纪要，PDF。"
    answer = DocumentView
    number = case_no()
    paper = Code(ConferencePaper)


class ListConferences(ListCommand, DispatchQuestion):
    title = "联席会、会诊"
    route = "GET /conferences"
    page = "conferences"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ConferencePage
    state = Many(Code(ConferenceState), most=5, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ConferenceFact(EventSchema):
    source = "dispatch"
    number = case_no()


class ConferenceCalled(ConferenceFact):
    title = "召集"
    for_staff, for_resident = "召集{kind}，{held_at}开，议程{count}项。", None
    kind, held_at, count = Code(ConferenceKind), Moment(), Count()


class ConferenceItemListed(ConferenceFact):
    """One matter of the agenda: who asked for it hears when it is talked about."""

    title = "列入议程"
    for_staff, for_resident = "{item}列入{held_at}的{kind}。", None
    kind, item, appeal_id, held_at = Code(ConferenceKind), case_no(), Id(), Moment()


class ConferenceItemDecided(ConferenceFact):
    title = "决定"
    for_staff, for_resident = "{item}：[{decision}][，{until}前办好][，由{contractor}办]。", None
    item, appeal_id, decided_by = case_no(), Id(), One(PersonRef)
    decision, until = Code(NeedDecision, optional=True), Day(optional=True)
    contractor = unit_code(optional=True)


class JointMeetingHeld(ConferenceFact):
    title = "散会"
    for_staff, for_resident = "{kind}开完，决定{done}项，{left}项留到下次。", None
    kind, done, left = Code(ConferenceKind), Count(), Count()


class ConferenceCancelled(ConferenceFact):
    title = "取消"
    for_staff, for_resident = "会议取消，议程留到下次。", None
