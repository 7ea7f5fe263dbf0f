"""An election of citizens' supervisors, the project they watch, and one command at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.errors import Invalid
from chassis.identity import Grant, Principal
from services.mediation import elections, projects
from tests.support import events
from tests.unit.mediation import meeting
from tests.unit.mediation.people import staff

XINHUA = "yinchuan.xingqing.xinhuajie.xinhua"
LAOYUAN = f"{XINHUA}.g1.laoyuan"
NOW = datetime.fromisoformat("2024-07-08T09:00:00+08:00")
OVER = NOW + timedelta(days=8)
LATER = OVER + timedelta(hours=1)
HAN = staff("u-hancaiyun", "韩彩云", "COMMUNITY", XINHUA)
SHI = Principal("u-shihuiming", "石会明", (Grant("SUPERVISOR", LAOYUAN, "xinhua"),))
QIN = Principal("u-qinhongwei", "秦宏伟", (Grant("SUPERVISOR", LAOYUAN, "xinhua"),))
BUILDER = Principal("u-songchangming", "宋长明", (Grant("RECEIVER", LAOYUAN, "laoyuan-shigong"),))
NEIGHBOUR, OTHER_NEIGHBOUR = (
    Principal(f"7d1d0d0e-0000-7000-8000-00000000002{no}", "住*", (Grant("RESIDENT", f"{XINHUA}.g1"),), "resident")
    for no in (1, 2)
)
OUTSIDER = meeting.OUTSIDER
PEOPLE = (HAN, SHI, QIN, BUILDER, NEIGHBOUR)
NAMES = {
    "石会明": "u-shihuiming", "秦宏伟": "u-qinhongwei", "许月娥": "u-xuyuee", "何德胜": "u-hedesheng",
    "吕彩云": "u-lyucaiyun", "冯大山": None, "田小禾": None,
}  # fmt: skip
VOTES = {1: 61, 2: 50, 3: 44, 4: 40, 5: 33, 6: 20, 7: 12}
PROOF = meeting.PROOF
GIVEN: dict[str, dict[str, Any]] = {
    "call_election": {
        "subject": "老旧小区改造百姓监督员", "area_path": LAOYUAN, "seats": 5,
        "voters_rule": "本小区十八周岁以上的居民，一人一票", "meets_at": NOW.isoformat(), "place_text": "小区广场",
    },
    "open_voting": {"tellers": ["监票甲", "计票乙"]},
    "stand_for_election": {"name": "卫来迟"},
    "cast_ballot": {"choices": [1]},
    "count_ballots": {"sheets": PROOF},
    "object_to_election": {"words": "发票时名册没有核对"},
    "answer_election_objection": {"reply": "名册当场核对过，有照片", "upheld": False},
    "call_off_election": {"reason": "报名的人不够"},
    "open_project": {
        "name": "老旧小区改造", "area_path": LAOYUAN, "builder": "laoyuan-shigong", "overseer": "laoyuan-jianli",
        "starts_on": "2024-07-17", "ends_on": "2024-12-31",
    },
    "raise_site_issue": {"words": "外墙保温板没有粘牢", "place_text": "2号楼东侧", "photos": PROOF},
    "forward_site_issue": {"unit": "laoyuan-shigong"},
    "fix_site_issue": {"fixed_how": "拆下重粘，加锚栓", "proof": PROOF},
    "reject_site_issue": {"rejection": "下沿还是空鼓"},
}  # fmt: skip
WHO = {"cast_ballot": NEIGHBOUR, "object_to_election": NEIGHBOUR, "raise_site_issue": SHI,
       "fix_site_issue": BUILDER, "confirm_site_issue": SHI, "reject_site_issue": SHI, "ask_to_stop": SHI,
       "withdraw_site_issue": SHI}  # fmt: skip


def do(store: Any, method: str, who: Principal | None = None, now: datetime = NOW, **asked: Any) -> Any:
    """One command or question as the bus gives it; the answer as it is shown."""
    return meeting.do(store, method, who or WHO.get(method, HAN), now, **{**GIVEN.get(method, {}), **asked})


def election(store: Any, candidates: int = 7, **asked: Any) -> str:
    """The number of an election with that many candidates."""
    number = str(do(store, "call_election", **asked)["number"])
    for name, account in list(NAMES.items())[:candidates]:
        do(store, "stand_for_election", number=number, name=name, account=account)
    return number


def voting(store: Any, voters: int = 104, **asked: Any) -> str:
    number = election(store, **asked)
    do(store, "open_voting", number=number)
    if asked.get("mode", "PAPER") == "PAPER":
        hand_out(store, number, voters)
    return number


def hand_out(store: Any, number: str, voters: int) -> Any:
    return do(store, "hand_out_ballots", number=number, voters=[{"voter_key": f"{no}"} for no in range(voters)])


def counted(votes: dict[int, int], valid: int = 100, spoiled: int = 4) -> dict[str, Any]:
    return {"counts": [{"no": no, "votes": each} for no, each in votes.items()], "valid": valid, "spoiled": spoiled}


def concluded(store: Any) -> str:
    """The number of an election that brought the five told ones forth."""
    number = voting(store)
    do(store, "count_ballots", number=number, **counted(VOTES))
    do(store, "publish_election", number=number)
    meeting.tick(store, elections.conclude_elections, OVER)
    return number


def project(store: Any) -> str:
    return str(do(store, "open_project", now=OVER, election_number=concluded(store))["number"])


def issue(store: Any, state: str = "RAISED", **asked: Any) -> str:
    """The number of an issue in a state."""
    number = str(do(store, "raise_site_issue", now=LATER, number=project(store), **asked)["number"])
    for method in {"RAISED": (), "SENT": ("forward_site_issue",), "FIXED": ("forward_site_issue", "fix_site_issue")}[
        state
    ]:
        do(store, method, now=LATER, number=number)
    return number


def sent(store: Any) -> str:
    return issue(store, "SENT")


def week_over(store: Any, days: int = 8) -> None:
    meeting.tick(store, projects.tell_weeks, OVER + timedelta(days=days))


def told(store: Any, name: str) -> list[dict[str, Any]]:
    """What the events of a name say, the oldest first."""
    with store.transaction() as session:
        return [each["data"] for each in events.said(session, name)]


@contextmanager
def invalid(words: str) -> Iterator[None]:
    """What is done inside is refused as invalid, in these words."""
    with pytest.raises(Invalid) as refused:
        yield
    assert words in str(refused.value.details["fields"])
