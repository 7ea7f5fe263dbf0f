"""docker-compose.yml holds what is promised of every program in it."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from deploy.compose import keyring, nodes
from ops.programs import PARTS
from ops.world import REPOSITORY, SERVICES

PROJECT = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf8"))
PROGRAMS = (*SERVICES, *PARTS, *(f"{service}-relay" for service in SERVICES))
NODES = yaml.safe_load((REPOSITORY / "docker-compose.cluster.yml").read_text(encoding="utf8"))
PUBLIC = {"postgres:17", "rabbitmq:4-management", "prom/prometheus:v2.53.0", "grafana/grafana:11.1.0"}


@pytest.mark.parametrize("name", PROGRAMS)
def test_given_a_program_then_it_is_closed_limited_and_waits_for_what_it_needs(name):
    program = PROJECT["services"][name]
    assert (True, ["ALL"], ["no-new-privileges:true"], "30s") == (
        program["read_only"], program["cap_drop"], program["security_opt"], program["stop_grace_period"],
    )  # fmt: skip
    assert "service_completed_successfully" == program["depends_on"]["init"]["condition"]
    assert {"cpus", "memory", "pids"} == set(program["deploy"]["resources"]["limits"])
    assert "ports" not in program


@pytest.mark.parametrize("name", PROGRAMS)
def test_given_a_program_then_it_sees_its_own_secrets_and_every_file_setting_is_there(name):
    program = PROJECT["services"][name]
    given = {each if isinstance(each, str) else each["target"] for each in program["secrets"]}
    asked = {path.rpartition("/")[2] for path in program["environment"].values() if path.startswith("/run/secrets/")}
    assert given - {"trusted_keys"} == asked - {"trusted_keys"}
    own = name.partition("-")[0]
    assert all(each == "trusted_keys" or each["source"].startswith(f"{own}_") for each in program["secrets"])


def test_given_the_secrets_then_each_is_a_file_the_keyring_writes():
    written = {path for path, _ in keyring.files(keyring.complete({}))}
    named = {re.sub(r"^\$\{.*?\}/", "", each["file"]) for each in PROJECT["secrets"].values()}
    assert set() == named - written


def test_given_the_images_then_they_are_public_or_built_here():
    for name, service in [*PROJECT["services"].items(), *NODES["services"].items()]:
        assert "image" not in service or service["image"] in PUBLIC or service["image"].startswith("shaodao/"), name


def test_given_the_networks_then_broker_and_stores_are_not_reachable_from_outside():
    assert (True, True) == tuple(PROJECT["networks"][name]["internal"] for name in ("bus", "store"))
    published = {name for name, service in PROJECT["services"].items() if "ports" in service}
    assert {"proxy", "prometheus", "grafana"} == published


def test_given_pagers_then_only_tls_is_open_to_other_machines_and_the_broker_ends_it():
    published = {each.rpartition(":")[2]: each for each in PROJECT["services"]["proxy"]["ports"]}
    assert (True, True) == (
        published["8883"].startswith("${SHAODAO_LISTEN"),
        published["1883"].startswith("127.0.0.1:"),
    )
    given = {each if isinstance(each, str) else each["source"] for each in PROJECT["services"]["rabbitmq"]["secrets"]}
    assert {"pagers_certificate", "pagers_key"} < given
    told = dict(keyring.files(keyring.complete({})))["rabbitmq.conf"]
    assert {"mqtt.listeners.ssl.default = 8883", "ssl_options.keyfile = /run/secrets/pagers_key"} < set(
        told.splitlines()
    )
    proxy = (REPOSITORY / "deploy/compose/proxy/haproxy.cfg").read_text(encoding="utf8")
    assert all(line in proxy for line in ("bind :8883", "server-template broker 3 broker:8883"))


# ---- three of each server


@pytest.fixture
def told(monkeypatch) -> dict[str, str]:
    """What `secrets` writes where it is told of several nodes."""
    asked = NODES["services"]["secrets"]["environment"]
    monkeypatch.setattr(nodes, "BROKER", asked["BROKER_ADDRESS"].split(","))
    monkeypatch.setattr(keyring, "STORE", asked["STORE_ADDRESS"])
    return dict(keyring.files(keyring.complete({})))


def test_given_three_of_each_then_every_node_has_a_place_of_its_own_and_what_it_shares_is_written(told):
    services = NODES["services"]
    assert {"rabbitmq", "rabbitmq-2", "rabbitmq-3", *nodes.DATABASES} <= set(services)
    volumes = [each.partition(":")[0] for name in services for each in services[name].get("volumes", ())]
    own = [each for each in volumes if not each.startswith("./")]
    assert sorted(set(own)) == sorted(own) == sorted(NODES["volumes"])
    named = {re.sub(r"^\$\{.*?\}/", "", each["file"]) for each in NODES["secrets"].values()}
    assert set() == named - set(told)


def test_given_three_of_each_then_programs_are_told_all_nodes_and_every_program_runs_twice(told):
    assert 3 == len(told["intake/amqp_uri"].split(";"))
    assert told["intake/database_url"].endswith("@postgres:5432,postgres-2:5432,postgres-3:5432/intake")
    assert {2} == {NODES["services"][name]["deploy"]["replicas"] for name in PROGRAMS}


def test_given_three_of_each_then_a_commit_waits_for_a_second_and_calls_survive_a_node(told):
    for name in nodes.DATABASES:
        agreed = yaml.safe_load(told[f"patroni/{name}.yaml"])["bootstrap"]["dcs"]
        assert ("quorum", True) == (agreed["synchronous_mode"], agreed["synchronous_mode_strict"])
    kinds = {queue["arguments"]["x-queue-type"] for queue in json.loads(told["definitions.json"])["queues"]}
    assert ({"quorum"}, True) == (kinds, "pause_minority" in told["rabbitmq-cluster.conf"])


def test_given_three_of_each_then_patroni_takes_orders_from_who_has_its_password_alone(told):
    assert {"username", "password"} == set(yaml.safe_load(told["patroni/postgres.yaml"])["restapi"]["authentication"])


def test_given_one_of_each_then_nothing_of_nodes_is_written():
    assert set() == {path for path, _ in keyring.files(keyring.complete({})) if "patroni" in path or "cookie" in path}
