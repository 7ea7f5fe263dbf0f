"""Appeals 诉求: registered and looked at."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts import samples
from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text, some
from contracts.intake.base import READERS, AppealFact, IntakeCommand, about_appeal
from contracts.matters import Matter
from contracts.schema import Shape, StrictShape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, MaskedPerson, Page, PersonRef, files
from contracts.tokens import Amount, PersonName, Phone, area, case_no, category_code, staff_id, unit_code
from kernel import codes
from kernel.codes import Role
from kernel.rights import anywhere, everybody, residents

TAG = "诉求"


class ReporterView(Shape):
    """The person who reported, masked; `reveal_contact` with a purpose gives more."""

    person_id = Id()
    masked_name = Text(40)
    masked_phone = Text(40, optional=True)
    contact_preference = Code(codes.ContactPreference, optional=True)


class ContactPersonView(Shape):
    """Somebody who speaks for the reporter, masked."""

    person_id = Id()
    masked_name = Text(40)
    masked_phone = Text(40, optional=True)
    relation = Code(codes.Relation)
    authorised = Flag()


class HandlingView(Shape):
    """One record of handling 办理记录."""

    by = One(PersonRef)

    at = Moment()
    by = One(PersonRef)
    how = Code(codes.HandlingHow)
    stage = Code(codes.HandlingStage, optional=True)
    content = Text(5000, optional=True)
    interim_measure = Text(500, optional=True)
    told_citizen = Flag(optional=True)
    attachments = files()


class ExtensionView(Shape):
    """A deadline that was moved, and why."""

    old_due_at = Moment()
    new_due_at = Moment()
    reason_code = Code(codes.ExtendReason)
    reason = Text(1000, optional=True)
    at = Moment(optional=True)


class LossView(Shape):
    """One item of a loss list."""

    item = Text(100)
    amount = Amount()


class DisputeView(Shape):
    """What intake knows of a dispute; the rest is mediation's."""

    dispute_type = Code(codes.DisputeType)
    cause = Code(codes.DisputeCause)
    cause_text = Text(2000, optional=True)
    losses = some(LossView)
    claimed_amount = Amount(optional=True)
    risk_level = Code(codes.RiskLevel)


class MergedView(Shape):
    """What was merged into an appeal. Without words and files where the viewer may not read that case."""

    number = case_no()
    created_at = Moment()
    channel = Code(codes.Channel)
    urgency = Code(codes.Urgency)
    title = Text(80, optional=True)
    content = Text(5000, optional=True)
    place_text = Text(200, optional=True)
    attachments = files()
    handling = some(HandlingView, most=1000)


class AppealSummary(AggregateView):
    """A row of a list."""

    about = Matter("APPEAL", "诉求", codes.AppealState, headline="{title}")
    state = Code(codes.AppealState)
    nature = Code(codes.Nature)
    category = category_code()
    title = Text(80)
    urgency = Code(codes.Urgency)
    lead_unit = unit_code(optional=True)
    handler = One(PersonRef, optional=True)
    first_responder = One(PersonRef)
    promise_at = Moment(optional=True)
    due_at = Moment(optional=True)
    overdue = Many(Code(codes.AppealStage))


class AppealView(AppealSummary):
    """The whole work order, for staff. Of a secret reporter nothing is said: `reporter` is null, `secret` true."""

    channel = Code(codes.Channel)
    source = Code(codes.Source)
    content = Text(5000)
    place_text = Text(200)
    urgency_reasons = Many(Text(100))
    damage_ongoing = Flag()
    danger_flags = Many(Code(codes.DangerFlag))
    secret = Flag()
    against = Many(Text(64), most=40)
    anonymous = Flag(default=False)
    reporter = One(ReporterView, optional=True)
    contact_person = One(ContactPersonView, optional=True)
    attachments = files()
    result_attachments = files()
    first_contact_due = Moment(optional=True)
    first_contacted_at = Moment(optional=True)
    handling = some(HandlingView, most=1000)
    extensions = some(ExtensionView)
    dispute = One(DisputeView, optional=True)
    result_kind = Code(codes.ResultKind, optional=True)
    result_text = Text(5000, optional=True)
    result_attachments = files()
    ending_evidence = files()
    legal_basis = Text(1000, optional=True)
    reason_code = Text(40, optional=True)
    where_to_go = Code(codes.WhereToGo, optional=True)
    merged_into = case_no(optional=True)
    merged = some(MergedView, most=1000)
    supervision_due = Moment(optional=True)
    supervision_words = Text(2000, optional=True)
    object_until = Moment(optional=True)
    reopen_count = Count(default=0)
    solved = Code(codes.Solved, optional=True)
    satisfied = Code(codes.Satisfied, optional=True)
    closed_at = Moment(optional=True)


class AppealPage(Page):
    items = some(AppealSummary)


class AppealCommand(VersionedCommand):
    """Changes the appeal `number`."""

    service = "intake"
    answer = AppealView
    number = case_no()


WITHOUT_PHONE = frozenset({codes.ContactPreference.VISIT, codes.ContactPreference.LETTER})


class ReporterInput(StrictShape):
    """Who reports. Somebody without a telephone is visited or written to."""

    name = PersonName(label="群众姓名", help="不肯说就空着，算匿名")
    phone = Phone(optional=True, label="群众电话", help="没有电话就空着，改为上门联系")
    contact_preference = Code(codes.ContactPreference, default=codes.ContactPreference.CALL)

    @validates_schema
    def reachable(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data.get("phone") and data.get("contact_preference") not in WITHOUT_PHONE:
            raise ValidationError("没有电话时，联系方式请选上门或书信", "phone")


class ContactPersonInput(StrictShape):
    """Who speaks for the reporter; `authorised` records that the reporter said so."""

    name = PersonName()
    phone = Phone()
    relation = Code(codes.Relation)
    authorised = Flag()


class TitledCommand(IntakeCommand):
    """Holds the field `title`, which a command's class attribute of that name would hide from type checkers."""

    title: Any = Text(80)


class RegisterAppeal(TitledCommand):
    """`reporter` null = anonymous. Urgency is computed from category, damage and danger, never asked for.

    A complaint of staff or units of the place (`about_staff`, `against_units`, `against_people`, or told by category
    and words) goes to the area above the unit complained of, and nobody of that unit sees it.
    """

    title = "登记诉求"
    main = True
    route = "POST /appeals"
    by = residents() | anywhere(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
    hint = "紧急程度由系统按类别、损失和危险标记计算。不填报告人即匿名。"
    location = "/api/appeals/{number}"
    answer = AppealView
    content = Text(5000, label="什么事", help="一句话就行")
    area_path = area(label="在哪里")
    place_text = Text(200, label="具体位置", help="例如：2单元301室")
    attachments = files(label="照片")
    damage_ongoing = Flag(default=False, label="现在还在造成损失")
    danger_flags = Many(Code(codes.DangerFlag), most=20, label="有没有危险", help="选一项即为紧急")
    reporter = One(ReporterInput, optional=True)
    contact_person = One(ContactPersonInput, optional=True)
    category = category_code(label="哪一类")
    channel = Code(codes.Channel, label="怎么反映的")
    nature = Code(codes.Nature, label="性质")
    secret = Flag(default=False, label="群众要求保密")
    source = Code(codes.Source, default=codes.Source.RESIDENT)
    about_staff = Flag(default=False)
    against_units = Many(unit_code(), most=10)
    against_people = Many(staff_id(), most=10)
    example = {
        "channel": "PHONE",
        "source": "RESIDENT",
        "nature": "HELP",
        "category": "housing.drain.blocked",
        "title": "卫生间污水倒灌",
        "content": "新装修的房子没有住人，下水道堵塞，污水从卫生间倒灌并流到楼道。本人在外地看病。",
        "place_text": "5号楼2单元301室",
        "area_path": samples.STAIRWELL,
        "damage_ongoing": True,
        "danger_flags": ["FLOODING"],
        "secret": False,
        "about_staff": False,
        "against_units": [],
        "against_people": [],
        "reporter": {"name": "陈阿姨", "phone": "13900000001", "contact_preference": "CALL"},
        "contact_person": {"name": "陈小华", "phone": "13900000002", "relation": "RELATIVE", "authorised": True},
        "attachments": [samples.PHOTO],
    }


class GetAppeal(IntakeCommand):
    title = "查看诉求"
    route = "GET /appeals/<number>"
    by = READERS
    answer = AppealView
    number = case_no()
    example = {"number": samples.APPEAL_NO}


class ListAppeals(ListCommand):
    """Within the asker's areas; every filter narrows, and a missing one does not."""

    service = "intake"
    title = "诉求列表"
    route = "GET /appeals"
    by = everybody("登录的人，所列限本人可以查看的")
    hint = "只列出本人职责区域内的诉求。"
    answer = AppealPage
    state = Many(Code(codes.AppealState), most=20)
    area_path = area(optional=True)
    handler_id = staff_id(optional=True)
    due_before = Moment(optional=True)
    supervised = Flag(default=False)
    numbers = Many(case_no(), most=200)
    example = {
        "cursor": None,
        "limit": 50,
        "state": ["ASSIGNED", "IN_PROGRESS"],
        "area_path": samples.COMMUNITY,
        "handler_id": None,
        "due_before": samples.EVENING,
        "supervised": False,
        "numbers": [samples.APPEAL_NO],
    }


class RegisteredWords(AppealFact):
    """Holds the field `source`, which an event's class attribute of that name would hide from type checkers."""

    source: Any = Code(codes.Source)


class AppealRegistered(RegisteredWords):
    """A case exists. `first_responder` answers for it to the end (首问责任制).

    `against` holds codes of the units and ids of the members of staff complained of: they are told nothing of the case.
    `anonymous`: nobody is known who reported; else a `reporter` left out asked for secrecy.
    """

    title = "诉求登记"
    for_staff = "收到{nature}（{channel}），紧急程度“{urgency}”，{promise_at}前反馈。首问负责人：{first_responder}。"
    for_resident = "您的事已经登记，{first_responder}负责到底。"
    channel = Code(codes.Channel)
    nature = Code(codes.Nature)
    category = category_code()
    urgency = Code(codes.Urgency)
    damage_ongoing = Flag()
    secret = Flag()
    anonymous = Flag(default=False)
    against = Many(staff_id(), most=40)
    first_responder = One(PersonRef)
    reporter = One(MaskedPerson, optional=True)
    promise_at = Moment()
    first_contact_due = Moment()
    example = about_appeal(
        channel="PHONE",
        source="RESIDENT",
        nature="HELP",
        category="housing.drain.blocked",
        urgency="EMERGENCY",
        damage_ongoing=True,
        secret=False,
        anonymous=False,
        against=[],
        first_responder=samples.LI_SHAN,
        reporter=samples.REPORTER,
        promise_at="2024-07-06T03:00:00Z",
        first_contact_due="2024-07-06T01:15:00Z",
    )
