"""Debian packages the command may install when it runs as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.rabbitmq_node import find_program

FONT_FILES = Path("/usr/share/fonts")
# Chinese with the rare signs of names, and Arabic letters for Uyghur
FONTS = {
    "fonts-noto-cjk": "opentype/noto/NotoSansCJK-Regular.ttc",
    "fonts-dejavu-core": "truetype/dejavu/DejaVuSans.ttf",
}
# tells Debian's packages not to start the services they bring
POLICY = Path("/usr/sbin/policy-rc.d")


# dpkg works for one at a time
INSTALLING = threading.Lock()


def main() -> None:
    """`python -m ops.packages`: installs what is missing where it may; says what is missing where it may not."""
    missing = needed()
    if not missing:
        return
    names = " and ".join(missing)
    if can_install():
        print(f"installing {names} with apt-get", flush=True)
    if not install(*missing):
        print(f"missing: {names}; install it, or see `shaodao up` for what else will do")


def needed() -> list[str]:
    """The broker, unless the operator has one, and the fonts for printed papers."""
    broker = bool(os.environ.get("AMQP_URI")) or find_program() is not None
    return ([] if broker else ["rabbitmq-server"]) + missing_fonts()


def missing_fonts() -> list[str]:
    return [package for package, file in FONTS.items() if not (FONT_FILES / file).exists()]


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_fonts() -> bool:
    """The fonts that are not there."""
    missing = missing_fonts()
    return not missing or install(*missing)


def install(*names: str) -> bool:
    """apt-get install without questions, and without starting a service it brings.

    Asks for fresh package lists once if the old ones do not know a name. False where the system does not let us.
    """
    if not can_install():
        return False
    with INSTALLING, services_kept_down():
        return apt("install", *names) or (apt("update") and apt("install", *names))


def apt(command: str, *names: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"] if command == "install" else []
    done = subprocess.run(
        ["apt-get", "--quiet", command, *options, *names],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


@contextmanager
def services_kept_down() -> Iterator[None]:
    """While packages are installed: a policy that forbids starting services. One that is there already is kept."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


if __name__ == "__main__":
    main()
