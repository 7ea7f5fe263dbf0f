"""The kit's way to the files of an order, against a small server that keeps what it is sent."""

from __future__ import annotations

import hashlib
import json
import threading
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from shaodao_kit import FilesRefused, OrderFiles, WhistleTask
from shaodao_kit.messages import Message

from contracts import envelope
from contracts.departments import LINK
from contracts.departments import WhistleTask as Order

PHOTO = bytes(range(256)) * 1200
KEPT = "cd" * 32


class Portal(BaseHTTPRequestHandler):
    """One file; keeps the last one that was brought under another fingerprint, as the real one may."""

    brought: list[bytes] = []

    def do_GET(self):
        if self.path == LINK["path"]:
            return self.answer(200, json.dumps({"items": [{"item": "a", "href": f"{self.path}/a"}]}).encode())
        if self.path == f"{LINK['path']}/a":
            return self.answer(200, PHOTO)
        return self.answer(404, json.dumps({"detail": "链接不对或已过期"}).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body)
        (part,) = form.get_payload()
        assert "file" == part.get_param("name", header="Content-Disposition")
        self.brought.append(part.get_payload(decode=True))
        return self.answer(201, json.dumps({"sha256": KEPT}).encode())

    def answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def portal(monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("SHAODAO_PORTAL", address)
    yield address
    server.shutdown()
    server.server_close()


def order():
    return WhistleTask(Message.read(json.dumps(envelope.example(Order))))


def test_given_an_order_when_its_files_are_asked_for_then_they_are_listed_and_read(portal):
    files = OrderFiles.of(order())
    (item,) = files.items()
    assert PHOTO == files.download(item)


def test_given_a_large_file_when_brought_then_whole_and_named_as_the_portal_keeps_it(portal, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    named = OrderFiles.of(order()).upload(tmp_path / "photo.jpg")
    assert {"sha256": KEPT, "kind": "PHOTO", "stage": "AFTER"} == named
    assert hashlib.sha256(PHOTO).digest() == hashlib.sha256(Portal.brought[-1]).digest()


def test_given_a_link_that_is_over_when_asked_then_it_says_so(portal):
    with pytest.raises(FilesRefused, match="已过期") as refused:
        OrderFiles(portal, f"{LINK['path']}0").items()
    assert 404 == refused.value.status


@pytest.mark.parametrize("path", ["https://evil.example/x", "//evil.example/x", "file:///etc/passwd"])
def test_given_a_letter_that_leads_elsewhere_when_asked_then_nobody_goes_there(portal, path):
    with pytest.raises(ValueError, match="not an address"):
        OrderFiles(portal, path)


def test_given_parts_in_an_order_when_read_then_each_has_its_number():
    assert {1: "1单元"} == order().parts
