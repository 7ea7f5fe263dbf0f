"""Programs of others in Node: a provider of sign-ins, and the libraries of authenticator apps."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ops.ports import any_free
from ops.waiting import wait_until
from tests.unit.portal.accounts.conftest import application as application
from tests.unit.portal.accounts.conftest import pages as pages
from tests.unit.portal.accounts.conftest import plain_pages as plain_pages

PROGRAMS = Path(__file__).parent / "node"
HOME = "http://localhost"
BACK = f"{HOME}/login/outside/back"
SERVED = any_free()
"""The port at which a real browser finds the portal."""
SITES = (HOME, f"http://127.0.0.1:{SERVED}")
CLIENTS: tuple[dict[str, Any], ...] = (
    {"client_id": "shaodao", "client_secret": "a secret of the tests"},
    {"client_id": "shaodao-post", "client_secret": "another", "token_endpoint_auth_method": "client_secret_post"},
    {"client_id": "shaodao-public", "token_endpoint_auth_method": "none"},
)


@dataclass
class Provider:
    """A running provider of sign-ins."""

    issuer: str
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """The command that runs one of the programs with what it is told."""
    place = tmp_path_factory.mktemp("signing") / "node"
    shutil.copytree(PROGRAMS, place, ignore=shutil.ignore_patterns("node_modules"))
    got = subprocess.run(["npm", "ci", "--silent"], cwd=place, capture_output=True, text=True, check=False)
    assert 0 == got.returncode, got.stderr
    return lambda program, **told: ["node", str(place / program), json.dumps(told)]


@pytest.fixture(scope="module")
def provider(node: Callable[..., list[str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    port, log = any_free(), tmp_path_factory.mktemp("provider") / "log"
    where = {
        "redirect_uris": [f"{site}/login/outside/back" for site in SITES],
        "post_logout_redirect_uris": [f"{site}/login" for site in SITES],
    }
    command = node("provider.js", port=port, clients=[{**each, **where} for each in CLIENTS])
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    wait_until(lambda: "ready" in log.read_text(), seconds=30, what="the provider of sign-ins")
    yield Provider(f"http://127.0.0.1:{port}", process)
    process.kill()
    process.wait()
    print(log.read_text(encoding="utf8")[-4000:])
