"""What `kubectl kustomize FOLDER` makes of the few things our kustomizations use; anything else is refused.

Compared once with kustomize 5.5.0: the same objects, but for the suffixes of generated names.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

Thing = dict[str, Any]
KNOWN = {
    "apiVersion", "kind", "namespace", "resources", "images", "configMapGenerator", "secretGenerator", "patches",
}  # fmt: skip
WITHOUT_NAMESPACE = {"Namespace"}


def built(folder: Path) -> list[Thing]:
    """All objects of a kustomization, in order."""
    told = yaml.safe_load((folder / "kustomization.yaml").read_text("utf8"))
    assert set(told) <= KNOWN, folder
    things = [thing for name in told["resources"] for thing in of_resource(folder / name)]
    for made in told.get("configMapGenerator", []):
        settings(things, made)
    things += [secret(made) for made in told.get("secretGenerator", [])]
    for patch in told.get("patches", []):
        patched(things, patch)
    for image in told.get("images", []):
        renamed(things, image)
    if space := told.get("namespace"):
        for thing in things:
            if thing["kind"] not in WITHOUT_NAMESPACE:
                thing["metadata"]["namespace"] = space
    return things


def of_resource(path: Path) -> list[Thing]:
    if path.is_dir():
        return built(path)
    return [thing for thing in yaml.safe_load_all(path.read_text("utf8")) if thing]


def settings(things: list[Thing], made: Thing) -> None:
    """A ConfigMap of literals; `behavior: merge` adds to the one that is there."""
    data = dict(literal.split("=", 1) for literal in made["literals"])
    if made.get("behavior") == "merge":
        [there] = [thing for thing in things if thing["kind"] == "ConfigMap" and named(thing) == made["name"]]
        there["data"].update(data)
        return
    things.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": made["name"]}, "data": data})


def secret(made: Thing) -> Thing:
    """A Secret whose values are the paths of its files."""
    files = [each.rpartition("=") for each in made["files"]]
    data = {key or path.rpartition("/")[2]: path for key, _, path in files}
    metadata = {
        "name": made["name"],
        **({"labels": labels} if (labels := made.get("options", {}).get("labels")) else {}),
    }
    kind = {"type": made.get("type", "Opaque")}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, **kind, "stringData": data}


def patched(things: list[Thing], patch: Thing) -> None:
    """JSON patches of `add` and `replace` to every object the target names; one that names none is a mistake."""
    target = patch["target"]
    meant = [thing for thing in things if fits(thing, target)]
    assert meant, target
    for thing in meant:
        for step in yaml.safe_load(patch["patch"]):
            apply(thing, step)


def fits(thing: Thing, target: Thing) -> bool:
    return (
        thing["kind"] == target["kind"]
        and target.get("name", named(thing)) == named(thing)
        and thing["apiVersion"].startswith(target.get("group", ""))
    )


def apply(thing: Thing, step: Thing) -> None:
    *path, last = step["path"].strip("/").split("/")
    at: Any = thing
    for part in path:
        at = at[int(part) if isinstance(at, list) else part]
    key = int(last) if isinstance(at, list) else last
    assert step["op"] in ("add", "replace")
    if step["op"] == "replace":
        assert at[key] is not None
    at[key] = deepcopy(step["value"])


def renamed(things: list[Thing], image: Thing) -> None:
    for thing in things:
        template = thing.get("spec", {}).get("template", {}) if isinstance(thing.get("spec"), dict) else {}
        for container in template.get("spec", {}).get("containers", []):
            if container["image"].rpartition(":")[0] == image["name"]:
                container["image"] = f"{image['newName']}:{image['newTag']}"


def named(thing: Thing) -> str:
    return str(thing["metadata"]["name"])
