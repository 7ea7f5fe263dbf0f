"""The generated files: what they should hold, how they differ, and how they are written."""

import difflib
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from contracts import asyncapi, jsonschema, kit, topology

ROOT = Path(__file__).resolve().parent.parent
RELEASED = Path("contracts/released/schemas.json")
MADE = "# Made by `python -m contracts generate`.\n"
SHOWN_LINES = 40
"""Of a drifted file's difference."""


class _Plain(yaml.SafeDumper):
    """YAML without anchors: every part is written out."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_yaml(document: Any) -> str:
    plain = json.loads(json.dumps(document))
    return yaml.dump(plain, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)


@cache
def expected() -> dict[Path, str]:
    """Every generated file by its path from the root of the repository."""
    return {
        Path("contracts/asyncapi.yaml"): MADE + as_yaml(asyncapi.document()),
        Path("kit/departments.asyncapi.yaml"): MADE + as_yaml(asyncapi.for_departments()),
        Path("deploy/rabbitmq/definitions.json"): as_json(topology.template()),
        Path("kit/python/shaodao_kit/conformance/contract.json"): as_json(kit.contract()),
    }


def drift(root: Path = ROOT) -> list[str]:
    """Readable differences between what lies there and what should; empty when there are none."""
    wanted = [_difference(root, path, text) for path, text in expected().items()]
    return [line for line in wanted if line]


def _difference(root: Path, path: Path, wanted: str) -> str:
    if not (root / path).exists():
        return f"{path}: missing"
    lies_there = (root / path).read_text("utf-8").splitlines()
    lines = list(
        difflib.unified_diff(lies_there, wanted.splitlines(), f"{path} (file)", f"{path} (code)", lineterm="", n=2)
    )
    return "\n".join(lines[:SHOWN_LINES])


def write(root: Path = ROOT) -> None:
    """Writes all generated files."""
    for path, text in expected().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def write_schemas(folder: Path) -> None:
    """Writes every JSON Schema as `<kind>/<name>.json`, for those who read a release without our code."""
    for kind, found in jsonschema.everything().items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, schema in found.items():
            (folder / kind / f"{name}.json").write_text(as_json(schema), "utf-8")


def released(root: Path = ROOT) -> dict[str, Any]:
    """The schemas of the last release, or nothing before the first."""
    path = root / RELEASED
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {"schemas": {}}
    return found


def write_release(version: str, root: Path = ROOT) -> None:
    """Freezes the schemas of today as those of release `version`."""
    path = root / RELEASED
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_json({"release": version, "schemas": jsonschema.everything()}), "utf-8")
