"""Representatives 委托代理人: who speaks for a party, by letter of authority, and what they may agree to for it."""

from contracts import samples
from contracts.fields import Code, Day, Id, Many, Text
from contracts.mediation.base import ASKERS, CaseFact, about_case
from contracts.mediation.cases import CaseCommand
from contracts.shapes import evidence_files
from contracts.tokens import PersonName, Phone
from kernel.codes import Granted, Power, RepresentativeTie

TAG = "调解"


class AppointRepresentative(CaseCommand):
    """Two a party at most. What settles the matter needs special authority, item by item (民事诉讼法 art. 61, 62)."""

    title = "登记代理人"
    route = "POST /mediations/<case_id>/representatives"
    by = ASKERS
    hint = "要收授权委托书。一般授权只能到场陈述；代为和解、代签协议、代收款物，委托书上要逐项写明。"
    party_id = Id(label="代理哪一方")
    name = PersonName(label="代理人姓名")
    phone = Phone(optional=True, label="电话")
    tie = Code(RepresentativeTie, label="是什么人")
    power = Code(Power, label="授权")
    granted = Many(Code(Granted), most=4, label="特别授权的事项", help="一般授权的不选")
    until = Day(optional=True, label="委托到哪一天", help="不填就是到本案办完")
    letter = evidence_files(label="授权委托书")
    example = {
        "case_id": samples.CASE,
        "expected_version": 3,
        "party_id": samples.PARTY_A,
        "name": "陈某某",
        "phone": None,
        "tie": "RELATIVE",
        "power": "SPECIAL",
        "granted": ["SETTLE", "SIGN"],
        "until": None,
        "letter": [samples.PHOTO],
    }


class EndRepresentative(CaseCommand):
    title = "解除委托"
    route = "POST /mediations/<case_id>/representatives/<representative_id>/end"
    by = ASKERS
    representative_id = Id(label="代理人")
    example = {"case_id": samples.CASE, "expected_version": 4, "representative_id": samples.HELPER}


class RepresentativeAppointed(CaseFact):
    title = "委托代理人"
    for_staff = "一方当事人委托{masked_name}代理（{power}[：{granted}]）。"
    for_resident = None
    representative_id = Id()
    party_id = Id()
    masked_name = Text(40)
    power = Code(Power)
    granted = Many(Code(Granted), most=4)
    example = about_case(
        representative_id=samples.HELPER,
        party_id=samples.PARTY_A,
        masked_name="陈*",
        power="SPECIAL",
        granted=["SETTLE", "SIGN"],
    )


class RepresentativeEnded(CaseFact):
    title = "解除委托"
    for_staff = "一方当事人解除了对{masked_name}的委托。"
    for_resident = None
    representative_id = Id()
    party_id = Id()
    masked_name = Text(40)
    example = about_case(representative_id=samples.HELPER, party_id=samples.PARTY_A, masked_name="陈*")
