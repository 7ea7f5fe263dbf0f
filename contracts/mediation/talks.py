"""Talks with one side alone 单方沟通: mediation up and down the stairs, without a notice and without a session."""

from contracts import samples
from contracts.fields import Code, Count, Id, Moment, Text
from contracts.mediation.base import ASKERS, CaseFact, about_case
from contracts.mediation.cases import CaseCommand
from kernel import codes

TAG = "调解"


class RecordTalk(CaseCommand):
    """What one side said is for the mediators alone: neither its event nor the papers tell it."""

    title = "记单方沟通"
    main = True
    route = "POST /mediations/<case_id>/talks"
    by = ASKERS
    hint = "一次只和一方谈，记几句话就行，不用通知，也不用双方到场。"
    party_id = Id(label="和谁谈的")
    how = Code(codes.HandlingHow, default=codes.HandlingHow.ON_SITE, label="怎么谈的")
    words = Text(1000, label="说了什么", help="对方看不到")
    talked_at = Moment(optional=True, label="什么时候", help="不填就是现在")
    example = {
        "case_id": samples.CASE,
        "expected_version": 4,
        "party_id": samples.PARTY_B,
        "how": "ON_SITE",
        "words": "承认水从他家下来，嫌修理费贵",
        "talked_at": None,
    }


class TalkRecorded(CaseFact):
    title = "单方沟通"
    for_staff = "第{talk_no}次单方沟通（{how}）。"
    for_resident = None
    talk_no = Count(1)
    party_id = Id()
    how = Code(codes.HandlingHow)
    example = about_case(talk_no=9, party_id=samples.PARTY_B, how="ON_SITE")
