"""ISO base media files (MP4, MOV, 3GP, M4A; ISO/IEC 14496-12): boxes in boxes, each with length and name before it."""

from __future__ import annotations

from collections.abc import Iterator

FREE = b"free"
OPENED = frozenset({b"moov", b"trak"})
"""Boxes that hold boxes in which telephones write place, device and comments."""
BLANKED = frozenset({b"udta", b"meta", b"uuid"})
TIMED = {b"mvhd", b"tkhd"}
"""Headers with the moments of making and changing, right after version and flags: 4 bytes each, 8 in version 1."""


def blanked(content: bytes) -> bytes:
    """The same film with nothing told of its maker: such boxes become free space, so that no offset moves.

    Errors: ValueError when its boxes do not fit into each other.
    """
    out = bytearray(content)
    for name, start, body, end in _walk(out, 0, len(out)):
        if name in BLANKED:
            out[start + 4 : start + 8] = FREE
            out[body:end] = bytes(end - body)
        elif name in TIMED:
            out[body + 4 : body + (20 if out[body] else 12)] = bytes(16 if out[body] else 8)
    return bytes(out)


def _walk(data: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """(name, where it starts, where its body starts, where it ends) of every box, those inside after their holder."""
    while start < end:
        name, body, after = _box(data, start, end)
        yield name, start, body, after
        if name in OPENED:
            yield from _walk(data, body, after)
        start = after


def _box(data: bytearray, start: int, end: int) -> tuple[bytes, int, int]:
    """Name, start of the body, end. Errors: ValueError."""
    size, name, body = int.from_bytes(data[start : start + 4]), bytes(data[start + 4 : start + 8]), start + 8
    if size == 1:
        size, body = int.from_bytes(data[body : body + 8]), body + 8
    after = end if size == 0 else start + size
    if not body <= after <= end:
        raise ValueError("a box is longer than what holds it")
    return name, body, after
