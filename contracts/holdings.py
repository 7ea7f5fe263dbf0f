"""What every store answers and says about the data of one person: a copy for the person, and what was erased."""

from contracts import samples
from contracts.fields import Code, Count, Id, Many, Moment, Text, some
from contracts.schema import AnswerSchema, CommandSchema, EventSchema, Shape, StrictShape
from contracts.tokens import PersonName, Phone, case_no
from kernel.codes.holdings import Keeping
from kernel.rights import services


class HeldWord(Shape):
    """One thing written down."""

    label = Text(60)
    text = Text(5000, shortest=0)


class HeldItem(Shape):
    """One row that tells of the person."""

    what = Text(60, label="是什么")
    number = Text(60, label="编号", optional=True)
    at = Moment(label="时间", optional=True)
    words = some(HeldWord, most=40, label="内容")


class Holdings(AnswerSchema):
    items = some(HeldItem, most=2000)


class Named(StrictShape):
    name = PersonName()
    phone = Phone(optional=True)


class CopyCommand(CommandSchema):
    """For intake alone, which has looked at who asks. `numbers` are the person's cases."""

    answer = Holdings
    keeps_answer = False
    by = services("intake").said("诉求受理服务")
    people = some(Named, most=20)
    person_ids = Many(Id(), most=20)
    numbers = Many(case_no(), most=2000)


def copy_of_resident() -> dict[str, object]:
    """An example of what is asked."""
    return {"people": [{"name": "陈阿姨", "phone": "13900000001"}], "person_ids": [samples.RESIDENT], "numbers": []}


class KeptItem(Shape):
    """What stays, why and how long; without `until` as long as the matter runs."""

    number = Text(60, label="编号")
    why = Code(Keeping, label="依据")
    until = Moment(label="到什么时候", optional=True)


class StoreErased(EventSchema):
    """A store has erased what it held of the persons of an erasure; `kept` is what the law keeps."""

    for_staff, for_resident = "删除了{cleared}处。", None
    erasure_id = Id()
    cleared = Count()
    kept = some(KeptItem, most=2000)


EXAMPLE_ERASED = {
    "erasure_id": samples.uid(18),
    "cleared": 3,
    "kept": [{"number": samples.MEDIATION_NO, "why": "DOSSIER", "until": samples.MONTH_END}],
}
