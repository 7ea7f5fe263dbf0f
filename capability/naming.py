"""How facts name who acts: staff by name; residents, and stewards, who are neighbours, by masked name."""

from __future__ import annotations

from chassis.identity import Principal
from kernel.codes import Role
from kernel.masking import mask_name


def told_name(who: Principal) -> str:
    """The name that may travel on the bus."""
    return mask_name(who.name) if who.kind == "resident" or who.holds(Role.STEWARD) else who.name
