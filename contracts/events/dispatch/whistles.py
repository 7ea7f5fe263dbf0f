"""Facts of a whistle 哨单 as a whole."""

from contracts import samples
from contracts.events.dispatch.base import AboutCase, about_whistle
from contracts.fields import Code, Count, Id, Moment, One, Text, some, unit_code
from contracts.schema import Example, Shape
from contracts.shapes import PersonRef
from kernel import codes


class Recipient(Shape):
    """A unit asked to come. It has a task only once the whistle is blown."""

    task_id = Id(optional=True)
    unit = unit_code()
    unit_name = Text(60)
    unit_kind = Code(codes.UnitKind)
    role = Code(codes.TaskRole)


class WhistleFact(AboutCase):
    kind = Code(codes.WhistleKind)


class AskingFact(WhistleFact):
    """Who asks whom for what. An EMERGENCY whistle has nobody who approved it."""

    level = Code(codes.WhistleLevel)
    recipients = some(Recipient, least=1, most=30)
    asked_action = Code(codes.AskedAction)
    asked_time = Moment(optional=True)
    drafted_by = One(PersonRef)
    approved_by = One(PersonRef, optional=True)


def _asking(task_id: str | None, approved_by: object) -> Example:
    recipient = {
        "task_id": task_id,
        "unit": samples.JUDICIAL["code"],
        "unit_name": samples.JUDICIAL["name"],
        "unit_kind": samples.JUDICIAL["kind"],
        "role": "LEAD",
    }
    return about_whistle(
        kind="APPEAL",
        level="COMMUNITY",
        recipients=[recipient],
        asked_action="ATTEND_MEETING",
        asked_time=samples.MEETING,
        drafted_by=samples.LI_SHAN,
        approved_by=approved_by,
    )


class WhistleDrafted(AskingFact):
    name = "whistle_drafted"
    title = "哨单已拟"
    example = _asking(None, None)


class WhistleBlown(AskingFact):
    name = "whistle_blown"
    title = "已吹哨"
    example = _asking(samples.TASK, samples.STREET_OFFICER)


class WhistleReturned(WhistleFact):
    name = "whistle_returned"
    title = "哨单已退回"
    reason_code = Code(codes.ReturnReason)
    example = about_whistle(kind="APPEAL", reason_code="INCOMPLETE")


class WhistleCancelled(WhistleFact):
    name = "whistle_cancelled"
    title = "哨单已取消"
    reason_code = Code(codes.CancelReason)
    example = about_whistle(kind="APPEAL", reason_code="WITHDRAWN")


class WhistleClosed(WhistleFact):
    """Every task is rated, waived or reassigned."""

    name = "whistle_closed"
    title = "哨单已办结"
    tasks = Count()
    rated = Count()
    waived = Count()
    reassigned = Count()
    example = about_whistle(kind="APPEAL", tasks=3, rated=3, waived=0, reassigned=0)
