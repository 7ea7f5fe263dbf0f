"""Free text that people outside the own service will read."""

from typing import Any

from contracts.fields import Text
from kernel.masking import refuse_personal


def shared_text(longest: int, *, shortest: int = 1, optional: bool = False, **kwargs: Any) -> Text:
    """Text a department reads: refused where it holds a telephone or identity number (domain §4.8)."""
    return Text(longest, refuse_personal, shortest=shortest, optional=optional, **kwargs)
