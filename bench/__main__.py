"""`python -m bench`: every figure, one after the other; `python -m bench NAME …`: these; `python -m bench compare REV`:
both against another revision. It says which there are for `--help` and for a name it does not know, and measures
nothing."""

from __future__ import annotations

import sys
from importlib import import_module

from bench import compare

FIGURES = (
    "appeals",
    "relay",
    "inbox",
    "far_disk",
    "letters",
    "calls",
    "whole",
    "chain",
    "emergency",
    "storm",
    "growth",
    "unit_desk",
    "imports",
    "likeness",
    "deadlines",
    "footprint",
    "search",
    "figures",
    "papers",
    "three",
)


def main(*names: str) -> int:
    if names[:1] == ("compare",):
        return compare.main(FIGURES, *names[1:])
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        out = sys.stdout if "--help" in unknown else sys.stderr
        print(f"usage: python -m bench [compare REV] [NAME …]; there are: {', '.join(FIGURES)}", file=out)
        return 2
    for name in names or FIGURES:
        import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
