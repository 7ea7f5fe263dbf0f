"""What the chaos needs on a bare machine it brings itself, as root."""

from __future__ import annotations

import pytest

from tests.chaos import wire


@pytest.mark.rule("54")
def test_given_a_machine_without_tools_when_the_wire_is_laid_then_their_packages_are_installed(monkeypatch):
    there, asked = {"ip", "nsenter"}, []

    def install(*names: str) -> bool:
        asked.extend(names)
        there.update({"iptables", "sysctl"})
        return True

    monkeypatch.setattr(wire.shutil, "which", lambda tool: tool if tool in there else None)
    monkeypatch.setattr(wire.packages, "install", install)
    assert ([], ["iptables", "procps"]) == (wire.brought(), asked)


@pytest.mark.rule("54")
def test_given_tools_that_cannot_be_had_then_the_row_says_which(monkeypatch):
    monkeypatch.setattr(wire.shutil, "which", lambda tool: None if tool == "iptables" else tool)
    monkeypatch.setattr(wire.packages, "install", lambda *names: False)
    assert ["iptables"] == wire.brought()
