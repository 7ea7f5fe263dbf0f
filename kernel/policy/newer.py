"""What a policy file says and this program does not know: it is newer than the program, or a typing mistake.

In a rolling upgrade the files may come first, so it is left out, and nothing stops. A metric, a log line and `shaodao
status` tell it, for a mistake would leave the older value in force without a word.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from prometheus_client import Gauge

unknown_keys = Gauge(
    "shaodao_policy_key_unknown",
    "1 while a policy file holds a key or code this program does not know",
    ["pack", "key"],
)
_log = structlog.get_logger(__name__)
_told: dict[str, frozenset[str]] = {}


def tell(pack: str, unknown: Sequence[str]) -> None:
    """Once for each reading of a file that has changed."""
    found, before = frozenset(unknown), _told.get(pack, frozenset())
    for key in found | before:
        unknown_keys.labels(pack, key).set(key in found)
    if found - before:
        _log.warning("policy_key_unknown", pack=pack, keys=sorted(found))
    _told[pack] = found
