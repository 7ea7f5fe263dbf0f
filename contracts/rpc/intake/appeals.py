"""Registering, finding, accepting and assigning appeals."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts import samples
from contracts.fields import (
    Code,
    Flag,
    Many,
    Moment,
    One,
    PersonName,
    Phone,
    Text,
    area,
    case_no,
    category_code,
    staff_id,
    unit_code,
)
from contracts.rpc.intake.base import AppealCommand, IntakeCommand
from contracts.rpc.paging import ListCommand
from contracts.schema import StrictShape
from contracts.shapes import files
from contracts.views.intake import AppealPage, AppealView
from kernel import codes

WITHOUT_PHONE = frozenset({codes.ContactPreference.VISIT, codes.ContactPreference.LETTER})


class ReporterInput(StrictShape):
    """Who reports. Somebody without a telephone is visited or written to."""

    name = PersonName()
    phone = Phone(optional=True)
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
    answer = AppealView
    channel = Code(codes.Channel)
    source = Code(codes.Source, default=codes.Source.RESIDENT)
    nature = Code(codes.Nature)
    category = category_code()
    content = Text(5000)
    place_text = Text(200)
    area_path = area()
    damage_ongoing = Flag(default=False)
    danger_flags = Many(Code(codes.DangerFlag), most=20)
    secret = Flag(default=False)
    about_staff = Flag(default=False)
    against_units = Many(unit_code(), most=10)
    against_people = Many(staff_id(), most=10)
    reporter = One(ReporterInput, optional=True)
    contact_person = One(ContactPersonInput, optional=True)
    attachments = files()
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
    answer = AppealView
    number = case_no()
    example = {"number": samples.APPEAL_NO}


class ListAppeals(ListCommand):
    """Within the asker's areas; every filter narrows, and a missing one does not."""

    service = "intake"
    title = "诉求列表"
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


class AcceptAppeal(AppealCommand):
    title = "受理诉求"
    example = {"number": samples.APPEAL_NO, "expected_version": 1}


class AssignAppeal(AppealCommand):
    """The deadline is computed; nothing is assigned without one."""

    title = "派单"
    lead_unit = unit_code()
    handler_id = staff_id()
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 2,
        "lead_unit": samples.COMMUNITY_UNIT,
        "handler_id": samples.LI_SHAN["id"],
    }


class SignAppeal(AppealCommand):
    title = "签收诉求"
    example = {"number": samples.APPEAL_NO, "expected_version": 3}
