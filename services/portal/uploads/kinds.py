"""What a file is, told by its first bytes and by nothing its sender says about it."""

from __future__ import annotations

import filetype  # type: ignore[import-untyped]

KEPT = {
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/gif": "image/gif",
    "image/webp": "image/webp",
    "image/heic": "image/heic",
    "application/pdf": "application/pdf",
    "audio/mpeg": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/ogg": "audio/ogg",
    "audio/amr": "audio/amr",
    "audio/mp4": "audio/mp4",
    "video/mp4": "video/mp4",
    "video/quicktime": "video/quicktime",
    "video/webm": "video/webm",
}
"""What is kept, by the library's word for it. A browser's recording of sound alone is WebM too, and counts as film."""

READABLE = "照片（JPEG、PNG、GIF、WebP、HEIC）、PDF、录音（MP3、M4A、WAV、OGG、AMR）、录像（MP4、MOV、3GP、WebM）"


def sniff(content: bytes) -> str | None:
    """The media type, or None for everything the portal does not keep."""
    return KEPT.get(str(filetype.guess_mime(content)))
