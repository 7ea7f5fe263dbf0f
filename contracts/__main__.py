"""`python -m contracts generate | check | schemas FOLDER | release VERSION`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from contracts import compatibility, files, jsonschema


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0, or 1 where `check` or `release` finds something wrong."""
    asked = _parser().parse_args(arguments)
    if asked.act == "generate":
        files.write(asked.root)
        return 0
    if asked.act == "schemas":
        files.write_schemas(asked.folder)
        return 0
    broken = compatibility.breaks(files.released(asked.root)["schemas"], jsonschema.everything())
    if asked.act == "check":
        return _report([*files.drift(asked.root), *(f"incompatible: {line}" for line in broken)])
    if not broken or asked.first:
        files.write_release(asked.version, asked.root)
        return 0
    return _report([f"incompatible: {line}" for line in broken])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="contracts", description=__doc__)
    parser.add_argument("--root", type=Path, default=files.ROOT, help="root of the repository")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("generate", help="write asyncapi.yaml and definitions.json")
    acts.add_parser("check", help="fail where files drifted or peers would break")
    schemas = acts.add_parser("schemas", help="write the JSON Schemas of everything published into a folder")
    schemas.add_argument("folder", type=Path)
    release = acts.add_parser("release", help="freeze today's schemas; refused where old peers would break")
    release.add_argument("version")
    release.add_argument("--first", action="store_true", help="nobody uses the last one: freeze in any case")
    return parser


def _report(wrong: list[str]) -> int:
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        print(f"\n{len(wrong)} finding(s). `python -m contracts generate` writes the files anew.", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
