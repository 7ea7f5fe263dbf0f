"""The portal's pages for people: plain HTML that works without scripts, on phones, by keyboard and on paper."""

from services.portal.pages import (
    accounts,
    beginning,
    case,
    commands,
    desk,
    disputes,
    entrance,
    failing,
    leaves,
    listing,
    public,
    reporting,
    searching,
    tasks,
)
from services.portal.pages.blueprint import blueprint

__all__ = [
    "accounts",
    "beginning",
    "blueprint",
    "case",
    "commands",
    "desk",
    "disputes",
    "entrance",
    "failing",
    "leaves",
    "listing",
    "public",
    "reporting",
    "searching",
    "tasks",
]
