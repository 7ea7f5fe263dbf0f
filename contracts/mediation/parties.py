"""Who takes part 参与人: parties, mediators, helpers."""

from contracts import samples
from contracts.fields import Code, Id, One, Text, some
from contracts.mediation.base import APPOINTERS, ASKERS, CaseFact, about_case
from contracts.mediation.cases import CaseCommand
from contracts.schema import Shape, StrictShape
from contracts.shapes import PersonRef
from contracts.tokens import PersonName, Phone, staff_id, unit_code
from kernel import codes

TAG = "调解"


class RelatedInput(StrictShape):
    """Somebody who speaks for a party or is related to it; kept for 回避 alone, as a hash."""

    relation = Code(codes.PartyTie, label="要回避的人是他的")
    name = Text(40, label="要回避的人的姓名", help="亲属或代理人，只用于调解员回避")
    phone = Phone(optional=True)


class NameParty(CaseCommand):
    """The name for the papers; it stays in mediation, encrypted. `related` left out changes nothing."""

    title = "登记当事人"
    route = "POST /mediations/<case_id>/parties"
    by = ASKERS
    hint = "姓名和住址只用于文书，加密保存。"
    party_id = Id(label="当事人")
    name = PersonName(label="姓名（写进协议书）", help="单位写全称")
    kind = Code(codes.PartyKind, default=codes.PartyKind.PERSON, label="是个人还是单位")
    head = Text(40, optional=True, label="法定代表人或负责人", help="单位才填")
    phone = Phone(optional=True, label="电话")
    address = Text(200, optional=True, label="住址")
    related = some(RelatedInput, most=20)
    example = {
        "case_id": samples.CASE,
        "expected_version": 1,
        "party_id": samples.PARTY_B,
        "name": "赵某某",
        "kind": "PERSON",
        "head": None,
        "phone": None,
        "address": "5号楼2单元401室",
        "related": [{"relation": "RELATIVE", "name": "孙某某", "phone": None}],
    }


class RecordWillingness(CaseCommand):
    """One clear NO ends the mediation (人民调解法 art. 17). Refusing money is an outcome of a session instead."""

    title = "记调解意愿"
    route = "POST /mediations/<case_id>/willingness"
    by = ASKERS
    hint = "一方明确拒绝，调解即终止（人民调解法第十七条）。"
    party_id = Id(label="当事人")
    willing = Code(codes.Willing, label="意愿")
    how = Code(codes.HandlingHow, label="方式")
    example = {
        "case_id": samples.CASE,
        "expected_version": 2,
        "party_id": samples.PARTY_A,
        "willing": "YES",
        "how": "PHONE",
    }


class AssignMediator(CaseCommand):
    """Neither a party, nor a representative or relative of one, nor the handler of the case (回避).

    Until everything is performed another one may take over; `replace_reason` then says why.
    """

    title = "确定调解员"
    main = True
    route = "POST /mediations/<case_id>/mediator"
    by = APPOINTERS
    mediator_id = staff_id(label="调解员")
    how_chosen = Code(codes.HowChosen, label="怎么确定的")
    replace_reason = Code(codes.ReplaceReason, optional=True, label="更换的原因", help="换人时才填")
    example = {
        "case_id": samples.CASE,
        "expected_version": 4,
        "mediator_id": samples.COMMUNITY_MEDIATOR["id"],
        "how_chosen": "APPOINTED",
        "replace_reason": None,
    }


class ConsentToHelper(CaseCommand):
    """A party agrees that a helper attends (人民调解法 art. 20)."""

    title = "记同意协助"
    route = "POST /mediations/<case_id>/helper-consents"
    by = ASKERS
    hint = "邀请协助人员须经当事人同意（人民调解法第二十条）。"
    party_id = Id(label="当事人")
    helper_id = Id(label="协助力量")
    example = {
        "case_id": samples.CASE,
        "expected_version": 7,
        "party_id": samples.PARTY_A,
        "helper_id": samples.HELPER,
    }


class PartyWillingnessRecorded(CaseFact):
    """Mediation is voluntary (人民调解法 art. 3, 17)."""

    title = "调解意愿"
    for_staff = "一方当事人表态：{willing}（{how}）。"
    for_resident = None
    party_id = Id()
    willing = Code(codes.Willing)
    how = Code(codes.HandlingHow)
    example = about_case(party_id=samples.PARTY_A, willing="YES", how="PHONE")


class PartyRefused(CaseFact):
    title = "拒绝调解"
    for_staff = "一方当事人拒绝调解，不能再约调解。"
    for_resident = None
    party_id = Id()
    example = about_case(party_id=samples.PARTY_B)


class MediatorAssigned(CaseFact):
    title = "确定调解员"
    for_staff = "{mediator}任调解员（{how_chosen}）。"
    for_resident = "{mediator}来给双方调解。"
    mediator = One(PersonRef)
    how_chosen = Code(codes.HowChosen)
    example = about_case(mediator=samples.COMMUNITY_MEDIATOR, how_chosen="APPOINTED")


class MediatorReplaced(CaseFact):
    """Another mediator takes the case, until everything is performed; `reason` where it was given."""

    title = "更换调解员"
    for_staff = "改由{mediator}任调解员（{how_chosen}）[，原因：{reason}]。"
    for_resident = "改由{mediator}来调解。"
    mediator = One(PersonRef)
    how_chosen = Code(codes.HowChosen)
    reason = Code(codes.ReplaceReason, optional=True)
    example = about_case(mediator=samples.COMMUNITY_MEDIATOR, how_chosen="CHOSEN", reason="CHALLENGED")


class Helper(Shape):
    """A unit whose people may help, once every party consents."""

    helper_id = Id()
    unit = unit_code()
    unit_name = Text(60)


class HelpersInvited(CaseFact):
    title = "邀请协助"
    for_staff = "邀请{helpers}协助调解，须双方同意。"
    for_resident = "想请{helpers}来帮忙调解，要双方都同意。"
    whistle_id = Id(optional=True)
    helpers = some(Helper, least=1, most=30)
    example = about_case(
        whistle_id=samples.WHISTLE,
        helpers=[{"helper_id": samples.HELPER, "unit": "lijingjie-sifasuo", "unit_name": "丽景街司法所"}],
    )


class HelperConsented(CaseFact):
    """A party consents to a helper (人民调解法 art. 20)."""

    title = "同意协助"
    for_staff = "一方当事人同意协助人员参加。"
    for_resident = None
    party_id = Id()
    helper_id = Id()
    example = about_case(party_id=samples.PARTY_A, helper_id=samples.HELPER)
