"""The process that delivers: the one part of notify nobody waits for (ADR 12).

Apart from the service, so that where the machine is short of time letters are late and answers are not.
"""

from __future__ import annotations

from bus.peers import Peers
from bus.service import Program


class DeliveryProgram(Program):
    """Sends what is due; hears nothing and answers nothing. Any number of replicas may run."""

    name = "notify"
    peers = Peers("intake", "mediation", "dispatch")
    capabilities = ("delivering",)
