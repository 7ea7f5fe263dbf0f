"""What a photo or film says of its maker goes before it is kept: place, time, device, comments (PIPL art. 6)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from chassis.errors import Invalid
from services.portal.uploads.boxes import blanked

register_heif_opener()

T = TypeVar("T")

MOST_PIXELS = 100_000_000
"""A picture may be small as a file and larger than the memory once it is opened."""

WRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "image/jpeg": ("JPEG", {"quality": 90}),
    "image/heic": ("JPEG", {"quality": 90}),
    "image/png": ("PNG", {}),
    "image/gif": ("GIF", {"save_all": True}),
    "image/webp": ("WEBP", {"save_all": True, "quality": 90}),
}
"""Format and options a picture is written anew with. HEIC, which few browsers show, becomes JPEG."""

MOVING = ("duration", "loop", "transparency")
"""What a picture that moves needs to be shown as it was."""

DRAWING = frozenset({
    *MOVING, "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "icc_profile", "adobe", "adobe_transform",
    "progressive", "progression", "gamma", "srgb", "chromaticity", "aspect", "interlace", "background", "version",
    "extension", "timestamp",
})  # fmt: skip
"""What Pillow finds in a file that serves drawing alone."""

END = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}
"""How a picture with nothing behind it ends."""

FILMS = frozenset({"video/mp4", "video/quicktime", "audio/mp4"})


def cleaned(content: bytes, media_type: str) -> tuple[bytes, str]:
    """The file without what it tells of its maker, and its media type now. Errors: Invalid when it cannot be opened."""
    if media_type in FILMS:
        return _tried(lambda: blanked(content), "录像"), media_type
    if media_type not in WRITTEN:
        return content, media_type
    return _tried(lambda: _drawn_anew(content, media_type), "照片")


def _tried(act: Callable[[], T], name: str) -> T:
    try:
        return act()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise Invalid.because({"file": [f"{name}打不开，可能没有传完整，请换一个再试"]}) from error


def _drawn_anew(content: bytes, media_type: str) -> tuple[bytes, str]:
    """The picture, upright, with its colours and nothing else; further pictures behind a JPEG go.

    One that tells nothing stays as it is: the same photo has the same fingerprint, however often it comes.
    """
    form, options = WRITTEN[media_type]
    with (
        warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
        Image.open(BytesIO(content)) as opened,
    ):
        if opened.width * opened.height > MOST_PIXELS:
            raise Invalid.because({"file": ["照片太大，请缩小后再传"]})
        if opened.format == form and content.endswith(END.get(form, b"")) and not _tells(opened):
            return content, media_type
        picture, out = _upright(opened, form), BytesIO()
        colours = picture.info.get("icc_profile")
        picture.info = {key: picture.info[key] for key in MOVING if key in picture.info}
        picture.save(out, form, icc_profile=colours, **options)
    return out.getvalue(), f"image/{form.lower()}"


def _tells(picture: Image.Image) -> bool:
    """Whether the file says more than how to draw it."""
    return bool(picture.getexif()) or not picture.info.keys() <= DRAWING


def _upright(picture: Image.Image, form: str) -> Image.Image:
    """Turned as its maker held it, in colours the format can hold; a moving one is upright already."""
    if form != "JPEG" and getattr(picture, "is_animated", False):
        return picture
    turned = ImageOps.exif_transpose(picture)
    return turned.convert("RGB") if form == "JPEG" and turned.mode not in ("RGB", "L") else turned
