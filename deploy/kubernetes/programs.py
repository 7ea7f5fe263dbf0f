"""The programs of a service: itself and what runs apart from it, each at least twice, and its relay with a stand-by."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.kubernetes.parts import (
    CLOSED,
    NOBODY,
    OURS,
    PROGRAM,
    SECRETS,
    SERVICE,
    Thing,
    apart,
    budget,
    mounted,
    only,
    thing,
)
from ops.programs import PARTS, READMODEL

OF_A_SERVICE = ["database_url", "amqp_uri", "seal_keys", "hash_key", "signing_key", "signing_key_id"]
OF_A_RELAY = ["database_url", "relay_amqp_uri"]
TRUST = "trusted_keys"
GRACE_SECONDS = 35
"""A program finishes what it has begun within 25 s."""
MOST, BACKLOG = 6, {"notify": 500, READMODEL: 1000}
"""So many replicas at most, and one more for so many messages that wait (200 where nothing is said)."""


@dataclass(frozen=True)
class Program:
    """What a container runs, and of which service."""

    name: str
    service: str
    runs: str
    files: list[str]
    memory: str = "384Mi"

    @property
    def follows_load(self) -> bool:
        return self.runs in ("service", "readmodel")


def things(service: str) -> list[Thing]:
    programs = of(service)
    budgets = [budget(each.name, only(each.name)) for each in programs]
    return [*map(deployment, programs), *budgets, *(scaled(each) for each in programs if each.follows_load)]


def of(service: str) -> list[Program]:
    parts = [each for each in PARTS if each.partition("-")[0] == service]
    return [
        Program(service, service, "service", OF_A_SERVICE, "512Mi" if service == "portal" else "384Mi"),
        *(Program(each, service, each.partition("-")[2], OF_A_SERVICE) for each in parts),
        Program(f"{service}-relay", service, "relay", OF_A_RELAY, "192Mi"),
    ]


def deployment(program: Program) -> Thing:
    """A new one is ready before an old one is told to stop."""
    mine = only(program.name)
    labels = {**OURS, PROGRAM: program.name}
    pod = {
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "automountServiceAccountToken": False,
        "securityContext": NOBODY,
        "topologySpreadConstraints": apart(mine),
        "containers": [container(program)],
        "volumes": [
            {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
            {"name": "secrets", "projected": {"sources": sources(program)}},
        ],
    }
    scrape = {"prometheus.io/scrape": "true", "prometheus.io/port": "9000"}
    template = {"metadata": {"labels": {**labels, SERVICE: program.service}, "annotations": scrape}, "spec": pod}
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    spec = {"replicas": 2, "strategy": strategy, "selector": mine, "template": template}
    if program.follows_load:
        del spec["replicas"]  # KEDA's: an apply would set it back
    return thing("apps/v1", "Deployment", program.name, spec, labels=labels)


def container(program: Program) -> Thing:
    files = [*program.files, *([] if program.runs == "relay" else [TRUST])]
    return {
        "name": "program",
        "image": f"shaodao/{program.service}:local",
        "args": [program.runs],
        "envFrom": [{"configMapRef": {"name": "shaodao-settings"}}],
        "env": [{"name": f"{each.upper()}_FILE", "value": f"{SECRETS}/{each}"} for each in files],
        "ports": [{"name": "admin", "containerPort": 9000}, {"name": "http", "containerPort": 8080}],
        "startupProbe": probe("live", periodSeconds=2, failureThreshold=30),
        "livenessProbe": probe("live", periodSeconds=10, timeoutSeconds=5, failureThreshold=6),
        "readinessProbe": probe("ready", periodSeconds=5, timeoutSeconds=4, failureThreshold=3),
        "resources": {"requests": {"cpu": "100m", "memory": program.memory}, "limits": {"memory": program.memory}},
        "securityContext": CLOSED,
        "volumeMounts": [
            {"name": "secrets", "mountPath": SECRETS, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},
        ],
    }


def probe(path: str, **how: int) -> Thing:
    return {"httpGet": {"path": f"/{path}", "port": "admin"}, **how}


def sources(program: Program) -> list[Thing]:
    own = mounted(f"shaodao-{program.service}", program.files)
    return [own] if program.runs == "relay" else [own, mounted("shaodao-trust", [TRUST])]


def scaled(program: Program) -> Thing:
    """Replicas follow the processor, and the depth of the inbox where the program reads it."""
    triggers: list[Thing] = [{"type": "cpu", "metricType": "Utilization", "metadata": {"value": "300"}}]
    if program.name != "portal":
        queue = {"queueName": f"{program.service}.inbox", "value": str(BACKLOG.get(program.name, 200))}
        asked = {"protocol": "http", "vhostName": "shaodao", "mode": "QueueLength", **queue}
        triggers.insert(0, {"type": "rabbitmq", "authenticationRef": {"name": "shaodao-broker"}, "metadata": asked})
    spec = {
        "scaleTargetRef": {"name": program.name}, "minReplicaCount": 2, "maxReplicaCount": MOST,
        "cooldownPeriod": 300, "triggers": triggers,
    }  # fmt: skip
    return thing("keda.sh/v1alpha1", "ScaledObject", program.name, spec)
