"""What processes are told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from chassis.identity import Principal, Signer, Verifier
from ops import world as worlds
from ops.environment import process_environment
from ops.world import SERVICES, World


def test_each_service_has_its_own_logins(world: World) -> None:
    told = world.environment("dispatch")
    port = world.port("postgres")
    roles, amqp = world.settings["roles"], world.settings["amqp"]
    assert told["DATABASE_URL"] == f"postgresql+psycopg://dispatch:{roles['dispatch']}@127.0.0.1:{port}/dispatch"
    assert f"//dispatch_owner:{roles['dispatch_owner']}@" in told["MIGRATION_DATABASE_URL"]
    assert told["AMQP_URI"] == f"amqp://dispatch:{amqp['dispatch']}@127.0.0.1:{world.port('rabbitmq')}/shaodao"
    assert told["RELAY_AMQP_URI"].startswith(f"amqp://dispatch-relay:{amqp['dispatch-relay']}@")


def test_a_running_process_does_not_hold_the_owners_login(world: World) -> None:
    for service in SERVICES:
        assert f"{service}_owner" not in " ".join(process_environment(world, service).values())


def test_a_running_process_inherits_no_administrator(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAODAO_POSTGRES_URL", "postgresql://admin:most-secret@db/postgres")
    monkeypatch.setenv("SHAODAO_RABBITMQ_API", "http://admin:most-secret@mq:15672")
    assert "most-secret" not in " ".join(process_environment(world, "intake").values())


def test_replicas_differ_in_their_admin_port_alone(world: World) -> None:
    first, second = world.environment("dispatch"), world.environment("dispatch", replica=2)
    assert [key for key in first if first[key] != second[key]] == ["ADMIN_PORT"]


def test_only_the_portal_has_a_page_and_only_notify_sends_mail(world: World) -> None:
    assert world.environment("portal")["HTTP_PORT"] == str(world.port("portal"))
    assert world.environment("notify")["SMTP_URL"] == f"smtp://127.0.0.1:{world.port('mailbox')}"
    assert not {"HTTP_PORT", "SMTP_URL"} & set(world.environment("intake"))


def test_external_servers_replace_own_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URI", "amqps://admin:pw@broker.example:5671/")
    monkeypatch.setenv("SHAODAO_POSTGRES_URL", "postgresql://admin:pw@db.example:6432/postgres")
    told = worlds.load_or_create(world.folder).environment("mediation")
    secret = world.settings["amqp"]["mediation"]
    assert told["AMQP_URI"] == f"amqps://mediation:{secret}@broker.example:5671/shaodao"
    assert told["DATABASE_URL"].endswith("@db.example:6432/mediation")


def test_tokens_of_one_service_are_understood_by_all(world: World) -> None:
    told = world.environment("portal")
    now = datetime.now(UTC)
    token = Signer("portal", told["SIGNING_KEY"]).mint(Principal(id="p1", name="小马"), now)
    trusted = json.loads(world.environment("dispatch")["TRUSTED_KEYS"])
    assert Verifier(trusted).verify(token, now).id == "p1"


def test_seal_keys_are_32_bytes_and_differ_by_service(world: World) -> None:
    import base64

    keys = [json.loads(world.environment(service)["SEAL_KEYS"])["k1"] for service in SERVICES]
    assert {len(base64.b64decode(key)) for key in keys} == {32}
    assert len(set(keys)) == len(SERVICES)


def test_the_clock_file_is_told_only_where_there_is_a_test_clock(world: World) -> None:
    assert "CLOCK_FILE" not in world.environment("intake")
    world.settings["clock"] = True
    assert world.environment("intake")["CLOCK_FILE"] == str(world.clock_file)
