"""While the database is away, nothing is lost, nothing is parked and no retry is spent."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from ops.waiting import wait_until
from tests.integration.chassis.test_hearing import effects, envelope
from tests.support.postgres import TestServer
from tests.support.toy_world import toy_world

pytestmark = pytest.mark.integration


@pytest.fixture
def own_postgres():
    server = TestServer(Path(tempfile.mkdtemp(prefix="shaodao-outage-")))
    yield server
    server.stop()


def test_given_a_database_that_goes_away_when_it_is_back_then_all_that_waited_is_handled_once(toy_node, own_postgres):
    toys = toy_world(toy_node, own_postgres)
    service = toys.start_service()
    toys.publish(envelope("before"))
    wait_until(lambda: effects(toys, "before") == 1, seconds=60)
    own_postgres.pause()
    for number in range(20):
        toys.publish(envelope("meanwhile", subject=f"t-{number}"))
    wait_until(lambda: not toys.ready("ADMIN_PORT"), seconds=60, what="not ready without a database")
    own_postgres.resume()
    wait_until(lambda: toys.ready("ADMIN_PORT"), seconds=60, what="ready again")
    wait_until(lambda: effects(toys, "meanwhile") == 20 and toys.waiting() == 0, seconds=60)
    retried = sum(toys.waiting(f"things.retry.{delay}") for delay in ("5s", "30s", "5m", "30m"))
    assert (None, 0, [(0,)]) == (service.poll(), retried, toys.rows("select count(*) from parked"))
    toys.stop()
