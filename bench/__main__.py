"""`python -m bench`: every figure, one after the other."""

from __future__ import annotations

from bench import appeals, calls, relay

if __name__ == "__main__":
    for each in (relay, calls, appeals):
        each.main()
