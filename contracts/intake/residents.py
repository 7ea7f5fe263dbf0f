"""Residents 居民: what they may look up, and their telephones for those who need them."""

from contracts import samples
from contracts.fields import Code, Id, Many, Moment, One, Text, some
from contracts.intake.base import REACHED_BY, REVEALED_TO, IntakeCommand
from contracts.schema import AnswerSchema, Shape
from contracts.shapes import files
from contracts.tokens import TAIL_PATTERN, Token, case_no
from kernel import codes
from kernel.rights import anybody, services

TAG = "居民"


class StepView(Shape):
    """One line of the story a resident reads, in plain words."""

    at = Moment()
    text = Text(300)


class ResidentCaseView(AnswerSchema):
    """What a resident sees of the own case by number and phone tail: plain words, nobody's personal data."""

    number = case_no()
    state = Code(codes.AppealState)
    state_text = Text(200)
    next_text = Text(300, optional=True)
    title = Text(80)
    category_label = Text(60, optional=True)
    registered_at = Moment()
    promise_at = Moment(optional=True)
    first_responder_name = Text(40)
    service_phone = Text(40, optional=True)
    result_text = Text(5000, optional=True)
    result_attachments = files()
    merged_into = case_no(optional=True)
    steps = some(StepView)


class ResidentHazardView(AnswerSchema):
    """What a resident sees of the hazard that she reported."""

    number = case_no()
    state = Code(codes.HazardState)
    state_text = Text(200)
    title = Text(80)
    registered_at = Moment()
    first_responder_name = Text(40)
    steps = some(StepView)


class ResidentMatterView(AnswerSchema):
    """What a resident sees of anything else of the own, by number and phone tail."""

    number = case_no()
    state = Text(40)
    state_text = Text(200)
    title = Text(80)
    registered_at = Moment()
    promise_at = Moment(optional=True)
    first_responder_name = Text(40, optional=True)
    steps = some(StepView)


class ContactView(AnswerSchema):
    """A person's name and telephone, unmasked. Each answer has left an audit row."""

    person_id = Id()
    name = Text(40)
    phone = Text(20, optional=True)
    contact_preference = Code(codes.ContactPreference, optional=True)


class AddressView(AnswerSchema):
    """How somebody is reached, without a name where secrecy was asked for. Each answer has left an audit row."""

    masked_name = Text(40, optional=True)
    phone = Text(20, optional=True)
    contact_preference = Code(codes.ContactPreference, optional=True)


class Reached(Shape):
    """One of several who were asked for: how they are reached, or the code of the error that alone would have been."""

    address = Text(40)
    reached = One(AddressView, optional=True)
    refused = Text(40, optional=True)


class AddressesView(AnswerSchema):
    """In the order in which they were asked for."""

    items = some(Reached)


class LookUp(IntakeCommand):
    """A resident looks up the own case without an account; the portal limits the tries."""

    by = anybody()
    hint = "编号与电话尾号都对才有答复；都不对与只对一个，答复相同。连续查错会被暂停。"
    public = True
    number = case_no()
    phone_tail = Token(TAIL_PATTERN, "请填写电话最后 4 位数字")


class CheckResident(LookUp):
    title = "居民凭编号和电话尾号查询"
    route = "GET /public/cases/<number>"
    looks_up = "S"
    answer = ResidentCaseView
    example = {"number": samples.APPEAL_NO, "phone_tail": "0001"}


class CheckHazard(LookUp):
    title = "居民凭编号和电话尾号查询隐患"
    route = "GET /public/hazards/<number>"
    looks_up = "Y"
    answer = ResidentHazardView
    example = {"number": samples.HAZARD_NO, "phone_tail": "0001"}


class RevealContact(IntakeCommand):
    """Needs role, scope and `purpose`; every answer leaves an audit row (domain §3.6 invariant 19)."""

    keeps_answer = False
    title = "看电话"
    route = "POST /people/<person_id>/contact"
    by = REVEALED_TO
    hint = "每次查看都记入审计。"
    answer = ContactView
    person_id = Id()
    purpose = Text(200, shortest=2, label="看电话做什么")
    example = {"person_id": samples.RESIDENT, "purpose": "回访电话"}


class FindAddress(IntakeCommand):
    """How the reporter of a case is reached, also one who asked for secrecy: telephone and preferred way, no name then.

    For who sends the messages of a case and for the follow-up caller; every answer leaves an audit row.
    """

    keeps_answer = False
    title = "看电话"
    main = True
    route = "POST /appeals/<number>/address"
    by = REACHED_BY
    hint = "每次查看都记入审计。"
    answer = AddressView
    number = case_no()
    purpose = Text(200, shortest=2, label="看电话做什么")
    example = {"number": samples.APPEAL_NO, "purpose": "回访电话"}


class FindAddresses(IntakeCommand):
    """`FindAddress` and `RevealContact` for all letters that are due: by the number of a case its reporter, by id
    anybody else. Each one reached leaves an audit row; who is not stands there with the reason, and holds up nobody.
    """

    keeps_answer = False
    title = "一次查询多人的联系电话"
    by = services("notify").said("通知服务")
    hint = "每查到一人都记入审计。"
    answer = AddressesView
    addresses = Many(Text(40), least=1)
    purpose = Text(200, shortest=2, label="看电话做什么")
    example = {"addresses": [samples.APPEAL_NO, samples.RESIDENT], "purpose": "NOTIFY"}
