"""The portal's pages for people: plain HTML that works without scripts, on phones, by keyboard and on paper."""

from importlib import import_module

from services.portal.pages.blueprint import blueprint

__all__ = ["blueprint"]
PAGES = (
    "account",
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
    "devices",
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
    "own_code",
    "programs",
    "public",
    "reporting",
    "reports",
    "searching",
    "shops",
    "signing_in",
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
