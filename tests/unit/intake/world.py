"""People, places and commands of the told cases A1 and A4, for tests of intake."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from chassis.identity import Grant, Principal
from contracts import samples
from contracts.intake.appeals import RegisterAppeal
from contracts.intake.triage import AssignAppeal
from contracts.intake.working import ReportResult
from services.intake import registering, triage, working
from services.intake.service import IntakeService
from services.intake.tables import Appeal, AreaNode, Category, Post, PostHolder
from tests.support.answers import shown
from tests.support.events import said

NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)
"""A Friday, 09:00 in Yinchuan."""

NIGHT = datetime(2024, 7, 6, 15, 10, tzinfo=UTC)
"""A Saturday, 23:10 in Yinchuan."""

STREET = "yinchuan.xingqing.lijingjie"
COMMUNITY = f"{STREET}.yinhong"
GRID = f"{COMMUNITY}.g3"
STAIRWELL = f"{GRID}.b5u2"
ELSEWHERE = f"{STREET}.jingyuan"


def staff(number: int, name: str, *grants: Grant, kind: str = "person") -> Principal:
    return Principal(str(UUID(int=number)), name, grants, kind)


LISHAN = staff(21, "李珊", Grant("GRID", GRID, "yinhong"), Grant("WHISTLER", GRID, "yinhong"))
MA = staff(22, "马慧兰", Grant("GRID", GRID, "yinhong"))
WANG = staff(23, "王芳", Grant("COMMUNITY", COMMUNITY, "yinhong"))
ZHANG = staff(24, "张静", Grant("COMMUNITY", COMMUNITY, "yinhong"), Grant("WINDOW", COMMUNITY, "yinhong"))
LIU = staff(25, "刘伟", Grant("STREET", STREET, "lijingjie"))
WINDOW = staff(26, "马春兰", Grant("WINDOW", ELSEWHERE, "jingyuan"))
OTHER = staff(27, "赵文斌", Grant("GRID", f"{ELSEWHERE}.g1", "jingyuan"))
CALLER = staff(28, "回访员", Grant("FOLLOWUP", "yinchuan.xingqing", "huifang"))
AUDITOR = staff(29, "审计", Grant("AUDITOR", "yinchuan.xingqing"))
CHEN = staff(30, "陈*", Grant("RESIDENT", STAIRWELL), kind="resident")
STRANGER = staff(31, "居*", Grant("RESIDENT", STAIRWELL), kind="resident")
NOTIFY = Principal.service("notify")
INTAKE = Principal.service("intake")

LEVELS = [
    ("yinchuan", "CITY", "银川市", "0000"),
    ("yinchuan.xingqing", "DISTRICT", "兴庆区", "0001"),
    (STREET, "STREET", "丽景街街道", "0100"),
    (COMMUNITY, "COMMUNITY", "银虹社区", "0101"),
    (GRID, "GRID", "第3网格", "0101"),
    (STAIRWELL, "STAIRWELL", "5号楼2单元", "0101"),
    (ELSEWHERE, "COMMUNITY", "景苑社区", "0102"),
    (f"{ELSEWHERE}.g1", "GRID", "第1网格", "0102"),
]
POSTS = [
    (GRID, "GRID", "DAILY 08:30-19:00", LISHAN, MA),
    (COMMUNITY, "COMMUNITY_DESK", "DAILY 08:30-19:00", WANG, ZHANG),
    (COMMUNITY, "COMMUNITY_OFF_HOURS", "OFF_HOURS", ZHANG, WANG),
]
CATEGORIES = {
    "housing.drain.blocked": "URGENT",
    "other.advice": "NORMAL",
    "old.lift": "COMPLEX",
    "other.unsorted.any": "NORMAL",
}


def furnish(session) -> None:
    """The areas, posts and categories."""
    since = datetime(2000, 1, 1, tzinfo=UTC)
    for path, level, name, area4 in LEVELS:
        session.add(AreaNode(code=path, level=level, name=name, path=path, area4=area4, valid_from=date(2020, 1, 1)))
    for path, duty, hours, first, second in POSTS:
        post = Post(area_path=path, duty=duty, name=duty, unit="yinhong", hours=hours)
        session.add(post)
        session.flush()
        for rank, who in (("A", first), ("B", second)):
            name = {"person_id": who.id, "person_name": who.name}
            session.add(PostHolder(post_id=post.id, rank=rank, valid_from=since, **name))
    for code, urgency in CATEGORIES.items():
        fields = {"code": code, "name": code, "level": 3, "position": 1, "default_urgency": urgency}
        session.add(Category(**fields, dispute=True, questions=["现在还在漏吗？"]))


def command(contract, **more):
    """The contract's example with changes, loaded as the entrypoint does; a number is not guessed."""
    raw = {**contract.example, **more}
    raw.pop("expected_version", None)
    loaded = contract().load(raw)
    if contract.versioned:
        loaded["expected_version"] = more.get("expected_version")
    return loaded


CALM = {"damage_ongoing": False, "danger_flags": [], "title": "下水慢", "content": "卫生间下水慢，想约人疏通。"}


def registration(**more):
    """陈阿姨's call; `calm=True` leaves out everything that makes it an emergency."""
    calm = CALM if more.pop("calm", False) else {}
    place = {"category": "housing.drain.blocked", "area_path": STAIRWELL, "attachments": []}
    return command(RegisterAppeal, **{**place, **calm, **more})


def register(store, who=LISHAN, now=NOW, **more):
    with store.transaction() as session:
        return shown(IntakeService, session, who, registering.register_appeal(session, who, registration(**more), now))


def do(store, operation, contract, who, now=NOW, **more):
    """One command in its own transaction."""
    with store.transaction() as session:
        return shown(IntakeService, session, who, operation(session, who, command(contract, **more), now))


def solve(store, number, who=LISHAN, now=NOW + timedelta(hours=1), **more):
    more = {"result_kind": "SOLVED", "attachments": [samples.PHOTO], **more}
    return do(store, working.report_result, ReportResult, who, now, number=number, **more)


def assign(store, number, who=WANG, to=LISHAN, now=NOW, **more):
    given = {"lead_unit": "yinhong", "handler_id": to.id, **more}
    return do(store, triage.assign_appeal, AssignAppeal, who, now, number=number, **given)


@contextmanager
def stored(store, number):
    """The row as it lies in the store."""
    with store.transaction() as session:
        yield session.query(Appeal).filter(Appeal.case_number == number).one()


def state(store, number):
    with stored(store, number) as appeal:
        return appeal.state


def facts_of(store, name=None):
    with store.transaction() as session:
        return said(session, name)


def names(store):
    return [fact["type"].split(".")[-2] for fact in facts_of(store)]


def about(view):
    """How other services name the appeal."""
    return {"kind": "APPEAL", "id": str(view["id"]), "number": view["number"]}


def yuan(text):
    return Decimal(text)
