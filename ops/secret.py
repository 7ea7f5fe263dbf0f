"""Generated passwords and keys of a world, and files only their owner can read."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


def password() -> str:
    """A password that needs no quoting in a URL, in SQL or in a configuration file."""
    return secrets.token_hex(20)


def seal_key() -> str:
    """32 random bytes for AES-256-GCM, base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def signing_pair() -> dict[str, str]:
    """An Ed25519 key pair as PEM texts `private` and `public`."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {"private": private.decode("ascii"), "public": public.decode("ascii")}


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 0600 in one step: a reader sees the old text or the new one, never a part."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf8") as out:
        out.write(text)
    fresh.replace(path)


def write_private_json(path: Path, data: Any) -> None:
    write_private(path, json.dumps(data, ensure_ascii=False, indent=1))
