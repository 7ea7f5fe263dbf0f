"""Registers of sentences in docs/, and the tests whose mark says that they hold one.

`python -m tests.marks rule`: every fault people met (docs/rules.md) with its tests. `python -m tests.marks row`: every
capability the texts name (docs/rows.md) with the tests and stories that prove it; those nobody proves come last.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Places = dict[str, list[str]]


@dataclass(frozen=True)
class Register:
    """A table in a document; the mark of its tests, with the key as its argument."""

    mark: str
    document: str

    def told(self) -> dict[str, str]:
        """Key → sentence, in the order of the document."""
        rows = re.findall(r"^\| (\S*\d\S*) \| (.+) \|$", (ROOT / self.document).read_text("utf8"), re.MULTILINE)
        return dict(rows)

    def held(self) -> Places:
        """Key → the tests that carry it or whose module does, and the stories that name it."""
        found: Places = defaultdict(list)
        for path in sorted((ROOT / "tests").rglob("test_*.py")):
            for key, name in self._marked(ast.parse(path.read_text("utf8"))):
                found[key].append(f"{path.relative_to(ROOT)}::{name}")
        for path in sorted((ROOT / "tests").rglob("*.feature")):
            for line in re.findall(rf"^ *# {self.mark}s: (.+)$", path.read_text("utf8"), re.MULTILINE):
                for key in line.split():
                    found[key].append(str(path.relative_to(ROOT)))
        return found

    def _marked(self, tree: ast.Module) -> Iterator[tuple[str, str]]:
        tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
        for node in tree.body:
            if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0]):
                yield from ((key, test.name) for key in self._keys(node.value) for test in tests)
        for test in tests:
            yield from ((key, test.name) for each in test.decorator_list for key in self._keys(each))

    def _keys(self, node: ast.expr) -> Iterator[str]:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == f"pytest.mark.{self.mark}":
                yield from (str(ast.literal_eval(each)) for each in call.args)


RULES, ROWS = Register("rule", "docs/rules.md"), Register("row", "docs/rows.md")


def main(mark: str) -> None:
    register = next(one for one in (RULES, ROWS) if one.mark == mark)
    told, held = register.told(), register.held()
    for key in sorted(told, key=lambda key: not held[key]):
        print(f"{key:>5}  {told[key]}")
        for test in held[key]:
            print(f"         {test}")
    missing = [key for key in told if not held[key]]
    print(f"{len(told) - len(missing)}/{len(told)} proven; missing: {' '.join(missing) or 'none'}")


if __name__ == "__main__":
    main(sys.argv[1])
