"""Residents on file 居民档案: found again, put right, merged by a person and parted again, with what they agreed to."""

from contracts import samples
from contracts.fields import Code, Count, Id, Moment, One, Text, some
from contracts.holdings import Named
from contracts.intake.base import IntakeCommand, IntakeEvent
from contracts.intake.views import ReporterView
from contracts.schema import AnswerSchema, Shape
from contracts.shapes import PersonRef
from contracts.tokens import PersonName, Phone, area
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, services

TAG = "居民"
KEEPERS = at(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
"""Of the place the person was first heard of at, or of one of the person's matters."""
MERGERS = at(Role.COMMUNITY, Role.WINDOW, Role.STREET)


class Alike(Codes):
    """What makes two records look like one person."""

    PHONE = "PHONE", "姓名和电话相同"
    BIRTH_YEAR = "BIRTH_YEAR", "姓名和出生年份相同"
    HOME = "HOME", "姓名和住址相同"


class ConsentTo(Codes):
    """What is done only as long as the person agrees (个人信息保护法 art. 13, 15, 25, 29)."""

    CARE_CALLS = "CARE_CALLS", "关怀电话"
    WISH = "WISH", "微心愿请志愿者帮忙"
    PUBLICITY = "PUBLICITY", "公开宣传"
    SENSITIVE = "SENSITIVE", "健康、低保等敏感信息"


class ConsentHow(Codes):
    WRITTEN = "WRITTEN", "书面"
    ORAL = "ORAL", "口头，工作人员记录"
    ONLINE = "ONLINE", "网上勾选"


class CandidateView(Shape):
    """Somebody who may be the one at the desk; a person decides."""

    person = One(ReporterView, label="档案")
    alike = Code(Alike, label="哪里相同")
    since = Moment(label="首次登记")


class Candidates(AnswerSchema):
    items = some(CandidateView)


class ConsentView(Shape):
    to = Code(ConsentTo, label="同意什么")
    how = Code(ConsentHow, label="怎么表示的")
    given_at = Moment(label="同意时间")
    given_to = One(PersonRef, label="记录人")
    withdrawn_at = Moment(label="撤回时间", optional=True)


class PersonView(AnswerSchema):
    """A record as staff see it: masked. `merged_into`: the record it is read with since somebody merged them."""

    person = One(ReporterView, label="居民")
    merged_into = Id(optional=True)
    consents = some(ConsentView, label="同意记录")


class PersonCommand(IntakeCommand):
    answer = PersonView
    keeps_answer = False
    by = KEEPERS
    person_id = Id()


class FindPersons(IntakeCommand):
    """Who of a place has this name, and the same telephone, year of birth or home. Leaves an audit row."""

    title = "查找居民档案"
    route = "POST /people/search"
    by = KEEPERS
    hint = "同名不等于同一个人，请当面核对后再选用。每次查找都记入审计。"
    keeps_answer = False
    answer = Candidates
    area_path = area(label="哪个社区")
    name = PersonName(label="姓名")
    phone = Phone(optional=True, label="电话")
    birth_year = Count(1900, 2100, optional=True, label="出生年份")
    home = Text(200, optional=True, label="住址")
    example = {"area_path": samples.COMMUNITY, "name": "陈阿姨", "phone": None, "birth_year": 1952, "home": None}


class GetPerson(PersonCommand):
    title = "查看居民档案"
    route = "GET /people/<person_id>"
    example = {"person_id": samples.RESIDENT}


class CorrectPerson(PersonCommand):
    """What is left out stays as it is. What the person was found by before finds nobody any more."""

    title = "更正居民信息"
    route = "POST /people/<person_id>/correction"
    hint = "依据本人的更正请求（个人信息保护法第四十六条），记入审计。"
    name = PersonName(optional=True, label="姓名")
    phone = Phone(optional=True, label="电话")
    birth_year = Count(1900, 2100, optional=True, label="出生年份")
    home = Text(200, optional=True, label="住址")
    purpose = Text(200, shortest=2, label="依据", help="谁提出、怎么核实的")
    example = {
        "person_id": samples.RESIDENT, "name": None, "phone": "13900000009", "birth_year": None, "home": None,
        "purpose": "本人到窗口更正，已核对身份证",
    }  # fmt: skip


class MergePersons(PersonCommand):
    """Both stay as they were written; they are read as one until somebody parts them."""

    title = "合并居民档案"
    route = "POST /people/<person_id>/merge"
    by = MERGERS
    into_id = Id(label="并入哪份档案")
    reason = Text(200, shortest=2, label="怎么认定是同一个人")
    example = {"person_id": samples.RESIDENT, "into_id": samples.uid(17), "reason": "本人当面确认"}


class PartPersons(PersonCommand):
    title = "撤销合并"
    route = "POST /people/<person_id>/parting"
    by = MERGERS
    reason = Text(200, shortest=2, label="为什么撤销")
    example = {"person_id": samples.RESIDENT, "reason": "是同名的两个人"}


class GiveConsent(PersonCommand):
    title = "记录同意"
    route = "POST /people/<person_id>/consent"
    to = Code(ConsentTo, label="同意什么")
    how = Code(ConsentHow, label="怎么表示的")
    example = {"person_id": samples.RESIDENT, "to": "CARE_CALLS", "how": "ORAL"}


class WithdrawConsent(PersonCommand):
    """As easy as it was given (个人信息保护法 art. 15); what was done until then stays right."""

    title = "撤回同意"
    route = "POST /people/<person_id>/consent-withdrawal"
    to = Code(ConsentTo, label="撤回什么")
    example = {"person_id": samples.RESIDENT, "to": "CARE_CALLS"}


class ConsentWithdrawn(IntakeEvent):
    """Nobody is named: who does what was agreed to asks by `consent_id` whom it is about."""

    title = "撤回同意"
    for_staff = "本人撤回了“{to}”的同意。"
    for_resident = "您撤回了“{to}”的同意。"
    consent_id = Id()
    to = Code(ConsentTo)
    example = {"consent_id": samples.uid(19), "to": "CARE_CALLS"}


class WhoWithdrew(AnswerSchema):
    people = some(Named, most=20)


class IdentifyWithdrawn(IntakeCommand):
    """For notify, which knows people by name and telephone; every answer leaves an audit row."""

    title = "核对谁撤回了同意"
    by = services("notify").said("通知服务")
    keeps_answer = False
    answer = WhoWithdrew
    consent_id = Id()
    example = {"consent_id": samples.uid(19)}
