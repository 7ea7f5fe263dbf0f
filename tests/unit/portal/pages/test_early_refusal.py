"""Who it is is asked before a body is read; what strangers may send is small."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.unit.portal.pages.people import ORIGIN, Pages
from tests.unit.portal.readmodel.story import APPEAL_NO

BIG = 72 * 1024 * 1024
pytestmark = pytest.mark.rule("29")


class Unread(BytesIO):
    """A body nobody may read."""

    def read(self, *args: object) -> bytes:
        raise AssertionError("the body was read")

    readline = readinto = read  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        (f"/cases/{APPEAL_NO}/do/record_handling", "multipart/form-data; boundary=x", 401),
        ("/login", "application/x-www-form-urlencoded", 413),
        ("/logout", "application/x-www-form-urlencoded", 413),
        ("/public", "application/x-www-form-urlencoded", 413),
        ("/api/session", "application/json", 413),
        ("/api/public/appeals", "application/json", 413),
        ("/api/uploads", "multipart/form-data; boundary=x", 401),
        ("/api/appeals", "application/json", 401),
    ],
)
def test_given_a_stranger_when_a_big_body_is_sent_then_refused_unread(
    pages: Pages, path: str, kind: str, expected: int
) -> None:
    told = {"CONTENT_LENGTH": str(BIG), "wsgi.input": Unread()}
    answer = pages.browser().post(path, content_type=kind, headers=ORIGIN, environ_overrides=told)
    assert expected == answer.status_code
