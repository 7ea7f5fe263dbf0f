"""Publication 公示 with objections 异议: shown to everybody for some days, and every objection is answered."""

from contracts.fields import Flag, Id, Moment, Text
from contracts.schema import Shape, StrictShape
from contracts.words import shared_text


class ObjectionView(Shape):
    """For who answers it; who objected is not shown."""

    id = Id()
    at = Moment(label="什么时候提的")
    words = Text(1000, label="异议")
    due_at = Moment(label="答复期限")
    reply = Text(1000, label="答复", optional=True)
    upheld = Flag(label="采纳了吗", optional=True)


class ObjectionInput(StrictShape):
    """What is said against something published."""

    words = Text(1000, label="有什么异议", help="写清楚对哪一点有异议、为什么")


class ObjectionAnswer(StrictShape):
    """Upheld, what was published goes back to where it was decided."""

    objection_id = Id(label="哪一条异议")
    reply = shared_text(1000, label="答复", help="不写姓名、门牌和电话")
    upheld = Flag(label="采纳，退回重议", default=False)
