"""`python -m deploy.kubernetes generate | check`: the manifests of `base/`, and whether they are what the code says."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from deploy.kubernetes import broker, programs, stores, ways_in
from deploy.kubernetes.parts import Thing
from ops.world import SERVICES

BASE = Path(__file__).parent / "base"
SETTINGS = {
    "POLICY_PACK": "default",
    "LOG_LEVEL": "INFO",
    "PARKED_DAYS": "90",
    "PARKED_BODY_DAYS": "365",
    "PARKED_WARNING_DAYS": "30",
    "TRUSTED_PROXIES": "1",
}
"""What an overlay may set besides (`configMapGenerator` with `behavior: merge`)."""


def manifests() -> dict[str, list[Thing]]:
    """All objects by the name of their file."""
    shared = {"broker": broker.things(), "ways-in": ways_in.things()}
    return {**shared, **{service: [*stores.things(service), *programs.things(service)] for service in SERVICES}}


def files() -> dict[str, str]:
    """Name and text of every file of `base/`."""
    made = {f"{name}.yaml": yaml.safe_dump_all(each, sort_keys=False, width=120) for name, each in manifests().items()}
    literals = [f"{name}={value}" for name, value in SETTINGS.items()]
    settings = [{"name": "shaodao-settings", "literals": literals}]
    kinds = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
    whole = {**kinds, "resources": sorted(made), "configMapGenerator": settings}
    return {**made, "kustomization.yaml": yaml.safe_dump(whole, sort_keys=False, width=120)}


def drift() -> list[str]:
    """Files of `base/` that are not what the code says."""
    there = {path.name: path.read_text(encoding="utf8") for path in BASE.glob("*.yaml")}
    wanted = files()
    return sorted(name for name in {*there, *wanted} if there.get(name) != wanted.get(name))


def main(act: str) -> int:
    """0 when done; 1 where `check` finds a file that is not what the code says."""
    if act == "generate":
        for name, text in files().items():
            (BASE / name).write_text(text, encoding="utf8")
        return 0
    for name in (found := drift()):
        print(f"deploy/kubernetes/base/{name} is not what the code says: `make generate`", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
