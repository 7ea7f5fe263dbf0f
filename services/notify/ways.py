"""Handing a letter over: the first way that takes it; a resident whom none reaches is told by somebody in person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chassis.sealing import keyed_hash
from contracts.notify.hand_deliveries import HandWay
from kernel import telephone
from kernel.codes import Audience, ContactPreference, MessageChannel
from services.notify import areas
from services.notify.claims import Claim
from services.notify.gateways.base import Gateway, Letter, Never, NotNow, Offer, Unsure, offers
from services.notify.messages import IN_PERSON
from services.notify.templates import FORMS

NO_TEXTS: dict[str, HandWay] = {ContactPreference.VISIT: HandWay.VISIT, ContactPreference.LETTER: HandWay.LETTER}
BY_CALL = "tell_by_call"


@dataclass(frozen=True)
class Instead:
    """Who tells the resident where they are not reached themselves, and how the person wants to be told."""

    by: areas.Recipient
    wanted: HandWay


Handed = tuple[MessageChannel, Instead | None]


class Full(Exception):
    """Every way to this person has been used as often as one day allows."""


@dataclass(frozen=True)
class Hand:
    """A claimed letter with its words complete, and the ways out."""

    claim: Claim
    body: str
    gateways: Sequence[Gateway]

    def ways(self, audience: Audience, address: str) -> list[Offer]:
        """Those that have not failed this message."""
        row = self.claim.message
        wanted = FORMS[row.template].channels_for(audience)
        return [each for each in offers(self.gateways, audience, address, wanted) if each[1] not in row.tried]

    def send(self, ways: Sequence[Offer], audience: Audience, address: str, title: str, body: str) -> MessageChannel:
        """By the first way that takes it. Errors: Unsure, NotNow where one may later, else Never."""
        troubles: list[Exception] = []
        for gateway, channel in ways:
            id = str(self.claim.message.id)
            try:
                twice = self.claim.message.maybe_twice
                gateway.send(Letter(id, audience, address, title, body, receipt(id, channel), twice))
                return channel
            except Unsure:
                raise
            except (NotNow, Never) as trouble:
                troubles.append(trouble)
        if not troubles:
            raise Never("came_back") if self.claim.message.tried else NotNow("no_gateway")
        raise next((each for each in troubles if isinstance(each, NotNow)), troubles[0])


def hand_over(hand: Hand, contact: dict[str, Any] | None) -> Handed:
    """`contact`: telephone and preferred way of a resident. Errors: Full, NotNow, Never."""
    row = hand.claim.message
    if contact is not None:
        return _to_resident(hand, contact)
    audience, address = Audience(row.audience), hand.claim.address
    return hand.send(hand.ways(audience, address), audience, address, row.title, hand.body), None


def _to_resident(hand: Hand, contact: dict[str, Any]) -> Handed:
    """In person who asks for that; a landline, a 400 number or one abroad is called, for no text reaches it."""
    phone, stand_in, row = contact.get("phone"), hand.claim.stand_in, hand.claim.message
    if stand_in and (wanted := NO_TEXTS.get(contact.get("contact_preference", ""))):
        return _in_person(hand, Instead(stand_in, wanted), IN_PERSON)
    if not phone:
        raise Never("no_address")
    try:
        return hand.send(_ways(hand, phone), Audience.RESIDENT, phone, row.title, hand.body), None
    except Never:
        if stand_in is None:
            raise
        return _in_person(hand, Instead(stand_in, HandWay.CALL), BY_CALL)


def _ways(hand: Hand, phone: str) -> list[Offer]:
    """Those the number can take, and the person has not had enough of today. Errors: Full; Never for a landline."""
    texts = telephone.parse(phone).takes_sms
    found = [each for each in hand.ways(Audience.RESIDENT, phone) if texts or each[1] is not MessageChannel.SMS]
    if not found and not texts:
        raise Never("no_mobile")
    left = [(gateway, channel) for gateway, channel in found if channel not in hand.claim.full]
    if found and not left:
        raise Full
    return left


def _in_person(hand: Hand, instead: Instead, template: str) -> Handed:
    """The request to tell them goes to who does."""
    row, form, to = hand.claim.message, FORMS[template], instead.by
    title, body = form.filled({"name": row.recipient_name, "title": row.title, "body": hand.body})
    ways = offers(hand.gateways, to.audience, str(to.id), form.channels_for(to.audience))
    return hand.send(ways, to.audience, str(to.id), title, body), instead


def receipt(message_id: str, channel: str) -> str:
    """The word a carrier shows to tell how this letter fared; nobody without the key can make one up."""
    return keyed_hash(f"receipt|{message_id}|{channel}")[:32]
