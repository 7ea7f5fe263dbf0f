"""The store of notify, with a few named places."""

from __future__ import annotations

import pytest

from services.notify.tables import Area, Base
from tests.unit.notify.mailbox import open_mailbox

PLACES = {
    "yinchuan": ("yinchuan", "CITY", "银川市", "0000"),
    "yinchuan.xingqing": ("xingqing", "DISTRICT", "兴庆区", "0001"),
    "yinchuan.xingqing.lijingjie": ("lijingjie", "STREET", "丽景街街道", "0100"),
    "yinchuan.xingqing.lijingjie.yinhong": ("yinhong", "COMMUNITY", "银虹社区", "0101"),
    "yinchuan.xingqing.lijingjie.yinhong.g3": ("yinhong-g3", "GRID", "第3网格", None),
    "yinchuan.xingqing.lijingjie.yinhong.g3.b5": ("yinhong-g3-b5", "BUILDING", "5号楼", None),
    "yinchuan.xingqing.lijingjie.yinhong.g3.b5.h1": ("yinhong-g3-b5-h1", "HOUSEHOLD", "101室", None),
}


@pytest.fixture
def bare_store(database):
    return database(Base.metadata)


@pytest.fixture
def store(bare_store):
    with bare_store.transaction() as session:
        for path, (code, level, name, area4) in PLACES.items():
            session.add(Area(path=path, code=code, level=level, name=name, area4=area4))
    return bare_store


@pytest.fixture
def mail():
    with open_mailbox() as (mailbox, smtp):
        yield mailbox, smtp
