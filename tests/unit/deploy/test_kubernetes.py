"""The overlay `district`, built as kustomize builds it, against the API's schemas, the operators' and the code."""

from __future__ import annotations

from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from contracts.listeners import SERVICES
from contracts.topology import queues
from deploy.compose import keyring
from deploy.kubernetes.__main__ import BASE, drift
from deploy.kubernetes.topology import request
from ops.programs import PARTS, READMODEL
from ops.world import REPOSITORY
from tests.unit.deploy.kustomize import Thing, built

RELEASES = ("1.30", "1.37")
"""The oldest and the newest release of Kubernetes the manifests are for."""
OPERATORS = yaml.safe_load((REPOSITORY / "tests/unit/deploy/operators.yaml").read_text("utf8"))
MADE_BY_HAND = {"keys/backup/access_key", "keys/backup/secret_key"}
"""The bucket's, from whoever keeps it."""
NAMING = {"secret", "passwordSecret", "accessKeyId", "secretAccessKey", "secretTargetRef"}
"""Fields of operators' objects that name a secret."""
FROM_OUTSIDE = {"shaodao-tls"}
"""The portal's certificate, of the ingress."""


@pytest.fixture(scope="module")
def objects() -> list[Thing]:
    return built(BASE.parent / "overlays" / "district")


def named(objects: list[Thing], kind: str) -> dict[str, Any]:
    return {each["metadata"]["name"]: each.get("spec", each) for each in objects if each["kind"] == kind}


def test_given_the_manifests_then_they_are_what_the_code_says():
    assert [] == drift()


def test_given_every_object_then_it_is_named_once_and_lies_in_the_namespace(objects):
    names = [(each["kind"], each["metadata"]["name"]) for each in objects]
    assert sorted(set(names)) == sorted(names)
    assert {"shaodao"} == {each["metadata"]["namespace"] for each in objects if each["kind"] != "Namespace"}


@pytest.mark.parametrize("release", RELEASES)
def test_given_objects_of_kubernetes_then_its_own_schemas_take_them_with_no_field_unknown(objects, release):
    own = [each for each in objects if each["kind"] not in OPERATORS]
    assert len(own) > 60
    for each in own:
        kubernetes_validate.validate(each, release, strict=True)


def test_given_a_field_that_kubernetes_does_not_know_then_the_check_refuses_it(objects):
    wrong = next(each for each in objects if each["kind"] == "Deployment")
    wrong = {**wrong, "spec": {**wrong["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, RELEASES[0], strict=True)


def test_given_objects_of_operators_then_their_schemas_take_them(objects):
    asked = [each for each in objects if each["kind"] in OPERATORS]
    kinds = {"RabbitmqCluster", "Cluster", "ScheduledBackup", "ScaledObject", "TriggerAuthentication"}
    assert kinds == {each["kind"] for each in asked}
    for each in asked:
        jsonschema.Draft202012Validator(OPERATORS[each["kind"]]).validate(each["spec"])


def test_given_the_broker_s_override_then_it_is_a_part_of_a_stateful_set(objects):
    override = named(objects, "RabbitmqCluster")["shaodao-rabbitmq"]["override"]["statefulSet"]["spec"]["template"]
    [container] = override["spec"]["containers"]
    assert ("rabbitmq", False) == (container["name"], "image" in container)  # the operator's own, and its image
    pod = {**override["spec"], "containers": [{**container, "image": "the operator's own"}]}
    kubernetes_validate.validate({"apiVersion": "v1", "kind": "Pod", "spec": pod}, RELEASES[0], strict=True)


def test_given_the_programs_then_each_runs_has_a_budget_and_an_image_of_the_registry(objects):
    programs = {*SERVICES, *PARTS, *(f"{service}-relay" for service in SERVICES)}
    deployments = named(objects, "Deployment")
    assert programs == set(deployments)
    assert programs | {"shaodao-rabbitmq"} == set(named(objects, "PodDisruptionBudget"))
    images = {spec["template"]["spec"]["containers"][0]["image"] for spec in deployments.values()}
    assert {f"registry.example.org/shaodao/{service}:0.1.0" for service in SERVICES} == images


def test_given_a_deployment_then_it_is_closed_probed_and_has_time_to_finish(objects):
    for spec in named(objects, "Deployment").values():
        pod = spec["template"]["spec"]
        [container] = pod["containers"]
        assert ("/live", "/ready") == tuple(
            container[f"{p}Probe"]["httpGet"]["path"] for p in ("liveness", "readiness")
        )
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["terminationGracePeriodSeconds"] > 25
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()


def test_given_every_program_then_two_run_by_a_number_or_by_a_scaler(objects):
    scaled = named(objects, "ScaledObject")
    assert {*SERVICES, READMODEL} == set(scaled)
    assert {2} == {each["minReplicaCount"] for each in scaled.values()}
    fixed = {name: spec.get("replicas") for name, spec in named(objects, "Deployment").items()}
    assert {name: None if name in scaled else 2 for name in fixed} == fixed


def test_given_a_scaler_then_its_queue_exists(objects):
    triggers = [trigger for each in named(objects, "ScaledObject").values() for trigger in each["triggers"]]
    asked = {each["metadata"]["queueName"] for each in triggers if each["type"] == "rabbitmq"}
    assert asked == {f"{service}.inbox" for service in SERVICES} & {queue["name"] for queue in queues()}


def test_given_a_pod_then_every_file_it_mounts_and_every_file_setting_is_in_a_secret(objects):
    secrets = {each["metadata"]["name"]: set(each["stringData"]) for each in objects if each["kind"] == "Secret"}
    for kind in ("Deployment", "Job"):
        for name, spec in named(objects, kind).items():
            pod = spec["template"]["spec"]
            sources = next(each for each in pod["volumes"] if each["name"] == "secrets")["projected"]["sources"]
            mounted = set()
            for each in sources:
                keys = {item["key"] for item in each["secret"]["items"]}
                assert keys <= secrets[each["secret"]["name"]], name
                mounted |= keys
            env = pod["containers"][0]["env"]
            asked = {each["value"].rpartition("/")[2] for each in env if each["name"].endswith("_FILE")}
            assert asked <= mounted, name


def test_given_an_operator_s_object_then_the_secrets_it_names_are_made_with_these_very_names(objects):
    def wanted(at: Any, key: str = "") -> set[str]:
        if isinstance(at, list):
            return {name for each in at for name in wanted(each, key)}
        if not isinstance(at, dict):
            return {at} if key == "secretName" else set()
        own = {at["name"]} if key in NAMING and "name" in at else set()
        return own | {name for inner, each in at.items() for name in wanted(each, inner)}

    operators = [each["spec"] for each in objects if each["kind"] in OPERATORS or each["kind"] == "Ingress"]
    told = yaml.safe_load((BASE.parent / "overlays/district/kustomization.yaml").read_text("utf8"))["secretGenerator"]
    kept = {each["name"] for each in told if each.get("options", {}).get("disableNameSuffixHash")}
    assert kept | FROM_OUTSIDE == {name for each in operators for name in wanted(each)}


def test_given_the_secrets_then_each_is_a_file_the_keyring_writes(objects):
    written = {f"keys/{path}" for path, _ in keyring.files(keyring.complete({}))}
    asked = {path for each in objects if each["kind"] == "Secret" for path in each["stringData"].values()}
    assert set() == asked - written - MADE_BY_HAND


def test_given_the_servers_then_there_are_three_of_each_and_a_commit_waits_for_a_second(objects):
    assert 3 == named(objects, "RabbitmqCluster")["shaodao-rabbitmq"]["replicas"]
    clusters = named(objects, "Cluster")
    assert {f"shaodao-{service}" for service in SERVICES} == set(clusters) == set(named(objects, "ScheduledBackup"))
    promised = {"method": "any", "number": 1, "dataDurability": "required"}
    for spec in clusters.values():
        assert (3, promised, True) == (spec["instances"], spec["postgresql"]["synchronous"], "backup" in spec)


def test_given_a_policy_of_the_network_then_it_speaks_of_pods_that_are_there(objects):
    labels = [
        spec["template"]["metadata"]["labels"]
        for kind in ("Deployment", "Job")
        for spec in named(objects, kind).values()
    ]
    labels += [{"cnpg.io/cluster": name} for name in named(objects, "Cluster")]
    labels += [{"app.kubernetes.io/name": name} for name in named(objects, "RabbitmqCluster")]
    for name, spec in named(objects, "NetworkPolicy").items():
        wanted = spec["podSelector"]["matchLabels"].items()
        assert any(wanted <= each.items() for each in labels), name


def test_given_an_address_of_the_management_when_definitions_are_applied_then_its_login_is_no_part_of_the_url():
    made = request("http://ops:p%40ss@broker:15672/shaodao", b"{}")
    assert ("http://broker:15672/api/definitions", "Basic b3BzOnBAc3M=") == (
        made.full_url, made.get_header("Authorization"),
    )  # fmt: skip
