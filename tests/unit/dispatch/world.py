"""People, units and the shortest ways to a whistle in a given state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.identity import Grant, Principal
from contracts.dispatch.objections import DecideObjection, ObjectTask
from contracts.dispatch.ratings import ConfirmTask, RateTask, RejectTask, WaiveRating
from contracts.dispatch.tasks import FinishTask, ReportIn, SignTask
from contracts.dispatch.whistles import ApproveWhistle, DraftWhistle, WhistleCommand
from services.dispatch import objections, reviews, tasks, whistles
from services.dispatch.service import DispatchService
from services.dispatch.tables import Receiver, Unit
from tests.support.answers import shown

NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)  # Friday 09:00 in Yinchuan
COMMUNITY_PATH = "yinchuan.xingqing.lijingjie.yinhong"
GRID_PATH = f"{COMMUNITY_PATH}.g3"
STREET_PATH = "yinchuan.xingqing.lijingjie"
DISTRICT_PATH = "yinchuan.xingqing"
APPEAL_NO = "S202407050101000012"


def person(id_: str, name: str, *grants: tuple[str, str, str | None]) -> Principal:
    return Principal(id_, name, tuple(Grant(*grant) for grant in grants))


LISHAN = person("u-lishan", "李珊", ("GRID", GRID_PATH, "yinhong"))
WANGFANG = person("u-wangfang", "王芳", ("COMMUNITY", COMMUNITY_PATH, "yinhong"))
WHISTLER = person("u-dingxuemei", "丁雪梅", ("WHISTLER", COMMUNITY_PATH, "yinhong"))
LIUWEI = person("u-liuwei", "刘伟", ("STREET", STREET_PATH, "lijingjie"))
OTHER_STREET = person("u-zhanghao", "张浩", ("STREET", "yinchuan.xingqing.shandalu", "shandalu"))
ZHOUMIN = person("u-zhoumin", "周敏", ("DISTRICT", DISTRICT_PATH, "zhihui"))
HEWENBIN = person("u-hewenbin", "何文彬", ("RECEIVER", STREET_PATH, "sifasuo"))
LUOJUAN = person("u-luojuan", "罗娟", ("RECEIVER", STREET_PATH, "sifasuo"))
YANGFAN = person("u-yangfan", "杨帆", ("RECEIVER", STREET_PATH, "paichusuo"))
GAOYUAN = person("u-gaoyuan", "高远", ("RECEIVER", COMMUNITY_PATH, "falvguwen"))
WUQIANG = person("u-wuqiang", "吴强", ("RECEIVER", DISTRICT_PATH, "gongdian"))
YUHAITAO = person("u-yuhaitao", "余海涛", ("RECEIVER", COMMUNITY_PATH, "wuye"))
HEAD = person("u-head", "郭所长", ("DEPT_HEAD", STREET_PATH, "sifasuo"))
UNLISTED = person("u-unlisted", "未入册", ("RECEIVER", STREET_PATH, "sifasuo"))
RESIDENT = person("u-chen", "陈*", ("RESIDENT", COMMUNITY_PATH, None))

UNITS = [
    ("sifasuo", "丽景街司法所", "STATION", STREET_PATH),
    ("paichusuo", "丽景街派出所", "STATION", STREET_PATH),
    ("falvguwen", "银虹社区法律顾问", "LEGAL_COUNSEL", COMMUNITY_PATH),
    ("gongdian", "供电公司", "PUBLIC_UTILITY", DISTRICT_PATH),
    ("wuye", "银虹物业公司", "COMPANY", COMMUNITY_PATH),
    ("yinhong", "银虹社区", "COMMUNITY", COMMUNITY_PATH),
    ("lijingjie", "丽景街街道", "STREET", STREET_PATH),
    ("chengguan", "综合执法局", "DEPARTMENT", DISTRICT_PATH),
]
RECEIVERS = [
    ("sifasuo", HEWENBIN, "A"), ("sifasuo", LUOJUAN, "B"), ("paichusuo", YANGFAN, "A"), ("falvguwen", GAOYUAN, "A"),
    ("gongdian", WUQIANG, "A"), ("wuye", YUHAITAO, "A"),
]  # fmt: skip
PHOTO = {"sha256": "ab" * 32, "kind": "PHOTO", "stage": "AFTER"}
POINTS = {"timeliness": 20, "attendance": 20, "effect": 36, "cooperation": 18}


def people(session: Any) -> None:
    """The roster every test starts from."""
    for code, name, kind, path in UNITS:
        session.add(Unit(code=code, name=name, kind=kind, level="DISTRICT", area_path=path))
    session.flush()
    for unit, who, post in RECEIVERS:
        session.add(Receiver(unit_code=unit, person_id=who.id, name=who.name, post=post))


def source(kind: str = "APPEAL", id_: UUID | None = None, number: str = APPEAL_NO) -> dict[str, Any]:
    return {"kind": kind, "id": str(id_ or uuid4()), "number": number}


def drafting(**changes: Any) -> dict[str, Any]:
    """The command of scenario A1 step 5, as the entrypoint gives it; `units` names the recipients."""
    units = changes.pop("units", ["sifasuo", "falvguwen", "paichusuo"])
    command = {
        "source": source(),
        "kind": "APPEAL",
        "level": "COMMUNITY",
        "reason": "首次协商未果，需专业力量到会释法",
        "asked_action": "ATTEND_MEETING",
        "asked_action_text": "到会讲解相邻关系和赔偿责任",
        "area_path": GRID_PATH,
        "recipients": [{"unit": unit, "role": "ASSIST" if no else "LEAD"} for no, unit in enumerate(units)],
        **changes,
    }
    return DraftWhistle().load(command)


def command(contract: Any, row: Any, **more: Any) -> dict[str, Any]:
    """A command about a task or a whistle, loaded through its schema."""
    key = "whistle_id" if issubclass(contract, WhistleCommand) else "task_id"
    return contract().load({key: str(row["id"]), **more})


def do(operation: Any, session: Any, who: Principal, command: Any, now: datetime, **more: Any) -> Any:
    """What the service answers."""
    return shown(DispatchService, session, who, operation(session, who, command, now, **more))


def drafted(session: Any, who: Principal = WANGFANG, now: datetime = NOW, **changes: Any) -> dict[str, Any]:
    return do(whistles.draft, session, who, drafting(**changes), now)


def blown(session: Any, now: datetime = NOW, **changes: Any) -> dict[str, Any]:
    """A whistle with its tasks, approved where it needs to be."""
    whistle = drafted(session, ZHOUMIN if changes.get("kind") == "EMERGENCY" else WANGFANG, now, **changes)
    if whistle["state"] == "BLOWN":
        return whistle
    return do(whistles.approve, session, LIUWEI, command(ApproveWhistle, whistle), now)


def task_of(whistle: dict[str, Any], unit: str = "sifasuo") -> dict[str, Any]:
    return next(task for task in whistle["tasks"] if task["unit"]["code"] == unit)


def sign(session: Any, task: Any, who: Principal = HEWENBIN, now: datetime = NOW) -> dict[str, Any]:
    return do(tasks.sign, session, who, command(SignTask, task), now)


def report(session: Any, task: Any, who: Principal = HEWENBIN, now: datetime = NOW, **more: Any) -> dict[str, Any]:
    return do(tasks.report_in, session, who, command(ReportIn, task, mode="MEETING", **more), now)


def finish(session: Any, task: Any, who: Principal = HEWENBIN, now: datetime = NOW, **more: Any) -> dict[str, Any]:
    said = {"result_text": "已到会释法", "evidence": [PHOTO], **more}
    return do(tasks.finish, session, who, command(FinishTask, task, **said), now)


def confirm(session: Any, task: Any, who: Principal = WANGFANG, now: datetime = NOW) -> dict[str, Any]:
    return do(reviews.confirm, session, who, command(ConfirmTask, task), now)


def reject(session: Any, task: Any, who: Principal = WANGFANG, now: datetime = NOW) -> dict[str, Any]:
    said = {"reason_code": "EVIDENCE_MISSING", "reason": "缺少完工照片"}
    return do(reviews.reject, session, who, command(RejectTask, task, **said), now)


def rate(session: Any, task: Any, who: Principal = WANGFANG, now: datetime = NOW, **points: int) -> dict[str, Any]:
    return do(reviews.rate, session, who, command(RateTask, task, **{**POINTS, **points}), now)


def waive(session: Any, task: Any, who: Principal = WANGFANG, code: str = "CONFLICT") -> dict[str, Any]:
    said = {"reason_code": code, "reason": "赋分人与接哨员有亲属关系"}
    return do(reviews.waive, session, who, command(WaiveRating, task, **said), NOW)


def objecting(
    session: Any, task: Any, who: Principal = HEWENBIN, now: datetime = NOW, proposed: str | None = "wuye"
) -> dict[str, Any]:
    said = {"reason_code": "NOT_OUR_DUTY", "legal_basis": "《物业管理条例》第五十一条", "proposed_unit": proposed}
    return do(objections.raise_objection, session, who, command(ObjectTask, task, **said), now)


def decide(
    session: Any, task: Any, decision: str, who: Principal = LIUWEI, now: datetime = NOW, new_unit: str | None = None
) -> dict[str, Any]:
    said = {"decision": decision, "new_unit": new_unit, "reason": "产权资料已核实"}
    return do(objections.decide, session, who, command(DecideObjection, task, **said), now)


def finished(session: Any, whistle: Any, unit: str = "sifasuo", who: Principal = HEWENBIN) -> dict[str, Any]:
    """The unit's task, signed, reported in and finished."""
    task = task_of(whistle, unit)
    sign(session, task, who)
    report(session, task, who)
    return finish(session, task, who)


def later(**step: float) -> datetime:
    return NOW + timedelta(**step)
