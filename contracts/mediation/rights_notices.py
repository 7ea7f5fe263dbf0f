"""The notice of rights and duties 权利义务告知: told before the first session (人民调解法 art. 23, 24)."""

from contracts import samples
from contracts.fields import Code, Id, Many
from contracts.mediation.base import ASKERS, CaseFact, about_case
from contracts.mediation.cases import CaseCommand
from kernel import codes

TAG = "调解"


class AcknowledgeRights(CaseCommand):
    """Without the word of every party no session is recorded as held."""

    title = "记权利告知"
    route = "POST /mediations/<case_id>/rights-notice"
    by = ASKERS
    hint = "当事人有权选调解员、接受或拒绝调解、随时要求终止、要求公开或不公开；应如实陈述、遵守秩序、尊重对方。"
    party_ids = Many(Id(), least=1, most=50, label="谁听明白了")
    how = Code(codes.HandlingHow, default=codes.HandlingHow.ON_SITE, label="怎么告知的")
    example = {
        "case_id": samples.CASE,
        "expected_version": 3,
        "party_ids": [samples.PARTY_A, samples.PARTY_B],
        "how": "ON_SITE",
    }


class RightsAcknowledged(CaseFact):
    title = "权利告知"
    for_staff = "已告知当事人权利和义务（{how}）。"
    for_resident = "您的权利和义务已经告知。"
    party_ids = Many(Id(), least=1, most=50)
    how = Code(codes.HandlingHow)
    example = about_case(party_ids=[samples.PARTY_A, samples.PARTY_B], how="ON_SITE")
