"""Appeals 诉求: registered and looked at."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts import samples
from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text
from contracts.intake.base import READERS, AppealFact, IntakeCommand, about_appeal
from contracts.intake.views import AppealPage, AppealView
from contracts.schema import StrictShape, VersionedCommand
from contracts.shapes import ListCommand, MaskedPerson, PersonRef, files
from contracts.tokens import PersonName, Phone, area, case_no, category_code, outside_no, staff_id, unit_code
from kernel import codes
from kernel.codes import Role
from kernel.rights import anywhere, everybody, residents

TAG = "诉求"


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


class KnownReporterInput(ReporterInput):
    """`person_id`: whom the desk has recognised on file. Year of birth and home find somebody without a telephone."""

    person_id = Id(optional=True)
    birth_year = Count(1900, 2100, optional=True, label="出生年份")
    home = Text(200, optional=True, label="住址")


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
    outdoors = True
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
    reporter = One(KnownReporterInput, optional=True)
    contact_person = One(ContactPersonInput, optional=True)
    category = category_code(label="哪一类")
    channel = Code(codes.Channel, label="怎么反映的")
    nature = Code(codes.Nature, label="性质")
    secret = Flag(default=False, label="群众要求保密")
    source = Code(codes.Source, default=codes.Source.RESIDENT)
    outside_number = outside_no(optional=True, label="12345工单编号", help="热线转来的件，填热线的工单编号")
    about_staff = Flag(default=False)
    against_units = Many(unit_code(), most=10)
    against_people = Many(staff_id(), most=10)
    example = {
        "channel": "PHONE",
        "source": "RESIDENT",
        "outside_number": None,
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
        "reporter": {
            "name": "陈阿姨",
            "phone": "13900000001",
            "contact_preference": "CALL",
            "person_id": None,
            "birth_year": None,
            "home": None,
        },
        "contact_person": {"name": "陈小华", "phone": "13900000002", "relation": "RELATIVE", "authorised": True},
        "attachments": [samples.PHOTO],
    }


class GetAppeal(IntakeCommand):
    title = "查看诉求"
    route = "GET /appeals/<number>"
    by = READERS
    answer = AppealView
    number = case_no()


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
