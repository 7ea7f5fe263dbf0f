"""A city that is asked by Open311: its categories, its matters, and the questions."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import NotFound
from contracts import samples
from services.portal.readmodel.tables import Matter
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.story import APPEAL_NO, STAIRWELL, at

BASE = "/open311/v2"
DRAIN, LAMP, SECRET = "housing.drain.blocked", "municipal.light.off", "safety.abuse.child"
CATEGORIES = [
    {"code": "housing", "parent": None, "name": "住房与物业"},
    {"code": "housing.drain", "parent": "housing", "name": "排水与渗漏"},
    {"code": DRAIN, "parent": "housing.drain", "name": "下水堵塞", "questions": ["现在还在往外冒水吗？"]},
    {"code": LAMP, "parent": "housing", "name": "路灯不亮"},
    {"code": SECRET, "parent": "housing", "name": "不公开的事", "sensitive": True},
]
REGISTERED = {"id": samples.APPEAL, "number": APPEAL_NO, "first_responder": {"name": "李珊"}}
REPORT = {"service_code": DRAIN, "description": "污水漫到楼道", "address_string": "银虹社区5号楼2单元"}


@pytest.fixture
def city(pages: Pages) -> Pages:
    blank = {"questions": [], "sensitive": False}
    pages.peers.answers |= {
        "list_categories": {"items": [{**blank, **each} for each in CATEGORIES]}, "register_appeal": REGISTERED,
        "locate_point": NotFound("这里没有画网格"),
    }  # fmt: skip
    return pages


def matter(pages: Pages, key: str, hours: float = 70, **more: Any) -> str:
    category = more.pop("category", LAMP)
    told = {
        "id": key, "kind": "APPEAL", "number": "S1", "case_number": "S1", "root": True, "parent": "",
        "state": "ASSIGNED",
        "waits": [], "urgency": "NORMAL", "secret": False, "against": [], "tally": {"category": category},
        "area_path": STAIRWELL, "version": 1, "opened_at": at(hours), "updated_at": at(hours), "due_at": None,
    }  # fmt: skip
    with pages.store.transaction() as session:
        session.add(Matter(**{**told, **more}))
    return key


def get(pages: Pages, path: str, **query: Any) -> Any:
    return pages.browser().get(f"{BASE}/{path}", query_string=query)


def ids(pages: Pages, **query: Any) -> list[str]:
    return [
        each["service_request_id"] for each in get(pages, "requests.json", **query).json if each["service_code"] == LAMP
    ]
