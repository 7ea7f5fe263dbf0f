"""The portal's pages for people: plain HTML that works without scripts, on phones, by keyboard and on paper."""

from importlib import import_module

from services.portal.pages.blueprint import blueprint

__all__ = ["blueprint"]
PAGES = (
    "accounts",
    "beginning",
    "boards",
    "cards",
    "case",
    "commands",
    "comparing",
    "councils",
    "invitations",
    "desk",
    "disputes",
    "entrance",
    "failing",
    "leaves",
    "listing",
    "mine",
    "outdoors",
    "public",
    "reporting",
    "searching",
    "shops",
    "suggesting",
    "task_links",
    "tasks",
)
"""Each hangs its routes on the blueprint."""
for page in PAGES:
    import_module(f"{__name__}.{page}")
