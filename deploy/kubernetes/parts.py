"""What objects have in common: labels, a closed container, a budget, a policy of the network."""

from __future__ import annotations

from typing import Any

Thing = dict[str, Any]
PROGRAM, SERVICE = "shaodao/program", "shaodao/service"
OURS = {"app.kubernetes.io/part-of": "shaodao"}
SECRETS = "/run/secrets/shaodao"
CLOSED = {"readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
NOBODY = {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}


def thing(api: str, kind: str, name: str, spec: Thing, **more: Any) -> Thing:
    """An object; `more` goes into its metadata."""
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, **more}, "spec": spec}


def selected(**labels: str) -> Thing:
    return {"matchLabels": labels}


def only(program: str) -> Thing:
    return selected(**{PROGRAM: program})


def budget(name: str, selector: Thing) -> Thing:
    """A drained node may take one at a time."""
    return thing("policy/v1", "PodDisruptionBudget", name, {"maxUnavailable": 1, "selector": selector})


def apart(selector: Thing) -> list[Thing]:
    """Spread over the machines, so that the loss of one is the loss of one."""
    spread = {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway"}
    return [{**spread, "labelSelector": selector}]


def mounted(secret: str, names: list[str]) -> Thing:
    """A source of a projected volume: these files of a secret."""
    return {"secret": {"name": secret, "items": [{"key": name, "path": name} for name in names]}}


def job(name: str, program: str, image: str, words: list[str], *, sources: list[Thing], env: list[Thing]) -> Thing:
    """Runs until it succeeds, and is gone ten minutes later, so that the next release may bring it anew."""
    container = {
        "name": program, "image": image, "args": words, "env": env, "securityContext": CLOSED,
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
        "volumeMounts": [{"name": "secrets", "mountPath": SECRETS, "readOnly": True}],
    }  # fmt: skip
    pod = {
        "restartPolicy": "OnFailure", "automountServiceAccountToken": False, "securityContext": NOBODY,
        "containers": [container], "volumes": [{"name": "secrets", "projected": {"sources": sources}}],
    }  # fmt: skip
    labels = {**OURS, PROGRAM: program}
    template = {"metadata": {"labels": labels}, "spec": pod}
    return thing("batch/v1", "Job", name, {"backoffLimit": 20, "ttlSecondsAfterFinished": 600, "template": template})


def policy(name: str, pods: Thing, *, ingress: list[Thing] | None = None, egress: list[Thing] | None = None) -> Thing:
    """What may come in and go out; a direction that is not named is not restricted."""
    ways: dict[str, list[Thing]] = {}
    if ingress is not None:
        ways["ingress"] = ingress
    if egress is not None:
        ways["egress"] = egress
    spec = {"podSelector": pods, "policyTypes": [way.title() for way in ways], **ways}
    return thing("networking.k8s.io/v1", "NetworkPolicy", name, spec)


def ports(*numbers: int) -> list[Thing]:
    return [{"port": number} for number in numbers]


def of_namespace(name: str) -> Thing:
    return {"namespaceSelector": selected(**{"kubernetes.io/metadata.name": name})}


def pods(**labels: str) -> Thing:
    return {"podSelector": selected(**labels)}
