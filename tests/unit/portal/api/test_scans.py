"""Scanned sheets of signatures as machines make them: a copier's PDF, its TIFF for faxes, a telephone's photo."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from services.portal.problems import UnsupportedMediaType
from services.portal.uploads import keeping

COPIER, MARKED = {"resolution": 200.0}, {"resolution": 200.0, "producer": "Copier 3"}


def sheet(mode: str) -> Image.Image:
    """A page at 200 dots an inch with a stroke of a pen."""
    page = Image.new(mode, (1654, 2339), 1 if mode == "1" else 255)
    ImageDraw.Draw(page).line((200, 2000, 700, 1900), fill=0, width=6)
    return page


def written(page: Image.Image, kind: str, **how: Any) -> bytes:
    out = BytesIO()
    page.save(out, kind, **how)
    return out.getvalue()


def print_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("scan", [written(sheet("L"), "PDF", **COPIER), written(sheet("1"), "PDF", **MARKED)])
def test_given_a_copiers_pdf_when_kept_then_its_fingerprint_is_that_of_the_file_itself(scan: bytes) -> None:
    kept = keeping.prepared(scan)
    assert ("application/pdf", print_of(scan)) == (kept.media_type, print_of(kept.content))


def test_given_a_copiers_grey_photo_when_kept_twice_then_once_and_as_a_picture_of_the_same_size() -> None:
    scan = written(sheet("L"), "JPEG", dpi=(200, 200))
    kept = [keeping.prepared(scan) for _ in range(2)]
    assert (kept[0].content, "image/jpeg") == (kept[1].content, kept[0].media_type)
    assert (1654, 2339) == Image.open(BytesIO(kept[0].content)).size


@pytest.mark.parametrize("how", [{"compression": "group4"}, {"compression": "group4", "save_all": True}])
def test_given_a_copiers_tiff_when_brought_then_it_is_refused_with_the_kinds_that_may_be(how: dict[str, Any]) -> None:
    scan = written(sheet("1"), "TIFF", **how, **({"append_images": [sheet("1")]} if "save_all" in how else {}))
    with pytest.raises(UnsupportedMediaType, match=r"JPEG.*PDF"):
        keeping.prepared(scan)
