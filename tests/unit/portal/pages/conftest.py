"""The portal with the told case in its read model, people of several posts, and services that answer from a table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import MetaData

from chassis.store import Store
from services.portal.accounts.current import EXTENSION
from services.portal.accounts.sessions import Sessions
from services.portal.app import create_app
from services.portal.pages import places
from services.portal.tables import Base
from tests.support.clock import FixedClock
from tests.unit.portal.api.fakes import FakePeers, process_of
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import Pages, account
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import a1, a4, at


@pytest.fixture(scope="session")
def application() -> Flask:
    return create_app()


@pytest.fixture
def pages(application: Flask, database: Callable[[MetaData], Store]) -> Pages:
    """July 8th, 10:40: the whistle is out, 李珊 handles the case, one unit has not signed in time."""
    store, clock, peers = database(Base.metadata), FixedClock(at(73.5)), FakePeers(answers.everything())
    application.extensions[EXTENSION] = Sessions()
    places.forget()
    process = process_of(store, clock)
    made = Pages(application, store, clock, peers, {"shaodao.process": process, "shaodao.peers": peers})
    account(store, "lishan", "李珊", ("GRID", "yinchuan.xingqing.lijingjie.yinhong.g3", "yinhong"))
    account(store, "lili", "李利", ("GRID", "yinchuan.xingqing.shandalu.hongbei.g2", "hongbei"))
    account(store, "hewenbin", "贺文彬", ("RECEIVER", "yinchuan.xingqing.lijingjie", "lijingjie-sifasuo"))
    account(store, "dianli", "电力值班", ("RECEIVER", "yinchuan.xingqing", "gongdian"))
    account(store, "street", "丽景街道", ("STREET", "yinchuan.xingqing.lijingjie", None))
    account(store, "hejing", "何静", ("FOLLOWUP", "yinchuan.xingqing", "zhihui"))
    account(store, "shixiuying", "石秀英", ("MEDIATOR", "yinchuan.xingqing", "yinhong-tiaowei"))
    tell(store, [event for event in a1() if event.time <= at(73)] + a4())
    return made
