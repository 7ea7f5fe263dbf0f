"""Made-up ids, people and places for the examples. They follow the told case A1 and stand for nobody."""

from typing import Any


def uid(n: int) -> str:
    """The n-th sample id."""
    return f"01909000-0000-7000-8000-{n:012d}"


STAIRWELL = "yinchuan.xingqing.lijingjie.yinhong.g3.b5u2"
COMMUNITY = "yinchuan.xingqing.lijingjie.yinhong"
APPEAL, HAZARD, WHISTLE, TASK, CASE, AGREEMENT, SESSION, FOLLOW_UP = (uid(n) for n in range(1, 9))
MESSAGE, NOTICE, PARTY_A, PARTY_B, HELPER, RESIDENT = (uid(n) for n in range(11, 17))
APPEAL_NO = "S202407060104000018"
MERGED_NO = "S202407060104000026"
HAZARD_NO = "Y202407060104000012"
WHISTLE_NO = "W202407060104000019"
MEDIATION_NO = "M202407060104000010"
SUPERVISION_NO = "SO20240706010400001L"

LI_SHAN = {"id": "u-lishan", "name": "李珊"}
STREET_OFFICER = {"id": "u-street", "name": "街道值班员"}
RECEIVER = {"id": "u-receiver", "name": "司法所接哨员"}
COMMUNITY_MEDIATOR = {"id": "u-mediator", "name": "社区调解员"}

JUDICIAL = {"code": "lijingjie-sifasuo", "name": "丽景街司法所", "kind": "STATION"}
COMMUNITY_UNIT = "yinhong"
REPORTER = {"person_id": RESIDENT, "masked_name": "陈*"}
CLAIMANT = {"party_id": PARTY_A, "person_id": RESIDENT, "masked_name": "陈*", "side": "CLAIMANT"}
RESPONDENT = {"party_id": PARTY_B, "person_id": None, "masked_name": "赵*", "side": "RESPONDENT"}
ABOUT_APPEAL = {"kind": "APPEAL", "id": APPEAL, "number": APPEAL_NO}

MORNING = "2024-07-06T01:00:00Z"
NOON = "2024-07-06T04:00:00Z"
EVENING = "2024-07-06T10:00:00Z"
MEETING = "2024-07-09T07:00:00Z"
AFTER = "2024-07-09T09:00:00Z"
MONTH_END = "2024-08-08T16:00:00Z"

PHOTO: dict[str, Any] = {"sha256": "ab" * 32, "kind": "PHOTO", "stage": "DURING", "taken_at": NOON, "geo": None}
