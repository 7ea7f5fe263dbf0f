"""The job `topology`: exchanges, queues, logins and policies of the definitions are applied to the running broker."""

from __future__ import annotations

import base64
import os
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urlsplit

SECONDS = 120


def main() -> None:
    """Reads `definitions.json` and `management_uri` in $FOLDER. Errors: OSError where the broker refuses or is away."""
    folder = Path(os.environ["FOLDER"])
    asked = request((folder / "management_uri").read_text("utf8").strip(), (folder / "definitions.json").read_bytes())
    with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
        print(f"topology: applied ({answer.status})", flush=True)


def request(address: str, definitions: bytes) -> urllib.request.Request:
    """`POST /api/definitions` with the login of the address."""
    told = urlsplit(address)
    login = f"{unquote(told.username or '')}:{unquote(told.password or '')}".encode()
    headers = {
        "Authorization": f"Basic {base64.b64encode(login).decode('ascii')}",
        "Content-Type": "application/json",
    }
    url = f"{told.scheme}://{told.netloc.rpartition('@')[2]}/api/definitions"
    return urllib.request.Request(url, definitions, headers, method="POST")


if __name__ == "__main__":
    main()
