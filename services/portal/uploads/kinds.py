"""What a file is, told by its first bytes and by nothing its sender says about it."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

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

OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
"""Office documents are archives, known by the part that each must have; the order of parts is every writer's own."""
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
DOCUMENTS = {
    **dict(zip(OFFICE.values(), (".docx", ".xlsx", ".pptx"), strict=True)),
    f"{OPEN_DOCUMENT}text": ".odt",
    f"{OPEN_DOCUMENT}spreadsheet": ".ods",
    f"{OPEN_DOCUMENT}presentation": ".odp",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
}
"""What a browser saves instead of showing it, with the ending its program wants."""
MACROS = ("vbaproject.bin", "basic/")

READABLE = (
    "照片（JPEG、PNG、GIF、WebP、HEIC）、PDF、文档（Word、Excel、PowerPoint、OpenDocument，不带宏）、"
    "录音（MP3、M4A、WAV、OGG、AMR）、录像（MP4、MOV、3GP、WebM）"
)


def sniff(content: bytes) -> str | None:
    """The media type, or None for everything the portal does not keep."""
    if content.startswith(b"PK\x03\x04"):
        return _archive(content)
    found = str(filetype.guess_mime(content))
    return KEPT.get(found) or (found if found in DOCUMENTS else None)


def _archive(content: bytes) -> str | None:
    """An office document without macros, by its parts."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            if any(macro in name.lower() for name in names for macro in MACROS):
                return None
            if "mimetype" in names and archive.getinfo("mimetype").file_size < len(OPEN_DOCUMENT) * 2:
                told = archive.read("mimetype").decode("ascii", "replace")
                return told if told in DOCUMENTS else None
            return next((kind for part, kind in OFFICE.items() if part in names), None)
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
