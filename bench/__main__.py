"""`python -m bench`: every figure, one after the other; `python -m bench NAME …`: these."""

from __future__ import annotations

import sys
from importlib import import_module

FIGURES = ("appeals", "relay", "inbox", "calls", "chain", "emergency", "growth", "deadlines", "footprint")

if __name__ == "__main__":
    for name in sys.argv[1:] or FIGURES:
        import_module(f"bench.{name}").main()
