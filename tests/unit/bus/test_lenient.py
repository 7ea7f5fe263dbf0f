"""Properties no library can read, as they come off the wire."""

from __future__ import annotations

import struct

import pytest
from amqp.basic_message import Message

from bus import lenient

HEADERS, CORRELATION = 0x2000, 0x0400


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in ((lenient.serialization, "pstr_t"), (lenient.serialization.GenericContent, "_load_properties")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back afterwards
    lenient.install()


def header(flags: int, properties: bytes) -> bytes:
    return struct.pack(">HxxQH", 60, 0, flags) + properties


def nested(depth: int) -> bytes:
    inside = b""
    for _ in range(depth):
        inside = b"A" + struct.pack(">I", len(inside)) + inside
    table = b"\x01x" + inside
    return struct.pack(">I", len(table)) + table


def test_given_headers_nested_without_end_when_read_then_there_are_none():
    message = Message()
    message.inbound_header(header(HEADERS, nested(5000)))
    assert ({}, True) == (message.properties, message.ready)


def test_given_a_property_in_another_encoding_when_read_then_the_others_are_kept():
    message, odd = Message(), "回复".encode("gbk")
    message.inbound_header(header(CORRELATION | 0x0010, bytes([len(odd)]) + odd + b"\x08gongdian"))
    assert "gongdian" == message.properties["user_id"]
    assert "\ufffd" in message.properties["correlation_id"]
