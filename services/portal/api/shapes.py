"""Shapes of the portal's own questions and answers; everything else is in the contracts."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from contracts.fields import UNPRINTABLE, Code, Count, Flag, Many, Moment, One, Spoken, Text, Words, some
from contracts.intake.appeals import ContactPersonInput, ReporterInput
from contracts.schema import AnswerSchema, Shape, StrictShape
from contracts.tokens import area, case_no, category_code
from contracts.tokens import fingerprint as fingerprint_field
from kernel import codes

UNSORTED = "other.unsorted.any"
"""Category of a report whose sender chose none; staff put it right."""


class Secret(Spoken, fields.String):
    """A password: taken as it is, blanks included; what no text may hold is refused as everywhere."""

    default_error_messages: Words = {"invalid": "应为文字", "unprintable": "含有不能使用的字符"}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, *args, **kwargs))
        if UNPRINTABLE.search(text):
            raise self.make_error("unprintable")
        return text


class LoginInput(StrictShape):
    """用户名和密码；设置了动态验证码的，还有手机上的六位码或一个恢复码。"""

    username = Text(64)
    password = Secret(required=True)
    code = Text(64, optional=True, label="动态验证码")


class GrantView(Shape):
    """One role at one place."""

    role = Code(codes.Role)
    label = Text(20)
    node = area()
    unit = Text(63, optional=True)


class MeView(AnswerSchema):
    """Who is logged in, and what they may do where."""

    id = Text(64)
    name = Text(40)
    kind = Code(codes.PrincipalKind)
    unit = Text(63, optional=True)
    roles = Many(Code(codes.Role))
    grants = Many(One(GrantView))
    expires_at = Moment()


class LoginView(AnswerSchema):
    """A session. `token` goes into `Authorization: Bearer …`."""

    token = Text(100)
    expires_at = Moment()
    person = One(MeView)


class PublicAppeal(StrictShape):
    """What a resident reports without an account. What is left out is filled in: nature HELP, title from the
    words."""

    nature = Code(codes.Nature, default=codes.Nature.HELP)
    category = category_code(optional=True)
    title = Text(80, optional=True)
    content = Text(5000)
    place_text = Text(200)
    area_path = area()
    damage_ongoing = Flag(default=False)
    about_staff = Flag(default=False)
    danger_flags = Many(Code(codes.DangerFlag), most=20)
    secret = Flag(default=False)
    reporter = One(ReporterInput)
    contact_person = One(ContactPersonInput, optional=True)


class PublicHazard(StrictShape):
    """A danger in a public place, reported without an account."""

    description = Text(2000)
    place_text = Text(200)
    area_path = area()
    kind = Code(codes.HazardKind, default=codes.HazardKind.OTHER)
    asset = Code(codes.AssetLabel, optional=True)
    danger_flags = Many(Code(codes.DangerFlag), most=20)
    reporter = One(ReporterInput)


class ReceiptView(AnswerSchema):
    """The receipt: keep the number; with it and the last four digits of the telephone the case can be looked up."""

    number = case_no()
    registered_at = Moment()
    promise_at = Moment(optional=True)
    first_responder_name = Text(40)
    look_up = Text(200)


class UploadInput(Schema):
    """A multipart form."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class UploadView(AnswerSchema):
    """A kept file; its fingerprint goes into attachments."""

    sha256 = fingerprint_field()
    size = Count(1)
    media_type = Text(60)


class AttachmentItem(AnswerSchema):
    """A file of a matter, with its own address."""

    item = Text(40)
    href = Text(200)
    kind = Text(20, optional=True)
    stage = Text(20, optional=True)
    taken_at = Moment(optional=True)


class AttachmentList(AnswerSchema):
    items = some(AttachmentItem)


class UnitFileItem(AttachmentItem):
    """A file of an order, by the fingerprint its bytes have."""

    href = Text(400)
    sha256 = fingerprint_field()


class UnitFileList(AnswerSchema):
    """`taken`: whether files may be brought."""

    items = some(UnitFileItem)
    taken = Flag()


class ProblemView(AnswerSchema):
    """A problem document (RFC 9457)."""

    type = fields.String(required=True, metadata={"example": "/problems/conflict", "description": "说明页的地址"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "程序判断用的代码"})
    errors = fields.Dict(keys=fields.String(), metadata={"description": "哪一栏、为什么（code=invalid 时）"})
    allowed_states = fields.List(fields.String(), metadata={"description": "允许此操作的状态（code=conflict 时）"})
    incident = fields.String(metadata={"description": "故障编号（code=fault 时）"})
