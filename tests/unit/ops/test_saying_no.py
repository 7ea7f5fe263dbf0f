"""The command line says no in one English sentence, before it has made or changed anything."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from chassis.errors import Conflict, Unavailable
from ops import cli, department, department_webhook, parked, postgres, preparing, rabbitmq, running
from ops import world as worlds
from ops.ports import any_free
from ops.problems import Problem
from ops.world import REPOSITORY, World

Typed = Callable[..., str]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Typed:
    """Types a command that must end with 1; what it said."""
    monkeypatch.setenv("SHAODAO_RUN_DIR", str(tmp_path))

    def type_(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["shaodao", *words])
        with pytest.raises(SystemExit) as ended:
            cli.app()
        assert 1 == ended.value.code
        return capsys.readouterr().err.strip()

    return type_


def test_given_other_worlds_when_one_is_absent_then_they_and_the_variable_are_named(tmp_path: Path) -> None:
    for name in ("b", "a"):
        worlds.load_or_create(tmp_path / name)
    with pytest.raises(Problem, match=r"there is no world c; .* SHAODAO_WORLD chooses another: a, b$"):
        worlds.load(tmp_path / "c")


@pytest.mark.parametrize("name", ["../x", "Demo", "a b", "世界"])
def test_given_a_name_that_is_none_when_a_world_is_looked_for_then_it_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SHAODAO_WORLD", name)
    with pytest.raises(Problem, match="a-z, 0-9 and -"):
        worlds.named()


@pytest.mark.parametrize(
    "words",
    [
        ("department", "list"),
        ("department", "add", "gongdian"),
        ("department", "replies"),
        ("parked", "list"),
        ("parked", "show", "dispatch:1"),
        ("parked", "replay", "dispatch:1"),
        ("migrate",),
        ("load",),
    ],
)
def test_given_a_world_that_is_down_when_its_servers_are_needed_then_one_sentence_says_so(
    typed: Typed, world: World, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SHAODAO_WORLD", world.name)
    assert "shaodao: world still does not run; `shaodao up` starts it" == typed(*words)


def test_given_servers_of_the_operator_when_nobody_listens_there_then_their_address_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = any_free()
    world.settings["external"]["postgres"] = f"postgresql://admin:pw@127.0.0.1:{port}"
    world.save()
    monkeypatch.setattr(worlds, "named", lambda: world.folder)
    with pytest.raises(Problem, match=f"PostgreSQL at 127.0.0.1:{port} does not answer"):
        running.running()


def test_given_a_broker_that_is_down_when_only_the_database_is_needed_then_the_command_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worlds, "named", lambda: world.folder)
    monkeypatch.setattr(postgres, "is_running", lambda world: True)
    monkeypatch.setattr(rabbitmq, "is_running", lambda world: False)
    assert world.settings == running.running().settings
    with pytest.raises(Problem, match="does not run"):
        running.running("postgres", "rabbitmq")


@pytest.mark.parametrize(
    ("scale", "sentence"),
    [("dispatch", "dispatch=2"), ("dispatch=²", "dispatch=2"), ("kitchen=2", "no service"), ("intake=0", "once")],
)
def test_given_a_scale_that_is_none_when_up_is_typed_then_no_world_is_made(
    typed: Typed, tmp_path: Path, scale: str, sentence: str
) -> None:
    assert sentence in typed("up", "--scale", scale)
    assert [] == list(tmp_path.iterdir())


def test_given_a_folder_without_reference_data_when_loaded_then_what_it_lacks_is_named(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").touch()
    with pytest.raises(Problem, match=r"lacks accounts\.yaml, categories\.yaml"):
        preparing.refuse_incomplete(tmp_path)
    preparing.refuse_incomplete(REPOSITORY / "data" / "district")


def test_given_the_demo_district_when_listed_then_no_needed_file_is_forgotten() -> None:
    there = {path.name for path in preparing.DISTRICT.iterdir() if path.is_file()}
    assert set(preparing.NEEDED) == there.difference(preparing.OPTIONAL)


def test_given_an_unknown_service_when_parked_messages_are_listed_then_the_services_are_named(typed: Typed) -> None:
    assert "there is no service nosuch; there are intake" in typed("parked", "list", "--service", "nosuch")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ("chassis.errors.Reject: data breaks its contract", "Reject: data breaks its contract"),
        ("Traceback\n  File\nKeyError: 'a.b: c'", "KeyError: 'a.b: c'"),
        ("sqlalchemy.exc.NoResultFound", "NoResultFound"),
        ("", ""),
    ],
)
def test_given_an_error_when_listed_then_its_class_stands_without_its_module(error: str, line: str) -> None:
    assert line == parked.last_line(error)


@pytest.mark.parametrize(
    "url", ["ftp://a", "http://", "http://me:pw@host/", "http://a:0x/", "http://a b/", "http://街/"]
)
def test_given_an_address_dispatch_would_not_post_to_when_typed_then_it_is_a_problem(url: str) -> None:
    with pytest.raises(Problem, match="https://host/path"):
        department_webhook.refuse_address(url)
    department_webhook.refuse_address("https://host.example:8443/hook?a=b")


def test_given_no_delivery_when_redeliver_is_typed_then_it_says_what_may_be_named(world: World) -> None:
    with pytest.raises(Problem, match="--failed-of CODE"):
        department_webhook.redeliver(world, [], None)


class Nothing:
    """A session that knows no row."""

    def get(self, *_: object, **__: object) -> None:
        return None


def test_given_an_unknown_delivery_when_begun_again_then_it_is_named() -> None:
    delivery = uuid.uuid4()
    with pytest.raises(Problem, match=f"there is no delivery {delivery}"):
        department_webhook.refuse_delivery(Nothing(), delivery)


def test_given_one_or_more_deliveries_when_counted_then_the_sentence_agrees() -> None:
    assert "1 delivery begins again" == department_webhook.counted(1)
    assert "2 deliveries begin again" == department_webhook.counted(2)


@pytest.mark.parametrize(("webhook", "end"), [(False, "$"), (True, "; .* --off` ends its webhook$")])
def test_given_a_unit_that_is_not_connected_when_removed_then_it_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, webhook: bool, end: str
) -> None:
    row = {"code": "gongdian", "connected": False, "webhook": webhook}
    monkeypatch.setattr(department, "units", lambda world, codes: [row])
    monkeypatch.setattr(department.broker, "is_admitted", lambda world, code: False)
    monkeypatch.setattr(department.broker, "queues", lambda world: {"gongdian": {}})
    with pytest.raises(Problem, match=f"gongdian is not connected{end}"):
        department.refuse_absent(world, "gongdian", drop_queue=False)
    department.refuse_absent(world, "gongdian", drop_queue=True)


def test_given_a_service_that_says_no_when_asked_then_the_problem_is_english_and_names_the_state(world: World) -> None:
    with (
        pytest.raises(Problem, match=r"^dispatch:1 is REPLAYED already; .*by whom$"),
        parked.transaction(world, "dispatch", **parked.refusals("dispatch:1")),
    ):
        raise Conflict("该消息已处理过", state="REPLAYED", allowed_states=["PARKED"])
    with pytest.raises(Problem, match="the database does not answer"), parked.transaction(world, "dispatch"):
        raise Unavailable("数据库暂时没有响应")


def test_given_a_broker_of_the_operator_without_management_address_when_asked_then_that_is_what_is_missing(
    world: World,
) -> None:
    world.settings["external"]["amqp"] = "amqp://admin:pw@broker.example/"
    with pytest.raises(Problem, match="SHAODAO_RABBITMQ_API"):
        running.external(world, "rabbitmq")
    world.settings["external"]["rabbitmq_api"] = "https://admin:pw@broker.example:15671"
    assert "https://broker.example:15671" == running.external(world, "rabbitmq")
