"""Policy packs: every place has its own deadlines, so rules are data with versions and dates (domain app. A)."""

from kernel.policy.entries import BASIS, EVERY_OTHER, Entry
from kernel.policy.keys import KEYS, Shape
from kernel.policy.loading import DEFAULT, InvalidPolicyPack, UnknownPolicyPack, names, pack, parse_pack
from kernel.policy.pack import PolicyPack, UnknownPolicyKey

__all__ = [
    "BASIS",
    "DEFAULT",
    "EVERY_OTHER",
    "KEYS",
    "Entry",
    "InvalidPolicyPack",
    "PolicyPack",
    "Shape",
    "UnknownPolicyKey",
    "UnknownPolicyPack",
    "names",
    "pack",
    "parse_pack",
]
