"""What a way out is. A new one is one more class with `channel_for` and `send`, named in `setting_up.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kernel.codes import Audience, MessageChannel


class NotNow(Exception):
    """The way out is closed for the moment: try again."""


class Unsure(NotNow):
    """No answer came: the letter may have left. Nobody else is given it; it goes again by the same way, same id."""


class Never(Exception):
    """No later try on this way would help, e.g. nobody has that address."""


@dataclass(frozen=True)
class Letter:
    """What leaves the house. `address` is a telephone number for residents, an account id for staff and units.

    `receipt`: what the other side shows when it tells later how the letter fared (receipts.py).
    `maybe_twice`: it may have left before, under the same id; whoever carries it says so too.
    """

    message_id: str
    audience: Audience
    address: str
    title: str
    body: str
    receipt: str = ""
    maybe_twice: bool = False


class Gateway(Protocol):
    """A way out."""

    @property
    def audiences(self) -> frozenset[Audience]:
        """Of whom it reaches somebody."""

    def channel_for(self, audience: Audience, address: str) -> MessageChannel | None:
        """By which channel it reaches that one, None when it does not."""

    def send(self, letter: Letter) -> None:
        """Hands the letter over: when it returns, the other side has said yes. Errors: NotNow, Never."""


Offer = tuple[Gateway, MessageChannel]


def offers(
    gateways: Sequence[Gateway], audience: Audience, address: str, preferred: Iterable[MessageChannel]
) -> list[Offer]:
    """The ways to that address: preferred channels first, in their order, then any other that reaches it."""
    reach = [(gateway, channel) for gateway in gateways if (channel := gateway.channel_for(audience, address))]
    rank = {channel: no for no, channel in enumerate(preferred)}
    return sorted(reach, key=lambda offer: rank.get(offer[1], len(rank)))
