"""A department that only speaks HTTP gets its whistle from a real dispatch, signed, and again after a failure."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from ops import department_sheet
from ops.problems import Problem
from ops.waiting import wait_until
from tests.integration.departments.plug import shaodao
from tests.integration.departments.whistling import lamp_pole, task
from tests.stories.sql import one

pytestmark = pytest.mark.integration
UNIT = "hongbei-wuye"


@pytest.fixture
def address() -> Iterator[tuple[str, list[Any], list[int]]]:
    """An HTTP server, what it got, and the answers it will give (200 when there are none left)."""
    got: list[Any] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers.pop(0) if answers else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got, answers
    server.shutdown()
    server.server_close()


def test_given_a_webhook_when_it_fails_and_is_begun_again_then_the_same_signed_delivery_arrives(
    story, district, address
):
    url, got, answers = address
    answers.append(410)
    shaodao("department", "webhook", UNIT, url)
    sheet = (department_sheet.folder(district) / f"{UNIT}-webhook.md").read_text(encoding="utf8")
    secret = re.findall(r"`([0-9a-f]{64})`", sheet)[0]
    task_id = lamp_pole(story, "洪北物业")
    failed = "select count(*) from delivery where state = 'FAILED'"
    wait_until(lambda: one(district, "dispatch", failed), seconds=60, what="the failed delivery")
    listed = shaodao("department", "deliveries", UNIT)
    assert ("410" in listed, 1) == (True, len(got))
    shaodao("department", "redeliver", "--failed-of", UNIT)
    wait_until(lambda: len(got) == 2, seconds=60, what="the second attempt")
    (first, body), (second, again) = got
    assert (first["Shaodao-Delivery"], body) == (second["Shaodao-Delivery"], again)
    t, v1 = (part.partition("=")[2] for part in second["Shaodao-Signature"].split(","))
    signed = f"{t}.{second['Shaodao-Delivery']}.".encode() + again
    assert hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() == v1
    assert task_id in again.decode()
    assert "ASSIGNED" == task(story, task_id)["state"]
    shaodao("department", "webhook", UNIT, "--off")


@pytest.mark.parametrize("words", [("webhook", UNIT), ("webhook", UNIT, "ftp://a"), ("redeliver", "x")])
def test_given_nonsense_when_typed_then_it_is_a_problem(district, words):
    with pytest.raises(Problem):
        shaodao("department", *words)
