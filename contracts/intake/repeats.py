"""The same matter of the same person, failed again: taken up without being asked (未诉先办, domain §2 A7)."""

from contracts.fields import Many, Moment
from contracts.intake.base import DESKS, FIRST_RESPONDER
from contracts.intake.errands import ErrandCommand, ErrandFact
from contracts.tokens import case_no
from contracts.words import shared_text

TAG = "代办"


class BookHall(ErrandCommand):
    """It can be solved on the spot: an appointment at the hall, where whoever books goes on with it."""

    title = "约到市民大厅"
    main = True
    route = "POST /errands/<number>/hall"
    by = FIRST_RESPONDER | DESKS
    hall_at = Moment(label="什么时候")


class EscalateErrand(ErrandCommand):
    """It cannot be solved here: the body above has it, and it is tracked until it is settled."""

    title = "报上级"
    main = True
    route = "POST /errands/<number>/escalation"
    by = FIRST_RESPONDER | DESKS
    superior = shared_text(60, label="报到哪里")


class RepeatFailureDetected(ErrandFact):
    title = "主动办理"
    for_staff = "“{matter}”多次没有办成（{failures}），不等群众再来，主动办理。"
    for_resident = "这件事几次没有办成，我们主动接着办。"
    failures, promise_at = Many(case_no(), least=1), Moment()


class HallBooked(ErrandFact):
    title = "约到市民大厅"
    for_staff = for_resident = "约在{hall_at}到市民大厅当场办。"
    hall_at = Moment()


class ErrandEscalated(ErrandFact):
    title = "报上级"
    for_staff = for_resident = "现在解决不了，已报上级，继续跟踪。"
