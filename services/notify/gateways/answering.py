"""What a provider says of a letter it was handed over HTTP: its own code counts, a 200 alone says nothing."""

from __future__ import annotations

import orjson

from capability.posting import Answer
from services.notify.gateways.base import NotNow, Unsure

SECONDS, READS = 5.0, 4_096
"""For the whole exchange; bytes of the answer that are read."""

GATEWAY_TIMED_OUT = 504


def told_code(answer: Answer, field: str) -> int | str:
    """The provider's code out of its answer; 0 only where it took the letter.

    Errors: NotNow; Unsure where nothing can be read out of it and somebody may have taken the letter all the same.
    """
    if answer.status is None:
        raise Unsure("no_answer")
    try:
        code = orjson.loads(answer.body)[field]
    except (ValueError, LookupError, TypeError) as error:
        known = not answer.delivered and answer.status != GATEWAY_TIMED_OUT
        raise (NotNow if known else Unsure)("no_code" if answer.delivered else f"http_{answer.status}") from error
    if code == 0 and not answer.delivered:
        raise Unsure(f"http_{answer.status}")
    return code if isinstance(code, int) else str(code)
