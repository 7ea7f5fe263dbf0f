"""How many places name a capability: `python -m tools.places CAPABILITY`.

Prints each production file that names it, with the lines of code that do (no blanks, comments, docstrings), and their
sum; a file of its name counts whole. Tests, migrations, documents and generated files are no places: a capability
brings its own.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = (".py", ".yaml", ".html", ".toml")
LEFT_OUT = re.compile(r"^(tests|bench|docs|findings|kit)/|/migrations/|^contracts/(asyncapi\.yaml|released/)|README")


def code_lines(text: str, is_python: bool = True) -> list[str]:
    """The lines that are neither blank nor comment nor, in Python, docstring."""
    silent: set[int] = set()
    for node in ast.walk(ast.parse(text)) if is_python else ():
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            silent.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(text.splitlines(), 1)
    return [line for no, line in lines if no not in silent and line.strip() and not line.strip().startswith("#")]


def places(capability: str, root: Path = ROOT) -> Iterator[tuple[str, int]]:
    """Production files that name it, and how many of their lines do. A file of its name counts whole."""
    named = re.compile(rf"(?i)(?<![a-z]){re.escape(capability)}(?:s|es)?(?![a-z])|{capability.capitalize()}(?=[A-Z])|"
                       rf"(?<=[a-z]){capability.capitalize()}(?![a-z])")  # fmt: skip
    for path in _production(root):
        lines = code_lines((root / path).read_text("utf-8"), path.endswith(".py"))
        own = re.fullmatch(rf"{re.escape(capability)}(s|es)?", Path(path).stem)
        found = len(lines) if own else sum(1 for line in lines if named.search(line))
        if found:
            yield path, found


def _production(root: Path) -> list[str]:
    tracked = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    return [path for path in tracked if path.endswith(CODE) and not LEFT_OUT.search(path) and (root / path).exists()]


def main(arguments: Sequence[str]) -> int:
    found = list(places(arguments[0]))
    for path, lines in found:
        print(f"{lines:5}  {path}")
    print(f"{sum(lines for _, lines in found):5}  in {len(found)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
