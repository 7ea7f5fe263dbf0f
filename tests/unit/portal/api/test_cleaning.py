"""What a photo or film tells of its maker goes; what it shows stays."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from chassis.errors import Invalid
from services.portal.uploads.cleaning import cleaned
from services.portal.uploads.kinds import sniff
from tests.unit.portal.api.fakes import Portal
from tests.unit.portal.api.pictures import SECRET, XMP, box, film, picture, told

pytestmark = pytest.mark.rule("26")


def telling_jpeg() -> bytes:
    return told("JPEG", comment=SECRET, xmp=XMP)


def frames() -> bytes:
    second = Image.open(BytesIO(telling_jpeg()))
    return told("MPO", save_all=True, append_images=[second])


def animated(form: str) -> bytes:
    second = Image.open(BytesIO(picture(form, colour=(0, 0, 200))))
    return picture(form, save_all=True, append_images=[second], duration=80, loop=0, comment=SECRET.encode())


def colours(content: bytes) -> tuple[tuple[int, int], bool, bool]:
    """(size, whether the upper half is red, whether the lower left is)."""
    shown = Image.open(BytesIO(content)).convert("RGB")
    red = lambda x, y: shown.getpixel((x, y))[1] < 128  # noqa: E731
    return shown.size, red(shown.width - 3, 3), red(3, shown.height - 3)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (telling_jpeg(), "image/jpeg"), (frames(), "image/jpeg"), (told("PNG"), "image/png"),
        (told("WEBP", xmp=XMP), "image/webp"), (told("HEIF"), "image/heic"), (animated("GIF"), "image/gif"),
        (film(), "video/mp4"),
    ],
    ids=["jpeg", "mpo", "png", "webp", "heic", "gif", "mp4"],
)  # fmt: skip
def test_given_a_file_that_tells_of_its_maker_when_cleaned_then_it_tells_nothing(content, media_type):
    assert (media_type, True) == (sniff(content), SECRET.encode() in content or media_type == "image/heic")
    clean, _ = cleaned(content, media_type)
    assert SECRET.encode() not in clean
    if media_type.startswith("image/"):
        shown = Image.open(BytesIO(clean))
        assert ({}, 1) == (dict(shown.getexif()), getattr(shown, "n_frames", 1) if media_type != "image/gif" else 1)


@pytest.mark.parametrize(("form", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_given_a_photo_held_upright_when_cleaned_then_it_is_shown_as_it_was_held(form, media_type):
    clean, _ = cleaned(told(form), media_type)
    assert ((20, 40), True, False) == colours(clean)


def test_given_heic_when_cleaned_then_it_is_jpeg_and_not_turned_twice():
    content = told("HEIF")
    clean, media_type = cleaned(content, "image/heic")
    assert ("image/jpeg", "image/jpeg") == (media_type, sniff(clean))
    assert colours(content) == colours(clean)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_given_a_clean_picture_when_cleaned_again_then_not_a_byte_changes(form):
    media_type = f"image/{form.lower()}"
    once, _ = cleaned(picture(form), media_type)
    assert (picture(form), once) == (once, cleaned(once, media_type)[0])


@pytest.mark.parametrize(("form", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_given_something_behind_a_picture_when_cleaned_then_it_is_gone(form, media_type):
    clean, _ = cleaned(picture(form) + SECRET.encode(), media_type)
    assert (False, (40, 20)) == (SECRET.encode() in clean, Image.open(BytesIO(clean)).size)


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_given_a_picture_that_moves_when_cleaned_then_it_still_does(form):
    clean, _ = cleaned(animated(form), f"image/{form.lower()}")
    shown = Image.open(BytesIO(clean))
    shown.load()
    assert (2, 80) == (shown.n_frames, shown.info["duration"])


def test_given_a_film_when_cleaned_then_no_offset_moves_and_pictures_and_sound_stay():
    content = film()
    clean, _ = cleaned(content, "video/mp4")
    assert (len(content), content[-18:]) == (len(clean), clean[-18:])
    assert (0, 3) == (clean.count(b"\xe1\xe2\xe3\xe4"), clean.count(b"free"))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (telling_jpeg()[:200], "image/jpeg"), (told("PNG")[:60], "image/png"),
        (box(b"ftyp", b"isom\0\0\0\0isom") + b"\0\0\xff\xffmoov", "video/mp4"),
    ],
)  # fmt: skip
def test_given_a_file_that_broke_off_when_cleaned_then_it_is_refused_in_words(content, media_type):
    with pytest.raises(Invalid) as refused:
        cleaned(content, media_type)
    assert "打不开" in refused.value.details["fields"]["file"][0]


def test_given_a_picture_larger_than_memory_when_cleaned_then_it_is_refused(monkeypatch):
    monkeypatch.setattr("services.portal.uploads.cleaning.MOST_PIXELS", 799)
    with pytest.raises(Invalid) as refused:
        cleaned(picture("PNG"), "image/png")
    assert {"file": ["照片太大，请缩小后再传"]} == refused.value.details["fields"]


def test_given_a_film_when_uploaded_then_it_is_kept_clean(portal: Portal, program: dict[str, str]):
    answer = portal.client.post(
        "/api/uploads", data={"file": (BytesIO(film()), "a.mp4")}, headers=program, content_type="multipart/form-data"
    )
    assert (201, "video/mp4") == (answer.status_code, answer.json["media_type"])
    kept = portal.client.get(f"/api/uploads/{answer.json['sha256']}", headers=program).data
    assert SECRET.encode() not in kept
