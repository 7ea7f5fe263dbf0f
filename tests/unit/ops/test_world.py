"""A world's settings: made once, kept, secret."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ops import ports
from ops import world as worlds
from ops.problems import Problem
from ops.world import World


def test_settings_are_readable_for_the_owner_alone(world: World) -> None:
    assert (world.folder / "settings.json").stat().st_mode & 0o777 == 0o600


def test_a_world_is_found_again_as_it_was(world: World) -> None:
    world.port("dispatch-admin")
    assert worlds.load_or_create(world.folder).settings == world.settings


def test_two_worlds_share_no_secret(world: World, tmp_path: Path) -> None:
    other = worlds.load_or_create(tmp_path / "other")
    for kind in ("amqp", "roles", "hash_keys"):
        mine, theirs = set(world.settings[kind].values()), set(other.settings[kind].values())
        assert not mine & theirs
        assert len(mine) == len(world.settings[kind])


def test_every_port_is_given_once(world: World) -> None:
    given = [*world.settings["ports"].values(), world.port("intake-admin"), world.port("intake-relay-admin")]
    assert len(set(given)) == len(given)
    assert 25672 not in given


def test_a_taken_port_is_renewed_and_a_free_one_is_kept(world: World) -> None:
    before = world.port("postgres")
    world.renew_taken_port("postgres")
    assert world.port("postgres") == before
    with socket.create_server(("127.0.0.1", before)):
        world.renew_taken_port("postgres")
    assert world.port("postgres") != before
    assert worlds.load(world.folder).port("postgres") == world.port("postgres")


def test_the_portal_of_the_demo_takes_the_next_port_when_8080_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda port: port >= 8082)
    assert worlds.fresh_port("demo", "portal", {}) == 8082
    assert worlds.fresh_port("local", "portal", {"other": 8082}) == 8083


def test_an_absent_world_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="there is no world nowhere"):
        worlds.load(tmp_path / "nowhere")


def test_the_environment_names_the_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHAODAO_RUN_DIR", str(tmp_path))
    monkeypatch.setenv("SHAODAO_WORLD", "chosen")
    assert worlds.named() == tmp_path / "chosen"
    assert worlds.named("other") == tmp_path / "other"
    monkeypatch.delenv("SHAODAO_WORLD")
    assert worlds.named() == tmp_path / "local"


def test_a_test_clock_moves_the_worlds_time(tmp_path: Path) -> None:
    world = worlds.load_or_create(tmp_path / "moving", clock=True)
    world.shift_clock(7200)
    assert world.now() - datetime.now(UTC) > timedelta(seconds=7190)


def test_a_world_without_test_clock_keeps_the_systems_time(world: World) -> None:
    with pytest.raises(Problem, match="no test clock"):
        world.shift_clock(1)
