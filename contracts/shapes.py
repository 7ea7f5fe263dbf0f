"""Parts that occur in more than one event, command or answer."""

from base64 import b64encode
from typing import Any

from marshmallow import fields, validate

from contracts.fields import Code, Count, Id, Many, Moment, One, Spoken, Text, Words, some
from contracts.schema import AnswerSchema, CommandSchema, Shape
from contracts.tokens import area, case_no, file_content, fingerprint, staff_id, unit_code
from kernel import codes


class PersonRef(Shape):
    """A member of staff by display name. Residents never appear here."""

    id = staff_id()
    name = Text(40)


class Addressee(Shape):
    """Whom a message went to: a person's id with a masked or display name, or a unit's code with its name."""

    id = staff_id()
    name = Text(60)


class MaskedPerson(Shape):
    """A resident, masked."""

    person_id = Id()
    masked_name = Text(40)


class UnitRef(Shape):
    """A body that can be whistled for."""

    code = unit_code()
    name = Text(60)
    kind = Code(codes.UnitKind)


class SourceRef(Shape):
    """What a whistle, a mediation case or a follow-up is about."""

    kind = Code(codes.CaseKind)
    id = Id()
    number = case_no()


class Party(Shape):
    """A party of a dispute, masked."""

    party_id = Id()
    person_id = Id(optional=True)
    masked_name = Text(40)
    side = Code(codes.PartySide)


class Coordinate(Spoken, fields.Float):
    """Degrees of WGS 84, at most `limit` either way."""

    default_error_messages: Words = {"invalid": "应为经纬度", "too_large": "应为经纬度", "special": "应为经纬度"}

    def __init__(self, limit: int) -> None:
        span = validate.Range(-limit, limit, error="应在 {min} 到 {max} 之间")
        super().__init__(required=True, validate=[span])

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> float:
        """A number, not a text that looks like one."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        return float(super()._deserialize(value, *args, **kwargs))


class Geo(Shape):
    """A point, WGS 84."""

    lat = Coordinate(90)
    lon = Coordinate(180)


def point() -> One:
    """A point that may be missing."""
    return One(Geo, optional=True)


class Attachment(Shape):
    """A file in the portal's upload store, named by its fingerprint."""

    sha256 = fingerprint()
    kind = Code(codes.AttachmentKind)
    stage = Code(codes.AttachmentStage, default=codes.AttachmentStage.DURING)
    taken_at = Moment(optional=True)
    geo = point()


def files(**kwargs: Any) -> Many:
    """Up to 30 files."""
    return some(Attachment, most=30, **kwargs)


class SentFile(Attachment):
    """The same from a program, which may send a small file along. Without `content` it has been uploaded before."""

    content = file_content()


def evidence_files(shape: type[Attachment] = Attachment, **kwargs: Any) -> Many:
    """佐证 of work that is done: 1 to 30 files."""
    return some(shape, least=1, most=30, lacking="办结必须附佐证材料", **kwargs)


class Page(AnswerSchema):
    """Part of a list. `next_cursor` is null at its end; cursors are opaque."""

    items: Many
    next_cursor = Text(400, optional=True)


class DocumentView(AnswerSchema):
    """A printable document; `content` is base64. It names people: for print and signature only."""

    media_type = Text(60)
    filename = Text(120)
    content = Text(20_000_000)


class ListCommand(CommandSchema):
    """`cursor` is the `next_cursor` of the page before, or null; `limit` rows at most."""

    cursor = Text(400, optional=True)
    limit = Count(1, 200, default=50)


class AggregateView(AnswerSchema):
    """What every view of an aggregate begins with.

    `allowed_commands`: RPC methods the state allows now and the asker may use; pages draw their buttons from it.
    """

    id = Id()
    number: fields.String = case_no()
    case_number = case_no()
    version = Count()
    area_path = area()
    created_at = Moment()
    updated_at = Moment(optional=True)
    allowed_commands = Many(Text(60))


def pdf_answer(name: str, content: bytes) -> dict[str, str]:
    """A PDF as `DocumentView` answers it."""
    return {"media_type": "application/pdf", "filename": name, "content": b64encode(content).decode()}


class RevealCommand(CommandSchema):
    """Names and telephones, unmasked. Needs `purpose`; every answer leaves an audit row (domain §3.6 invariant 19)."""

    keeps_answer = False
    hint = "每次查看都记入审计。"
    number = case_no()
    purpose = Text(200, label="为什么要看")


class TelephoneView(AnswerSchema):
    """Whom to call."""

    name = Text(40, label="姓名")
    phone = Text(20, label="电话", optional=True)
