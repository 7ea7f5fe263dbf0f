"""What a file is, told by its first bytes and by nothing its sender says about it."""

from __future__ import annotations

LONGEST_MARK = 32
MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (4, b"ftypM4A", "audio/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "audio/webm"),
)
"""(offset, bytes there, media type). RIFF containers carry their name at 8, ISO media files at 4."""

READABLE = "照片（JPEG、PNG、GIF、WebP、HEIC）、PDF、录音（MP3、M4A、WAV、OGG、AMR、WebM）"


def sniff(content: bytes) -> str | None:
    """The media type, or None for everything the portal does not keep."""
    head = content[:LONGEST_MARK]
    for offset, mark, media_type in MARKS:
        if head[offset : offset + len(mark)] == mark and (offset != 8 or head.startswith(b"RIFF")):
            return media_type
    return None
