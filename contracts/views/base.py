"""What every view of an aggregate begins with."""

from marshmallow import fields

from contracts.fields import Count, Id, Many, Moment, Text, area, case_no
from contracts.schema import AnswerSchema


class AggregateView(AnswerSchema):
    """`allowed_commands`: RPC methods the state allows now and the asker may use; pages draw their buttons from it."""

    id = Id()
    number: fields.String = case_no()
    case_number = case_no()
    version = Count()
    area_path = area()
    created_at = Moment()
    updated_at = Moment(optional=True)
    allowed_commands = Many(Text(60))
