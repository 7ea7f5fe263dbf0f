"""The people of a council, its told case A2, and one command at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chassis.identity import Grant, Principal
from contracts import registry
from services.mediation import grid_councils, resolutions
from services.mediation.service import MediationService
from services.mediation.tables import Council
from tests.unit.mediation.people import NOW, staff

QINGHE = "yinchuan.xingqing.zhongshannanjie.qinghe"
GRID = f"{QINGHE}.g1"
ZHENG = staff("u-zhengshouye", "郑守业", "COMMUNITY", QINGHE)
LAN = staff("u-wanglanzhi", "王兰芝", "COMMUNITY", QINGHE)
ZHOU = staff("u-zhouyunpeng", "周云鹏", "GRID", GRID)
OUTSIDER = staff("u-wangfang", "王芳", "COMMUNITY", "yinchuan.xingqing.lijingjie.yinhong")
JINMAO = Principal("u-geyuee", "葛月娥", (Grant("RECEIVER", f"{GRID}.jinmao", "jinmao-wuye"),))
LIJIN = Principal("u-pengcaiyun", "彭彩云", (Grant("RECEIVER", f"{QINGHE}.g2.lijinyuan", "lijinyuan-wuye"),))
OWNER = Principal("7d1d0d0e-0000-7000-8000-000000000011", "业*", (Grant("RESIDENT", f"{GRID}.m1"),), "resident")
OTHER_OWNER = Principal("7d1d0d0e-0000-7000-8000-000000000012", "业*", (Grant("RESIDENT", f"{GRID}.m1"),), "resident")
PEOPLE = (ZHENG, ZHOU, JINMAO, LIJIN, OWNER, OTHER_OWNER)
SERVICE = Principal.service("mediation")
STARTS = NOW + timedelta(days=7)
AFTER = STARTS + timedelta(hours=2)
PROOF = [{"sha256": "ab" * 32, "kind": "PHOTO", "taken_at": "2024-07-12T02:00:00Z"}]
WALL = "两小区共用的围墙有裂缝、倾斜"
CONVENED = {
    "kind": "DEMOCRATIC",
    "mode": "MOBILE",
    "subject": "金茂花园与丽锦苑共用围墙怎么办",
    "area_path": QINGHE,
    "starts_at": STARTS.isoformat(),
    "place_text": "金茂花园院内",
    "invited": "两小区业主、党支部党员、微网格长、两家物业",
    "owners_rights": True,
}
DECIDED = {
    "resolution": "先拆除围墙，再设置栅栏，费用由两家物业公司各承担一半",
    "cost": "48000.01",
    "shares": [{"payer": "jinmao-wuye", "percent": "50"}, {"payer": "lijinyuan-wuye", "percent": "50"}],
    "works": [
        {"what": "拆除围墙", "owner": "jinmao-wuye", "until": "2024-07-31"},
        {"what": "设置栅栏", "owner": "lijinyuan-wuye", "until": "2024-08-31"},
    ],
}
GIVEN: dict[str, dict[str, Any]] = {
    "propose_topic": {"content": WALL, "area_path": GRID},
    "collect_opinions": {"subject": "共用围墙怎么办", "until": (NOW + timedelta(days=3)).isoformat()},
    "say_opinion": {"words": "早点拆，孩子从那儿过"},
    "set_topic": {"subject": "共用围墙怎么办"},
    "drop_topic": {"reason": "已经在办"},
    "convene_council": CONVENED,
    "reconvene_council": {"starts_at": (AFTER + timedelta(days=7)).isoformat(), "place_text": "丽锦苑院内"},
    "call_off_council": {"reason": "大雨"},
    "record_minutes": {
        "head_count": 104,
        "minutes": "业主与微网格长、党员一起商议",
        "opinions": ["怕孩子碰着", "费用要公平"],
        "options": ["修补", "重建", "拆除后设栅栏"],
        "dissent": "一户主张修补",
        "sheets": PROOF,
    },
    "count_heads": {
        "head_count": 104,
        "hands": [{"option": "修补", "votes": 6}, {"option": "拆除后设栅栏", "votes": 98}],
    },
    "cast_vote": {"option_no": 3},
    "count_votes": {"mode": "HANDS", "counts": [{"option_no": 3, "votes": 98}, {"option_no": 1, "votes": 6}]},
    "draft_resolution": DECIDED,
    "record_no_consensus": {"reason": "费用没谈拢"},
    "object_to_council": {"words": "栅栏高度没有说"},
    "answer_council_objection": {"reply": "栅栏高一米八", "upheld": False},
    "finish_work": {"proof": PROOF},
    "return_work": {"note": "砖块没有清走"},
    "review_council": {"reviewers": 40, "satisfied": 36},
    "look_back_at_council": {"result": "KEPT", "proof": PROOF},
}
GIVEN |= {
    "propose_decision": {
        "template": "FOUR_TWO", "subject": "小广场改造", "proposal": "用服务群众专项资金改造", "area_path": QINGHE,
    },
    "hold_stage": {"entitled": 30, "attended": 24, "yes": 20, "no": 3, "abstain": 1, "minutes": PROOF},
    "publish_stage": {"published": "小广场改造，用服务群众专项资金"},
    "object_to_decision": {"words": "晚上会不会吵"},
    "answer_decision_objection": {"reply": "九点关灯", "upheld": False},
    "report_decision_work": {"proof": PROOF},
    "review_decision": {"reviewers": 40, "satisfied": 36},
    "withdraw_decision": {"reason": "资金没有到位"},
}  # fmt: skip
WHO = {"propose_topic": OWNER, "say_opinion": OWNER, "cast_vote": OWNER, "object_to_council": OWNER,
       "object_to_decision": OWNER,
       "confirm_share": JINMAO}  # fmt: skip
ASKED: dict[str, list[dict[str, Any]]] = {
    "list_appeals": [
        {"number": "S202407050201000017", "nature": "HELP"},
        {"number": "S202407050201000025", "nature": "REPORT"},
    ],
    "list_hazards": [{"number": "Y202407050201000011", "kind": "STRUCTURE"}],
}


def ask(command: Any, question: dict[str, Any], deadline: float) -> Any:
    """Intake, as far as a grid's agenda asks it."""
    assert {} == command().validate(question)
    return {"items": ASKED[command.method]}


def do(store: Any, method: str, who: Principal | None = None, now: Any = NOW, **asked: Any) -> Any:
    """One command or question as the bus gives it; the answer as it is shown."""
    command, entry = registry.command("mediation", method), MediationService.entrypoints[method]
    loaded = command().load({**GIVEN.get(method, {}), **asked})
    who = who or WHO.get(method, ZHENG)
    operation = partial(entry.operation, ask=ask) if "ask" in entry.extras else entry.operation
    with store.transaction() as session:
        answer = operation(session, who, loaded, now)
        view = MediationService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def topic(store: Any, state: str = "PROPOSED", **asked: Any) -> str:
    """The number of a topic in a state."""
    number: str = do(store, "propose_topic", **asked)["number"]
    for method in {"PROPOSED": (), "COLLECTING": ("collect_opinions",), "SET": ("set_topic",)}[state]:
        do(store, method, number=number)
    return number


def council(store: Any, **asked: Any) -> str:
    return do(store, "convene_council", **asked)["number"]  # type: ignore[no-any-return]


def held(store: Any, *, minutes: dict[str, Any] | None = None, **asked: Any) -> str:
    number = council(store, **asked)
    do(store, "record_minutes", number=number, now=AFTER, **(minutes or {}))
    return number


def resolved(store: Any, **drafted: Any) -> str:
    number = held(store)
    do(store, "draft_resolution", number=number, now=AFTER, **drafted)
    for payer in (JINMAO, LIJIN):
        do(store, "confirm_share", payer, number=number, now=AFTER)
    do(store, "resolve_council", number=number, now=AFTER)
    return number


def published(store: Any, **drafted: Any) -> str:
    number = resolved(store, **drafted)
    do(store, "publish_council", number=number, now=AFTER)
    return number


OVER = AFTER + timedelta(days=10)
"""The seven days of publication are past."""


def implementing(store: Any, **drafted: Any) -> str:
    number = published(store, **drafted)
    tick(store, resolutions.end_publications, OVER)
    return number


def done(store: Any) -> str:
    number = implementing(store)
    for no, who in ((1, JINMAO), (2, LIJIN)):
        do(store, "finish_work", who, number=number, work_no=no, now=OVER)
        do(store, "accept_work", number=number, work_no=no, now=OVER)
    return number


def decision(store: Any, *passed: str, **asked: Any) -> str:
    """The number of a decision whose meetings of these stages have passed."""
    number: str = do(store, "propose_decision", **asked)["number"]
    for stage in passed:
        do(store, "hold_stage", number=number, stage=stage)
    return number


def tick(store: Any, operation: Any, now: Any) -> None:
    with store.transaction() as session:
        operation(session, SERVICE, now)


def overdue(store: Any, now: Any, grids: Sequence[str] = (GRID,)) -> None:
    """Where these are the grids of the community by then."""
    areas = {"items": [{"path": path} for path in grids]}
    tick(store, partial(grid_councils.tell_overdue, ask=lambda *_, **__: areas), now)


def state_of(store: Any, number: str) -> str:
    with store.transaction() as session:
        return session.query(Council).filter_by(case_number=number).one().state
