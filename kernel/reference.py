"""Finding and reading the YAML reference files of `data/`, also when one is put there while we run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

# libyaml reads ten times as fast; what it builds is the same
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Fingerprint = tuple[tuple[str, int, int], ...]

_SHIPPED = Path(__file__).resolve().parents[1] / "data"


def data_folder(name: str) -> Path:
    """The folder `name` below the reference data: setting DATA_FOLDER, or the `data/` that was shipped."""
    return Path(os.environ.get("DATA_FOLDER") or _SHIPPED) / name


def fingerprint(folder: Path) -> Fingerprint:
    """What changes when a YAML file is added, edited or removed; the key of every cache of these files."""
    files = ((path.name, path.stat()) for path in sorted(folder.glob("*.yaml")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)


def read_yaml(path: Path) -> Mapping[str, Any]:
    """The mapping in the file. Raises ValueError naming the file when it holds anything else."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.YAMLError as broken:
        raise ValueError(f"{path.name}: 不是有效的 YAML：{broken}") from broken
    if not isinstance(content, dict):
        raise ValueError(f"{path.name}: 文件顶层应为键值表")
    return content
