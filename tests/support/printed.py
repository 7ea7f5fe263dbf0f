"""What a printed paper says."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def text(answer: dict[str, Any]) -> str:
    """Without blanks; pypdf puts a zero before each sign of a CFF font."""
    pages = PdfReader(BytesIO(b64decode(answer["content"]))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
