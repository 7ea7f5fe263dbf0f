"""The portal on a real database, with services that only record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData

from chassis.store import Store
from services.portal.accounts.current import EXTENSION
from services.portal.accounts.sessions import Sessions
from services.portal.accounts.tables import GrantRow
from services.portal.app import create_app
from services.portal.tables import Base
from tests.support.clock import FixedClock
from tests.unit.portal.api.fakes import GRID_3, NOW, FakePeers, Portal, process_of


@pytest.fixture(scope="session")
def application() -> Flask:
    return create_app()


@pytest.fixture
def visitor(application: Flask) -> FlaskClient:
    """Somebody who asks for what needs no store and no service."""
    return application.test_client()


@pytest.fixture
def portal(application: Flask, database: Callable[[MetaData], Store]) -> Portal:
    """李珊 has an account and is logged in nowhere."""
    store, clock, peers = database(Base.metadata), FixedClock(NOW), FakePeers()
    process = process_of(store, clock)
    application.extensions[EXTENSION] = Sessions()
    client = application.test_client()
    client.environ_base.update({"shaodao.process": process, "shaodao.peers": peers})
    made = Portal(client, store, clock, peers, process.verifier)
    made.account("lishan", grants=(GrantRow(role="GRID", node=GRID_3, unit="yinhong"),), unit="yinhong")
    return made


@pytest.fixture
def program(portal: Portal) -> dict[str, str]:
    """Headers of a program that has logged in as 李珊."""
    return portal.bearer()
