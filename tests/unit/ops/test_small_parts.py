"""Waiting, logs, digests, packages and the shape of addresses."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from ops import cli, logs, packages, preparing, progress, rabbitmq, rabbitmq_api, rabbitmq_node
from ops.parked import split
from ops.problems import Problem, tail
from ops.waiting import wait_until
from ops.world import REPOSITORY, World


def test_waiting_returns_the_first_true_value() -> None:
    answers = iter([0, None, "there"])
    assert wait_until(lambda: next(answers), seconds=1, every=0) == "there"


def test_waiting_ends_at_the_deadline_and_names_what_was_awaited() -> None:
    with pytest.raises(TimeoutError, match="the last train"):
        wait_until(lambda: False, seconds=0.01, what="the last train", every=0.001)


def test_a_tail_is_the_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    assert tail(log) == ""
    log.write_text("\n".join(map(str, range(100))))
    assert tail(log, 2) == "98\n99"


def test_logs_are_named_where_several_are_shown(world: World) -> None:
    (world.logs / "intake.log").write_text("one\n")
    (world.logs / "portal.log").write_text("two\n")
    assert list(logs.lines(logs.files(world, "portal"))) == ["two"]
    both = list(logs.lines(logs.files(world, None)))
    assert [line.split(" | ")[1] for line in both] == ["one", "two"]
    with pytest.raises(Problem, match=r"there are: intake, portal"):
        logs.files(world, "kitchen")


def test_a_digest_follows_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = preparing.digest(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert preparing.digest(tmp_path) == first
    (tmp_path / "a").write_text("2")
    assert preparing.digest(tmp_path) != first


def test_unchanged_migrations_are_not_run_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(preparing, "run_each", lambda world, program, services, *more: ran.extend(services))
    monkeypatch.setattr(preparing.provision, "after_migration", lambda world, service: None)
    preparing.migrate(world, ["intake", "notify"], again=False)
    preparing.migrate(world, ["intake", "notify"], again=False)
    assert ran == ["intake", "notify"]
    preparing.migrate(world, ["intake"])
    assert ran == ["intake", "notify", "intake"]


def test_services_are_kept_down_only_while_packages_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "POLICY", tmp_path / "policy-rc.d")
    with packages.services_kept_down():
        assert packages.POLICY.stat().st_mode & 0o111
    assert not packages.POLICY.exists()


def test_an_operators_policy_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "POLICY", tmp_path / "policy-rc.d")
    packages.POLICY.write_text("mine")
    with packages.services_kept_down():
        pass
    assert packages.POLICY.read_text() == "mine"


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("AMQP_URI", raising=False)
    monkeypatch.setattr(packages, "can_install", lambda: False)
    monkeypatch.setattr(packages, "find_program", lambda: None)
    monkeypatch.setattr(packages, "FONT_FILES", Path("nowhere"))
    packages.main()
    named = "missing: rabbitmq-server and fonts-noto-cjk and fonts-dejavu-core"
    assert named in capsys.readouterr().out
    monkeypatch.setenv("AMQP_URI", "amqp://broker.example/")
    assert ["fonts-noto-cjk", "fonts-dejavu-core"] == packages.needed()


def test_every_make_target_is_explained() -> None:
    text = (REPOSITORY / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))
    assert targets == set(re.findall(r"^([a-z-]+):.*## .", text, re.MULTILINE))
    assert {"setup", "demo", "up", "down", "test", "check", "lock", "generate", "migrate", "bench", "clean"} <= targets


def test_nothing_is_installed_without_the_right_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "can_install", lambda: False)
    assert packages.install("anything") is False


def test_an_unknown_login_is_given_a_password_once() -> None:
    passwords = rabbitmq.Passwords(intake="known")
    assert passwords["intake"] == "known"
    assert passwords["department.x"] == passwords["department.x"]


def test_node_names_differ_by_world_folder(world: World, tmp_path: Path) -> None:
    twin = World(tmp_path / "twin", world.settings)
    assert rabbitmq_node.node_name(world).startswith("shaodao-still-")
    assert rabbitmq_node.node_name(world).endswith("@localhost")
    assert rabbitmq_node.node_name(twin) != rabbitmq_node.node_name(world)


def test_the_nodes_secrets_are_readable_for_the_owner_alone(world: World) -> None:
    rabbitmq_node.write_configuration(world)
    rabbitmq_node.write_configuration(world)
    home = rabbitmq_node.home(world)
    assert (home / "rabbitmq.conf").stat().st_mode & 0o777 == 0o600
    assert (home / ".erlang.cookie").stat().st_mode & 0o777 == 0o400


def test_a_broker_of_the_operator_needs_its_management_address(world: World) -> None:
    world.settings["external"]["amqp"] = "amqp://admin:pw@broker.example/"
    with pytest.raises(Problem, match="SHAODAO_RABBITMQ_API"):
        rabbitmq_api.base(world)
    world.settings["external"]["rabbitmq_api"] = "https://admin:pw@broker.example:15671/"
    assert rabbitmq_api.base(world) == "https://broker.example:15671"


@pytest.mark.parametrize("text", ["12", "dispatch", "kitchen:1", "dispatch:x"])
def test_a_parked_message_needs_service_and_number(text: str) -> None:
    with pytest.raises(Problem, match="dispatch:12"):
        split(text)


def test_a_scale_is_a_service_and_a_number() -> None:
    assert cli.scaled("dispatch=2") == ("dispatch", 2)
    with pytest.raises(Problem, match="dispatch=2"):
        cli.scaled("dispatch")


def test_steps_are_plain_lines_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.Steps(Console(force_terminal=False)) as steps, steps.step("Tables") as tell:
        tell("half")
    assert capsys.readouterr().out.startswith("✓ Tables (")


def test_a_problem_is_one_sentence_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SHAODAO_RUN_DIR", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["shaodao", "status"])
    with pytest.raises(SystemExit) as ended:
        cli.app()
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("shaodao: there is no world local")


def test_discard_asks_for_a_reason(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["shaodao", "parked", "discard", "intake:1"])
    with pytest.raises(SystemExit) as ended:
        cli.app()
    assert ended.value.code == 2
    assert "--reason" in capsys.readouterr().err
