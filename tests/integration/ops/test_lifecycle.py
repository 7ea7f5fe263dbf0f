"""A whole world with one toy service: up, status, a killed process, a parked message, scale, down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import amqp
import psutil
import pytest
from sqlalchemy import MetaData, create_engine

from chassis.store import add_chassis_tables
from ops import (
    caretaker,
    lifecycle,
    parked,
    postgres,
    preparing,
    processes,
    programs,
    provision,
    rabbitmq_api,
    readiness,
    status,
)
from ops.environment import database_url
from ops.ports import LOOPBACK
from ops.progress import silent
from ops.waiting import wait_until
from ops.world import EXTERNAL, REPOSITORY, World

pytestmark = pytest.mark.integration

Shaodao = Callable[..., "subprocess.CompletedProcess[str]"]


def make_chassis_tables(world: World, services: Sequence[str], **_: Any) -> None:
    """Stands in for the toy's migrations."""
    metadata = MetaData()
    add_chassis_tables(metadata)
    for service in services:
        engine = create_engine(database_url(world, service, f"{service}_owner"))
        metadata.create_all(engine)
        engine.dispose()
        provision.after_migration(world, service)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="shaodao-test-") as folder:
        for variable in EXTERNAL:
            patch.delenv(variable, raising=False)
        patch.setenv("SERVICES_PACKAGE", "tests.integration.ops.toys")
        patch.setattr(preparing, "migrate", make_chassis_tables)
        with lifecycle.running("toy", services=["intake"], load=False, folder=Path(folder)) as running:
            yield running


@pytest.fixture
def shaodao(world: World) -> Shaodao:
    """The command, asked about this world."""
    environment = {**os.environ, "SHAODAO_RUN_DIR": str(world.folder.parent), "SHAODAO_WORLD": world.name}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ops.cli", *arguments]
        environment["COLUMNS"] = "200"
        return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)

    return run


def ready(world: World) -> bool:
    return all(readiness.why_not_ready(program) is None for program in programs.programs_of(world))


def poison(world: World) -> None:
    """A body no handler can read, sent to the intake's inbox alone."""
    host = f"{LOOPBACK}:{world.port('rabbitmq')}"
    login = ("intake-relay", world.settings["amqp"]["intake-relay"])
    with amqp.Connection(host, *login, virtual_host="shaodao", confirm_publish=True) as connection:
        connection.connect()
        connection.channel().basic_publish(amqp.Message("not json"), exchange="intake.replay")


def parked_ids(world: World) -> list[str]:
    return [row[0] for row in parked.open_messages(world, "intake")]


def test_status_shows_what_runs(world: World, shaodao: Shaodao) -> None:
    shown = shaodao("status")
    assert shown.returncode == 0, shown.stderr
    rows = {row[0]: row for row in [*status.server_rows(world), *status.program_rows(world)]}
    assert set(rows) == {"postgres", "rabbitmq", "intake", "intake-relay", "caretaker"}
    assert {row[4] for row in rows.values()} == {"[green]yes[/]"}
    assert rows["intake"][3] == "0"
    assert rows["intake"][-2:] == ["0", "0"]
    assert "intake-relay" in shown.stdout


def test_consumers_are_counted(world: World) -> None:
    assert 1 == wait_until(lambda: consumers(world), seconds=60)


def test_a_killed_service_comes_back(world: World) -> None:
    for name in ("intake", "intake-relay"):
        before = readiness.pid_of(world, name)
        assert before is not None
        os.kill(before, signal.SIGKILL)
        wait_until(lambda old=before, name=name: readiness.pid_of(world, name) not in (None, old), seconds=60)
    wait_until(lambda: ready(world), seconds=60, what="the world to be ready again")


def test_up_again_changes_nothing(world: World) -> None:
    before = readiness.state(world)
    lifecycle.up(world, silent(), services=["intake"], load=False)
    assert readiness.state(world) == before


def test_a_poisoned_message_is_shown_replayed_and_discarded(world: World, shaodao: Shaodao) -> None:
    poison(world)
    wait_until(lambda: parked_ids(world) == ["intake:1"], seconds=60, what="the parked message")
    assert "intake:1" in shaodao("parked", "list").stdout
    assert "not json" in shaodao("parked", "show", "intake:1").stdout
    assert shaodao("parked", "replay", "intake:1").returncode == 0
    wait_until(lambda: parked_ids(world) == ["intake:2"], seconds=60, what="the replayed message")
    again = shaodao("parked", "replay", "intake:1")
    assert (again.returncode, "REPLAYED" in again.stderr) == (1, True)
    assert shaodao("parked", "discard", "intake:2").returncode == 2
    assert shaodao("parked", "discard", "intake:2", "--reason", "测试消息").returncode == 0
    assert "no parked messages" in shaodao("parked", "list").stdout
    assert shaodao("parked", "show", "intake:9").returncode == 1


def test_env_and_logs_name_the_service(world: World, shaodao: Shaodao) -> None:
    assert f"export ADMIN_PORT={world.port('intake-admin')}" in shaodao("env", "intake").stdout
    assert "started" in shaodao("logs", "intake").stdout
    assert shaodao("env", "kitchen").returncode == 1


def test_scaling_up_adds_a_process_and_leaves_the_others(world: World) -> None:
    before = readiness.pid_of(world, "intake")
    lifecycle.up(world, silent(), services=["intake"], scale={"intake": 2}, load=False)
    assert ready(world)
    assert set(readiness.state(world)) == {"intake", "intake-2", "intake-relay", "caretaker"}
    assert readiness.pid_of(world, "intake") == before
    wait_until(lambda: consumers(world) == 2, seconds=60)


@pytest.mark.rule("49")
def test_up_again_keeps_the_scale(world: World) -> None:
    before = readiness.state(world)
    lifecycle.up(world, silent(), services=["intake"], load=False)
    assert ready(world)
    assert before == readiness.state(world)


@pytest.mark.rule("49")
def test_servers_that_died_are_started_again_with_their_data(world: World) -> None:
    before = wait_until(lambda: consumers(world), seconds=60, what="consumers")
    broker = processes.find(world, "rabbitmq")
    cluster = psutil.Process(int((postgres.data(world) / "postmaster.pid").read_text().split()[0]))
    assert broker is not None
    for process in (broker, cluster, *cluster.children(recursive=True)):
        process.kill()
    what = "the servers again"
    wait_until(lambda: processes.find(world, "rabbitmq") not in (None, broker), seconds=60, what=what)
    wait_until(lambda: not postgres.died(world) and ready(world), seconds=60, what=what)
    wait_until(lambda: consumers(world) == before, seconds=60, what="consumers")


def consumers(world: World) -> int | None:
    count: int | None = rabbitmq_api.queues(world)["intake.inbox"].get("consumers")
    return count


@pytest.mark.rule("49")
def test_a_server_that_was_stopped_on_purpose_stays_down(world: World) -> None:
    postgres.stop(world)
    assert (False, []) == (postgres.died(world), caretaker.revive(world))
    postgres.start(world)


def test_no_file_with_a_secret_is_open_to_others(world: World) -> None:
    secrets = {*world.settings["amqp"].values(), *world.settings["roles"].values()}
    for path in world.folder.rglob("*"):
        if path.is_file() and not {"data", "rabbitmq"} & set(path.relative_to(world.folder).parts):
            text = path.read_text(encoding="utf8", errors="replace")
            assert not (any(secret in text for secret in secrets) and path.stat().st_mode & 0o077), path


def test_down_stops_everything_in_order_and_up_starts_it_again(world: World, shaodao: Shaodao) -> None:
    pids = [readiness.pid_of(world, name) for name in ("intake", "intake-2", "intake-relay")]
    stopped = shaodao("down")
    assert stopped.returncode == 0, stopped.stderr
    assert not [pid for pid in pids if pid and psutil.pid_exists(pid)]
    assert {row[4] for row in status.server_rows(world)} == {"[red]no[/]"}
    assert shaodao("down").returncode == 0
    lifecycle.up(world, silent(), services=["intake"], load=False)
    assert ready(world)
