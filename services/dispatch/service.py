"""Dispatch 吹哨报到: what it consists of."""

from __future__ import annotations

from chassis.bus.peers import Peers
from chassis.service import Service
from services.dispatch import (
    clocks,
    desks,
    duties,
    escalation,
    keeping,
    leaves,
    letterbox,  # noqa: F401 - binds what is marked with @receives
    metrics,
    objections,
    replies,
    reviews,
    sources,
    tasks,
    units,
    updates,
    views,
    webhooks,
    whistles,
)
from services.dispatch.tables import Task, Whistle


class DispatchService(Service):
    """Whistles, the tasks of units, and their clocks."""

    name = "dispatch"
    shows = {Task: views.task, Whistle: views.whistle}
    peers = Peers("intake", "portal")
    capabilities = (
        clocks,
        desks,
        duties,
        escalation,
        keeping,
        leaves,
        metrics,
        objections,
        replies,
        reviews,
        sources,
        tasks,
        units,
        updates,
        webhooks,
        whistles,
    )
