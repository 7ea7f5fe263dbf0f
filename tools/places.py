"""How many places name a capability: `python -m tools.places wish`.

Prints each production file that names it, with the lines that do, and the sum. Tests, migrations, documents and
generated files are no places: a capability brings its own.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = (".py", ".yaml", ".html", ".toml")
LEFT_OUT = re.compile(r"^(tests|bench|docs|findings|kit)/|/migrations/|^contracts/(asyncapi\.yaml|released/)|README")


def places(capability: str, root: Path = ROOT) -> Iterator[tuple[str, int]]:
    """Production files that name it, and how many of their lines do. A file of its name counts whole."""
    named = re.compile(rf"(?i)(?<![a-z]){re.escape(capability)}(?:s|es)?(?![a-z])|{capability.capitalize()}(?=[A-Z])|"
                       rf"(?<=[a-z]){capability.capitalize()}(?![a-z])")  # fmt: skip
    for path in _production(root):
        lines = (root / path).read_text("utf-8").splitlines()
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
