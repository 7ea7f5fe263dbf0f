"""The chart's templates, rendered by a reader of the few constructs they use, and compared with what the code asks for.

This is not helm: it knows `range` over a map, dotted values and variables, and refuses everything else.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.listeners import SERVICES
from contracts.topology import queues
from ops.programs import PARTS, READMODEL
from ops.world import REPOSITORY

CHART = REPOSITORY / "deploy" / "helm" / "shaodao"
VALUES = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf8"))
RANGE = re.compile(r"\{\{- range \$name, \$(\w+) := \.Values\.(\w+) \}\}\n(.*?)\{\{- end \}\}\n", re.DOTALL)
TAG = re.compile(r"\{\{ (\$?[\w.]*|\$\.[\w.]+) \}\}")


def value(name: str, scope: dict[str, Any]) -> str:
    head, _, path = name.partition(".")
    found: Any = (
        scope[head.removeprefix("$")] if head.removeprefix("$") else {"Values": VALUES, "Release": {"Revision": 1}}
    )
    for part in path.split(".") if path else ():
        found = found[part]
    assert isinstance(found, str | int), name
    return str(found)


def fill(text: str, **scope: Any) -> str:
    return TAG.sub(lambda tag: value(tag[1], scope), text)


def one_each(found: re.Match[str]) -> str:
    word, values, body = found.groups()
    return "".join(fill(body, name=name, **{word: each}) for name, each in VALUES[values].items())


def rendered(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf8")
    text = fill(RANGE.sub(one_each, text))
    assert "{{" not in text, path.name
    return [document for document in yaml.safe_load_all(text) if document]


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    return [one for path in sorted((CHART / "templates").glob("*.yaml")) for one in rendered(path)]


def named(objects: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one["spec"] for one in objects if one["kind"] == kind}


def test_given_the_chart_when_rendered_then_every_object_is_whole_and_named_once(objects):
    assert all({"apiVersion", "kind", "metadata", "spec"} <= set(one) for one in objects)
    names = [(one["kind"], one["metadata"]["name"]) for one in objects]
    assert sorted(set(names)) == sorted(names)


def test_given_the_chart_then_it_runs_every_program_with_a_budget(objects):
    programs = {*SERVICES, *PARTS, *(f"{service}-relay" for service in SERVICES)}
    assert programs == set(named(objects, "Deployment"))
    assert programs | {"shaodao-rabbitmq"} == set(named(objects, "PodDisruptionBudget"))


def test_given_a_deployment_then_it_is_closed_probed_and_has_time_to_finish(objects):
    for spec in named(objects, "Deployment").values():
        pod = spec["template"]["spec"]
        [container] = pod["containers"]
        assert ("/live", "/ready") == (
            container["livenessProbe"]["httpGet"]["path"],
            container["readinessProbe"]["httpGet"]["path"],
        )
        assert (True, True) == (
            container["securityContext"]["readOnlyRootFilesystem"],
            pod["securityContext"]["runAsNonRoot"],
        )
        assert pod["terminationGracePeriodSeconds"] > 25
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()


def test_given_a_secret_setting_then_its_file_is_mounted(objects):
    for name, spec in named(objects, "Deployment").items():
        pod = spec["template"]["spec"]
        sources = next(each for each in pod["volumes"] if each["name"] == "secrets")["projected"]["sources"]
        mounted = {item["path"] for source in sources for item in source["secret"]["items"]}
        asked = {e["value"].rpartition("/")[2] for e in pod["containers"][0]["env"] if e["name"].endswith("_FILE")}
        assert mounted == asked, name


def test_given_the_chart_then_every_service_s_programs_follow_their_load(objects):
    assert {*SERVICES, READMODEL} == set(named(objects, "ScaledObject"))


def test_given_a_scaler_then_its_queue_exists(objects):
    triggers = [trigger for each in named(objects, "ScaledObject").values() for trigger in each["triggers"]]
    asked = {each["metadata"]["queueName"] for each in triggers if each["type"] == "rabbitmq"}
    assert asked == {f"{service}.inbox" for service in SERVICES} & {queue["name"] for queue in queues()}


def test_given_the_broker_then_it_has_three_nodes_and_every_service_its_own_store(objects):
    assert 3 == named(objects, "RabbitmqCluster")["shaodao-rabbitmq"]["replicas"]
    assert {f"shaodao-{service}" for service in SERVICES} == set(named(objects, "Cluster"))
