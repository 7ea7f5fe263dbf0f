"""Masking personal data and keeping it out of free text (domain §4.8)."""

from kernel.masking.find import Finding, find_personal, mask_personal, refuse_personal
from kernel.masking.patterns import PersonalKind
from kernel.masking.show import mask_id_number, mask_name, mask_phone

__all__ = [
    "Finding",
    "PersonalKind",
    "find_personal",
    "mask_id_number",
    "mask_name",
    "mask_personal",
    "mask_phone",
    "refuse_personal",
]
