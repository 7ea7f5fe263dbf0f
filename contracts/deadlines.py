"""Deadlines that approach: every service says it of its own, in one shape."""

from contracts.fields import Code, Count, Moment, One
from contracts.schema import EventSchema
from contracts.shapes import PersonRef, UnitRef
from contracts.tokens import case_no
from kernel.codes import AppealStage, OverdueStage

TITLE = "将到期"


class DeadlineApproaching(EventSchema):
    """A share of the time has passed and the work is not done; told once a share (domain §3.5).

    The envelope says for whom it waits; `holder` is that person's name, where it is a person.
    """

    for_staff = "时限已过{percent}%，{due_at}前要完成。"
    for_resident = None
    number = case_no()
    percent = Count(1, 99)
    due_at = Moment()
    holder = One(PersonRef, optional=True)


class IntakeDeadlineApproaching(DeadlineApproaching):
    source = "intake"
    title, for_staff = TITLE, "[{stage}]" + DeadlineApproaching.for_staff
    stage = Code(AppealStage, optional=True)


class DispatchDeadlineApproaching(DeadlineApproaching):
    source = "dispatch"
    title, for_staff = TITLE, "[{unit}{stage}]" + DeadlineApproaching.for_staff
    stage = Code(OverdueStage, optional=True)
    unit = One(UnitRef, optional=True)


class MediationDeadlineApproaching(DeadlineApproaching):
    source = "mediation"
    title = TITLE


class NotifyDeadlineApproaching(DeadlineApproaching):
    source = "notify"
    title = TITLE
