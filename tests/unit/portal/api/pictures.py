"""Pictures as telephones make them, with all that telephones write into them; and the shortest film."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

SECRET = "Helan-38.4664N-106.2731E"
"""Stands in every place where a maker or a place can stand."""
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
TURNED = 6
"""EXIF's word for a picture held upright on a telephone lying on its side."""


def exif(orientation: int = TURNED) -> Image.Exif:
    told = Image.Exif()
    told[ExifTags.Base.Orientation] = orientation
    told[ExifTags.Base.Make] = SECRET
    told.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    told.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = SECRET.encode()
    return told


def picture(
    form: str, size: tuple[int, int] = (40, 20), colour: tuple[int, int, int] = (200, 30, 30), **more: Any
) -> bytes:
    """Its left half has the colour, so that one sees how it lies."""
    drawn, out = Image.new("RGB", size, (255, 255, 255)), BytesIO()
    drawn.paste(colour, (0, 0, size[0] // 2, size[1]))
    drawn.save(out, form, **more)
    return out.getvalue()


def told(form: str, **more: Any) -> bytes:
    """A picture of the form with all it can say of its maker."""
    return picture(form, exif=exif(), **more)


def box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4) + name + body


def film() -> bytes:
    """Boxes of a telephone's MP4: where it was taken in `udta`, by what in `meta`, when in the headers."""
    place = box(b"udta", box(b"\xa9xyz", SECRET.encode()))
    head = box(b"mvhd", bytes(4) + b"\xe1\xe2\xe3\xe4" * 2 + bytes(88))
    track = box(b"trak", box(b"tkhd", bytes(4) + b"\xe1\xe2\xe3\xe4" * 2 + bytes(72)) + place)
    movie = box(b"moov", head + track + place + box(b"meta", SECRET.encode()))
    return box(b"ftyp", b"isom\0\0\0\0isomiso2") + movie + box(b"mdat", b"pictures and sound")
