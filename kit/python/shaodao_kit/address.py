"""Where the broker is, and who we are there: all of it follows from one address of the welcome sheet."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from kombu import Connection

EXCHANGE = "department-replies"
HEARTBEAT_SECONDS = 60
TIMEOUT_SECONDS = 15


class AddressMissing(KeyError):
    """The environment does not say where the broker is."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Address:
    """`amqp://department.CODE:password@host:port/shaodao`, or amqps; of a broker of several nodes one address each,
    with `;` between them. `ca_file` holds the certificate authority."""

    uri: str = field(repr=False)
    ca_file: str | None = None

    @classmethod
    def from_environment(cls) -> Address:
        """From SHAODAO_AMQP_URI, or the file SHAODAO_AMQP_URI_FILE names; SHAODAO_CA_FILE for a CA of your own.

        Errors: AddressMissing when neither is set or what is set is no department's address.
        """
        path = os.environ.get("SHAODAO_AMQP_URI_FILE")
        uri = Path(path).read_text(encoding="utf8").strip() if path else os.environ.get("SHAODAO_AMQP_URI")
        if not uri:
            raise AddressMissing("SHAODAO_AMQP_URI is not set: it stands on the welcome sheet 接入单")
        found = cls(uri, os.environ.get("SHAODAO_CA_FILE"))
        try:
            _ = found.unit
        except ValueError as error:
            raise AddressMissing(f"SHAODAO_AMQP_URI is not a department's address: {error}") from error
        return found

    @property
    def uris(self) -> list[str]:
        """One address a node."""
        return [each.strip() for each in self.uri.split(";") if each.strip()]

    def at(self, turn: int) -> Address:
        """The same department at one node; each turn leads to the next."""
        return replace(self, uri=self.uris[turn % len(self.uris)])

    @property
    def login(self) -> str:
        return unquote(urlsplit(self.uris[0]).username or "")

    @property
    def unit(self) -> str:
        """The unit's code. Errors: ValueError when the login is not a department's."""
        kind, _, unit = self.login.partition(".")
        if kind != "department" or not unit:
            raise ValueError(f"the login must look like department.CODE, not {self.login!r}")
        return unit

    @property
    def queue(self) -> str:
        return f"department.{self.unit}"

    def connect(self) -> Connection:
        """A lazy connection; publishing on it waits for the broker's confirmation, no socket waits for ever. Of several
        nodes kombu takes the first that answers."""
        options: dict[str, Any] = {"confirm_publish": True, "max_retries": len(self.uris)}
        if self.uri.startswith("amqp"):
            options.update(read_timeout=TIMEOUT_SECONDS, write_timeout=TIMEOUT_SECONDS, login_timeout=TIMEOUT_SECONDS)
        return Connection(
            ";".join(self.uris),
            heartbeat=HEARTBEAT_SECONDS,
            connect_timeout=5,
            transport_options=options,
            **self._tls(),
        )

    def _tls(self) -> dict[str, Any]:
        """Certificates are always checked, and against the name we asked for."""
        if not self.uri.startswith("amqps:"):
            return {}
        host = urlsplit(self.uri).hostname
        checks = {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": host, "check_hostname": True}
        return {"ssl": {**checks, "ca_certs": self.ca_file} if self.ca_file else checks}
