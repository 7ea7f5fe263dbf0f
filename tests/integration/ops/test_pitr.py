"""deploy/pitr on a real server: what was there at a moment is there again, and what came after it is not."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ops import postgres, provision, system_user
from ops.waiting import wait_until
from ops.world import REPOSITORY, World

pytestmark = pytest.mark.integration
SECONDS = 120
CAUGHT_UP = "select bool_or(flush_lsn >= %s::pg_lsn) from pg_stat_replication where application_name = 'pg_receivewal'"


def words(*told: object) -> tuple[list[str], dict[str, str]]:
    programs = str(Path(postgres.program("pg_dump")).parent)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "SERVER_USER": system_user.NAME}
    return [str(REPOSITORY / "deploy" / "pitr"), *map(str, told)], environment


def pitr(*told: object) -> subprocess.CompletedProcess[str]:
    command, environment = words(*told)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS)


@pytest.fixture(scope="module")
def world(database_world: World) -> World:
    provision.provision(database_world)
    return database_world


@pytest.fixture
def archive(world: World, tmp_path: Path) -> Iterator[Path]:
    """A folder into which everything written goes as it is written."""
    folder = tmp_path / "archive"
    command, environment = words("follow", folder, provision.administrator_url(world))
    follower = subprocess.Popen(command, env=environment)
    try:
        with provision.connected(world) as server:
            wait_until(lambda: caught_up(server), seconds=30, what="the archive follows")
        yield folder
    finally:
        follower.terminate()
        follower.wait(10)


def caught_up(server: psycopg.Connection) -> bool:
    now = server.execute("select pg_current_wal_flush_lsn()::text").fetchone()
    assert now is not None
    return server.execute(CAUGHT_UP, now).fetchone() == (True,)


def restored(world: World, dump: Path) -> list[str]:
    """The words in the dump's table, put back into a database of its own."""
    with provision.connected(world) as server:
        server.execute("create database back")
    done = subprocess.run(
        [postgres.program("pg_restore"), "--dbname", provision.administrator_url(world, "back"), str(dump)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "" == done.stderr
    with provision.connected(world, "back") as database:
        return [str(row[0]) for row in database.execute("select text from said order by no")]


def test_given_a_table_dropped_by_mistake_when_restored_to_the_moment_before_then_all_that_was_answered_is_there(
    world, archive, tmp_path
):
    with provision.connected(world, "intake") as database:
        database.execute("create table said (no serial, text text)")
        database.execute("insert into said (text) values ('before the copy')")
        made = pitr("base", archive, provision.administrator_url(world))
        assert (0, "") == (made.returncode, made.stderr.replace(NOTICE, ""))
        database.execute("insert into said (text) values ('after the copy')")
        moment = database.execute("select clock_timestamp()::text").fetchone()
        database.execute("insert into said (text) values ('too late')")
        database.execute("drop table said")
        wait_until(lambda: caught_up(database), seconds=30, what="everything is kept")
    done = pitr("dumps", archive, moment[0], tmp_path / "dumps")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert ["before the copy", "after the copy"] == restored(world, tmp_path / "dumps" / "intake.dump")


def test_given_a_moment_before_every_copy_when_asked_for_then_it_is_refused_by_name(world, archive, tmp_path):
    done = pitr("dumps", archive, "2001-01-01T00:00:00Z", tmp_path / "dumps")
    assert (1, "pitr: there is no base before 2001-01-01T000000Z\n") == (done.returncode, done.stderr)


def test_given_a_moment_that_is_not_kept_yet_when_asked_for_then_nothing_is_put_out(world, archive, tmp_path):
    made = pitr("base", archive, provision.administrator_url(world))
    assert 0 == made.returncode, made.stderr
    done = pitr("dumps", archive, "2099-01-01T00:00:00Z", tmp_path / "dumps")
    assert 1 == done.returncode, done.stdout
    assert "recovery ended before configured recovery target was reached" in done.stderr
    assert not (tmp_path / "dumps").exists()


NOTICE = """\
NOTICE:  WAL archiving is not enabled; you must ensure that all required WAL segments are copied through other means \
to complete the backup
"""
