"""As much of an MQTT 3.1.1 client as a pager has: it connects with a login and publishes at QoS 1."""

from __future__ import annotations

import socket
import ssl
import struct
from dataclasses import dataclass, field

CONNECT, CONNACK, PUBLISH, PUBACK = 0x10, 0x20, 0x32, 0x40
KEEP_ALIVE_SECONDS, PATIENCE_SECONDS = 60, 10


class Refused(ConnectionError):
    """The broker took the login or the message amiss."""


@dataclass
class Device:
    """One connection. `publish` returns when the broker has the message for good."""

    line: socket.socket
    sent: int = field(default=0)

    @classmethod
    def connect(cls, host: str, port: int, login: str, password: str, tls: ssl.SSLContext | None = None) -> Device:
        """Errors: Refused, OSError."""
        line = socket.create_connection((host, port), PATIENCE_SECONDS)
        device = cls(tls.wrap_socket(line, server_hostname=host) if tls else line)
        flags = 0xC2  # login, password, clean session
        head = _text("MQTT") + struct.pack("!BBH", 4, flags, KEEP_ALIVE_SECONDS)
        device._send(CONNECT, head + _text(login) + _text(login) + _text(password))
        if (answer := device._read(CONNACK))[1]:
            raise Refused(f"connect: code {answer[1]}")
        return device

    def publish(self, topic: str, body: bytes) -> None:
        """Errors: Refused where the broker hangs up, as it does on what a login may not."""
        self.sent += 1
        self._send(PUBLISH, _text(topic) + struct.pack("!H", self.sent) + body)
        if struct.unpack("!H", self._read(PUBACK))[0] != self.sent:
            raise Refused("publish: another message was acknowledged")

    def close(self) -> None:
        self.line.close()

    def _send(self, kind: int, content: bytes) -> None:
        self.line.sendall(bytes([kind]) + _length(len(content)) + content)

    def _read(self, kind: int) -> bytes:
        first, length = self._exactly(2)
        if first != kind:
            raise Refused(f"packet {first:#x} instead of {kind:#x}")
        return self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        read = b""
        while len(read) < count:
            try:
                more = self.line.recv(count - len(read))
            except ConnectionResetError:
                more = b""
            if not more:
                raise Refused("the broker hung up")
            read += more
        return read


def _text(words: str) -> bytes:
    written = words.encode()
    return struct.pack("!H", len(written)) + written


def _length(count: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    low, rest = count & 0x7F, count >> 7
    return bytes([low | 0x80]) + _length(rest) if rest else bytes([low])
