"""`python -m tests.rules`: every rule of docs/rules.md with the tests that hold it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)


def told() -> dict[int, str]:
    """Number → sentence."""
    return {int(number): words for number, words in ROW.findall((ROOT / "docs/rules.md").read_text(encoding="utf8"))}


def held() -> dict[int, list[str]]:
    """Number → the tests that carry its mark, or whose module does."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for number, name in _marked(ast.parse(path.read_text(encoding="utf8"))):
            found[number].append(f"{path.relative_to(ROOT)}::{name}")
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    for node in tree.body:
        if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0]):
            yield from ((number, test.name) for number in _numbers(node.value) for test in tests)
    for test in tests:
        yield from ((number, test.name) for each in test.decorator_list for number in _numbers(each))


def _numbers(node: ast.expr) -> list[int]:
    return [int(number) for number in re.findall(r"mark\.rule\('(\d+)", ast.unparse(node))]


def main() -> None:
    tests = held()
    for number, words in told().items():
        print(f"{number:>3}  {words}")
        for test in tests[number]:
            print(f"       {test}")


if __name__ == "__main__":
    main()
