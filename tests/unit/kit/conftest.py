"""The kit is not installed with the platform: it stands alone. Tests find it where departments do."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "kit" / "python"))
