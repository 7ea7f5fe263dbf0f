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
    "certificates",
    "commands",
    "comparing",
    "councils",
    "invitations",
    "desk",
    "disputes",
    "district",
    "entrance",
    "failing",
    "hats",
    "leaves",
    "listing",
    "mine",
    "open_data",
    "outdoors",
    "public",
    "reporting",
    "reports",
    "searching",
    "shops",
    "styleguide",
    "suggesting",
    "task_links",
    "tasks",
    "together",
    "wall",
    "wordings",
)
"""Each hangs its routes on the blueprint."""
for page in PAGES:
    import_module(f"{__name__}.{page}")
