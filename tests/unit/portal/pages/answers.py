"""What the services would answer about the told case, as plain dictionaries like those that come off the bus."""

from __future__ import annotations

from typing import Any

from contracts import samples
from tests.unit.portal.readmodel import story
from tests.unit.portal.readmodel.story import APPEAL_NO, STAIRWELL, UNITS, iso, task_id, uid

View = dict[str, Any]
LI_SHAN = story.LI_SHAN
RECEIVER = {"id": "u-receiver", "name": "贺文彬"}
APPEAL_ID, CASE_ID, AGREEMENT_ID = uid(f"appeal {APPEAL_NO}"), uid(f"mediation {APPEAL_NO}"), samples.AGREEMENT
ABOUT = {"kind": "APPEAL", "id": APPEAL_ID, "number": APPEAL_NO}
REPORTER = {
    "person_id": samples.RESIDENT, "masked_name": "陈*", "masked_phone": "139****0001", "contact_preference": "CALL",
}  # fmt: skip


def aggregate(key: str, *commands: str, **more: Any) -> View:
    head = {"id": key, "case_number": APPEAL_NO, "version": 7, "area_path": STAIRWELL, "created_at": iso(0)}
    return {**head, "updated_at": iso(1), "allowed_commands": list(commands), **more}


def appeal(*commands: str, **more: Any) -> View:
    said = {
        "number": APPEAL_NO, "state": "IN_MEDIATION", "title": "卫生间污水倒灌", "nature": "HELP", "channel": "PHONE",
        "category": "housing.drain.blocked", "urgency": "EMERGENCY", "source": "RESIDENT", "secret": False,
        "content": "新装修的房子没有住人，下水道堵塞，污水从卫生间倒灌并流到楼道。", "place_text": "301室",
        "danger_flags": ["FLOODING"], "reporter": REPORTER, "handler": LI_SHAN, "first_responder": LI_SHAN,
        "due_at": iso(240), "attachments": [samples.PHOTO], "contact_person": None, "result_text": None,
        "handling": [{"at": iso(0.9), "by": LI_SHAN, "how": "ON_SITE", "stage": "DANGER_REMOVED",
                      "content": "师傅疏通管道，家政清理完毕", "interim_measure": None, "attachments": []}],
    }  # fmt: skip
    return aggregate(APPEAL_ID, *commands, **{**said, **more})


def hazard(*commands: str, **more: Any) -> View:
    measure = {"at": iso(0.1), "by": LI_SHAN, "measure_code": "CORDON", "note": "树枝和木板围挡", "photos": []}
    said = {
        "number": story.HAZARD_NO, "state": "SECURED", "kind": "ELECTRIC", "level": "MAJOR", "urgency": "EMERGENCY",
        "danger_flags": ["ELECTRIC_SHOCK"], "place_text": "7号楼前路灯杆", "reported_by": LI_SHAN,
        "description": "灯杆倾斜，根部开裂露筋，接线口破损", "photos": [samples.PHOTO], "measures": [measure],
    }  # fmt: skip
    return aggregate(uid("hazard"), *commands, **{**said, **more})


def task(code: str, state: str, *commands: str, **more: Any) -> View:
    name, kind = UNITS[code]
    said = {
        "number": None, "state": state, "whistle_id": uid(f"whistle {APPEAL_NO}"), "whistle_number": samples.WHISTLE_NO,
        "source": ABOUT, "kind": "APPEAL", "unit": {"code": code, "name": name, "kind": kind}, "role": "ASSIST",
        "receiver": RECEIVER if state != "ASSIGNED" else None, "asked_action": "ATTEND_MEETING",
        "reason": "首次协商未果，需专业力量到会释法", "asked_time": iso(101), "sign_due": iso(73.2),
        "report_due": iso(103), "finish_due": None, "evidence": [], "overdue": [],
    }  # fmt: skip
    return aggregate(task_id(APPEAL_NO, code), *commands, **{**said, **more})


def whistle(*tasks: View, state: str = "BLOWN", commands: tuple[str, ...] = ()) -> View:
    recipients = [{"unit": {"code": code, "name": name, "kind": kind}, "role": "ASSIST", "finish_within": None}
                  for code, (name, kind) in UNITS.items()]  # fmt: skip
    return aggregate(
        uid(f"whistle {APPEAL_NO}"), *commands, number=samples.WHISTLE_NO, state=state, kind="APPEAL",
        level="COMMUNITY", source=ABOUT, reason="首次协商未果，需专业力量到会释法", asked_action="ATTEND_MEETING",
        asked_action_text="到会讲解相邻关系和赔偿责任", asked_time=iso(101), asked_place_text="银虹社区调解室",
        drafted_by=LI_SHAN, approved_by=None, recipients=recipients, tasks=list(tasks),
    )  # fmt: skip


def agreement(*commands: str) -> View:
    term = {
        "term_no": 1, "obligor_party_id": samples.PARTY_B, "obligee_party_id": samples.PARTY_A,
        "content": "赔偿地板和墙面损失", "amount": "4800.00", "method": "TRANSFER", "performed_at": None,
    }  # fmt: skip
    return aggregate(
        AGREEMENT_ID, *commands, number=samples.MEDIATION_NO, case_id=CASE_ID, state="SIGNING", form="WRITTEN",
        terms=[term], signatures=[], missing=["赵*签字", "调解员签字", "调委会盖章"], judicial_until=None,
    )  # fmt: skip


def mediation(*commands: str, agreements: tuple[View, ...] = ()) -> View:
    parties = [
        {"party_id": samples.PARTY_A, "masked_name": "陈*", "side": "CLAIMANT", "willing": "YES"},
        {"party_id": samples.PARTY_B, "masked_name": "赵*", "side": "RESPONDENT", "willing": "YES"},
    ]
    helper = {"helper_id": samples.HELPER, "unit_name": "丽景街司法所", "may_attend": False}
    session = {
        "session_no": 1, "session_id": samples.SESSION, "state": "HELD", "kind": "ON_SITE", "starts_at": iso(25),
        "outcome": "NO_AGREEMENT", "reason_code": "REFUSED_COMPENSATION", "record_text": "对方以各种理由拒绝赔偿",
    }  # fmt: skip
    return aggregate(
        CASE_ID, *commands, number=samples.MEDIATION_NO, state="MEDIATING", dispute_type="NEIGHBOUR",
        risk_level="YELLOW", deadline=iso(24 * 30), mediator=samples.COMMUNITY_MEDIATOR, parties=parties,
        helpers=[helper], sessions=[session], agreements=list(agreements), reason=None, remedies=[],
    )  # fmt: skip


def follow_up(*commands: str) -> View:
    return aggregate(
        uid(f"follow-up {APPEAL_NO}"), *commands, number="F202407090104000015", state="TRYING", start_by=iso(120),
        resident={"person_id": samples.RESIDENT, "masked_name": "陈*"}, contact_preference="CALL", solved=None,
        attempts=[{"at": iso(119), "by": {"id": "u-hejing", "name": "何静"}, "method": "CALL", "reached": False,
                   "note": None}],
    )  # fmt: skip


def resident_view(**more: Any) -> View:
    return {
        "number": APPEAL_NO, "state": "IN_MEDIATION", "state_text": "正在调解", "title": "卫生间污水倒灌",
        "next_text": "最晚 7 月 15 日 09:10 前给您回话", "registered_at": iso(0), "first_responder_name": "李珊",
        "service_phone": None, "result_text": None, "merged_into": None, "steps": [], **more,
    }  # fmt: skip


NAMES = {
    "yinchuan": "银川市", "yinchuan.xingqing": "兴庆区", "yinchuan.xingqing.lijingjie": "丽景街街道",
    "yinchuan.xingqing.lijingjie.yinhong": "银虹社区", "yinchuan.xingqing.lijingjie.yinhong.g3": "第3网格",
    "yinchuan.xingqing.lijingjie.yinhong.g3.b5u2": "5号楼2单元", "yinchuan.xingqing.shandalu": "山大路街道",
    "yinchuan.xingqing.shandalu.hongbei": "洪北社区", "yinchuan.xingqing.shandalu.hongbei.g2": "第2网格",
}  # fmt: skip


def areas(command: View) -> View:
    parent = command["parent"]
    below = [path for path in NAMES if path.rpartition(".")[0] == (parent or "")]
    return page([{"path": path, "name": NAMES[path], "parent": parent, "level": "GRID"} for path in below])


def page(items: list[View]) -> View:
    return {"items": items, "next_cursor": None}


def units() -> View:
    return page([{"code": code, "name": name} for code, (name, _) in UNITS.items()]
                + [{"code": "yinhong", "name": "银虹社区居委会"}])  # fmt: skip


def everything(**more: Any) -> dict[str, Any]:
    """Answers by RPC method while the whistle is out: one unit has reported in, one signed, one did nothing yet."""
    out = whistle(
        task("lijingjie-sifasuo", "FINISHED", "confirm_task", "reject_task", result_text="到会释法，双方达成协议"),
        task("falvguwen", "CONFIRMED", "rate_task", "waive_rating"),
        task("lijingjie-paichusuo", "ASSIGNED"),
    )
    dispute = mediation(
        "record_willingness", "consent_to_helper", "schedule_session", agreements=(agreement("sign_agreement"),)
    )
    return {
        "get_appeal": appeal("record_contact", "record_handling", "extend_appeal"),
        "get_hazard": hazard("secure_hazard", "verify_hazard"),
        "list_appeals": page([appeal()]),
        "list_hazards": page([]),
        "list_whistles": page([out]),
        "get_case": dispute,
        "get_follow_up": follow_up("attempt_follow_up", "complete_follow_up"),
        "list_tasks": page(
            [
                task("lijingjie-sifasuo", "ASSIGNED", "sign_task", "object_task"),
                {**task("lijingjie-sifasuo", "ASSIGNED"), "id": task_id(story.HAZARD_NO, "lijingjie-sifasuo")},
            ]
        ),
        "get_task": task("lijingjie-sifasuo", "SIGNED", "report_in", "object_task"),
        "list_areas": areas,
        "list_units": units(),
        "list_categories": page([{"code": "housing", "parent": None, "name": "住房"}]),
        "check_resident": resident_view(),
        "list_notices": page([]),
        **more,
    }
