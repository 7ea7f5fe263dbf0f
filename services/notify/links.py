"""Signed links in letters to receivers of units that have nothing but a mailbox; made when the letter leaves."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from services.notify.gateways.base import NotNow

PAGE = "/t?k="
"""Where the portal takes such a link."""

Links = Callable[[UUID, str], str | None]
"""Task id, person id → the address of the page where that person works on the task; None where they no longer may.
Errors: those of chassis.errors, NotNow."""

WORDS = "\n\n打开下面的链接就能签收、报到、办结，不用登录。链接只供您本人使用，请勿转发：\n\n{link}\n"
NO_WORDS = "现在不能凭信件办理，请登录平台查看，或联系吹哨的社区、街道。"


def linkless(task_id: UUID, person_id: str) -> str | None:
    """Where nobody can be asked for a link, the letter waits."""
    raise NotNow("no_link")


def address(portal: str, token: str | None) -> str | None:
    """The whole address of a link. Errors: NotNow where nobody said what the portal is called from outside."""
    if not portal:
        raise NotNow("no_portal_url")
    return f"{portal.rstrip('/')}{PAGE}{token}" if token else None


def link_words(link: str | None) -> str:
    return WORDS.format(link=link) if link else NO_WORDS
