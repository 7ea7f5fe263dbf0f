"""Speed, as ratios against floors measured in the same run on the same servers (never a timed test)."""

import os

os.environ.setdefault("TIMERS_HURRY", "1")  # as often as where people work, though the worlds' clocks are moved
