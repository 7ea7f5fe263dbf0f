"""Masking personal data and keeping it out of free text (domain §4.8)."""

from kernel.masking.find import Finding, PersonalKind, find_personal, mask_personal, refuse_personal
from kernel.masking.show import COMPOUND_SURNAMES, mask_id_number, mask_name, mask_phone

__all__ = [
    "COMPOUND_SURNAMES",
    "Finding",
    "PersonalKind",
    "find_personal",
    "mask_id_number",
    "mask_name",
    "mask_personal",
    "mask_phone",
    "refuse_personal",
]
