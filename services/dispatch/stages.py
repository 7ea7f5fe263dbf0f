"""Stretches of the lives of whistles and tasks: sets of states with a name."""

from __future__ import annotations

from kernel.codes import TaskState as T
from kernel.codes import WhistleState as W

AT_WORK = frozenset({T.ASSIGNED, T.SIGNED, T.REPORTED_IN})
"""The unit's turn: its clock of the step runs."""

WORK_BEGUN = frozenset({T.REPORTED_IN, T.FINISHED, T.CONFIRMED, T.RATED})
WORK_DONE = frozenset({T.FINISHED, T.CONFIRMED, T.RATED, T.WAIVED})

SETTLED = frozenset({T.RATED, T.WAIVED, T.REASSIGNED, T.CANCELLED})
"""Tasks that ask nothing more of anybody; a whistle closes when all of its tasks are here."""

OPEN_WHISTLES = frozenset({W.DRAFTED, W.PENDING_APPROVAL, W.BLOWN})
