"""The local mailbox keeps every mail as a file."""

from __future__ import annotations

import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

from ops.ports import LOOPBACK, any_free, is_open
from ops.waiting import wait_until
from ops.world import REPOSITORY


def test_a_mail_becomes_a_file_and_sigterm_ends_it_with_0(tmp_path: Path) -> None:
    port = any_free()
    command = [sys.executable, "-m", "ops.mailbox", str(tmp_path / "mail"), str(port)]
    mailbox = subprocess.Popen(command, cwd=REPOSITORY)
    try:
        wait_until(lambda: is_open(port), seconds=60, what="the mailbox to listen")
        with smtplib.SMTP(LOOPBACK, port, timeout=5) as client:
            client.send_message(letter())
        [kept] = (tmp_path / "mail").glob("*.eml")
        assert "您的诉求已受理" in kept.read_text(encoding="utf8")
        assert "X-Envelope-To: chen@example.org" in kept.read_text(encoding="utf8")
        mailbox.terminate()
        assert mailbox.wait(10) == 0
    finally:
        mailbox.kill()
        mailbox.wait()


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shaodao@example.org", "chen@example.org", "receipt"
    message.set_content("您的诉求已受理", charset="utf8", cte="8bit")
    return message
