"""Settings that name several servers. Whole addresses stand one after the other, with `;` or blanks between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

BETWEEN = re.compile(r"[;,\s]+(?=[a-z+]+://)")
"""A comma counts only before a new address: kombu would read `amqp://a/x,amqp://b/x` as one virtual host."""
POSTGRES_PORT = "5432"


class BadAddress(ValueError):
    """A setting that should name servers and does not."""


def split(setting: str) -> list[str]:
    """The addresses of a setting. Errors: BadAddress."""
    found = BETWEEN.split(setting.strip().strip(";"))
    if not all("://" in each and ";" not in each for each in found):
        raise BadAddress("several servers are told as whole addresses with ; between them")
    return found


def of_brokers(setting: str) -> tuple[str, ...]:
    """One address a node. Errors: BadAddress for hosts joined by a comma, which two libraries read in two ways."""
    found = split(setting)
    if any("," in urlsplit(each).netloc.rpartition("@")[2] for each in found):
        raise BadAddress("broker nodes are told as whole addresses with ; between them, not as a list of hosts")
    return tuple(found)


def of_database(setting: str) -> str:
    """One address that SQLAlchemy and libpq read alike. A setting with one host comes back as it is.

    Several addresses, or hosts joined by commas, become `?host=h1,h2&port=p1,p2&target_session_attrs=read-write`: the
    only form that means the same to both.
    """
    found = [urlsplit(each) for each in split(setting)]
    places = [place for each in found for place in _places(each.netloc, dict(parse_qsl(each.query)))]
    if len(places) < 2:
        return setting.strip().strip(";")
    first = found[0]
    options = {"target_session_attrs": "read-write", **dict(parse_qsl(first.query))}
    options |= {"host": ",".join(host for host, _ in places), "port": ",".join(port for _, port in places)}
    login = first.netloc.rpartition("@")[0]
    return f"{first.scheme}://{login}@{first.path or '/'}?{urlencode(options, safe=',:/')}"


def _places(netloc: str, options: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Host and port of each server an address names, in its host part or in its options."""
    hosts = options.get("host") or netloc.rpartition("@")[2]
    ports = options.get("port", "").split(",")
    for number, host in enumerate(hosts.split(",")):
        name, colon, port = host.rpartition(":")
        if colon and port.isdigit():
            yield name, port
        else:
            yield host, (ports[number] if len(ports) > number else ports[0]) or POSTGRES_PORT


def host_and_port(address: str) -> str:
    """Where an address leads, without its login: for logs and readiness."""
    return urlsplit(address).netloc.rpartition("@")[2]
