"""docker-compose.yml holds what is promised of every program in it."""

from __future__ import annotations

import re

import pytest
import yaml

from deploy.compose import keyring
from ops.programs import PARTS
from ops.world import REPOSITORY, SERVICES

PROJECT = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf8"))
PROGRAMS = (*SERVICES, *PARTS, *(f"{service}-relay" for service in SERVICES))
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
    for name, service in PROJECT["services"].items():
        assert service["image"] in PUBLIC or service["image"].startswith("shaodao/"), name


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
