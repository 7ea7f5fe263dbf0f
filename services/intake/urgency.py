"""How urgent an item is, with the reasons: computed, never asked for (domain §3.3, §A1 step 1, §A4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.codes import DangerFlag, HazardKind, HazardLevel, Nature, Urgency
from kernel.danger import DangerWords

WORST_FIRST = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL, Urgency.COMPLEX, Urgency.CONSULT)


@dataclass(frozen=True)
class Judged:
    """An urgency, why, and all danger flags: those ticked and those the words suggest."""

    urgency: Urgency
    reasons: list[str]
    flags: list[DangerFlag]


@dataclass(frozen=True)
class _Ground:
    urgency: Urgency
    reason: str


def of_appeal(
    words: str,
    ticked: Sequence[DangerFlag],
    damage_ongoing: bool,
    nature: Nature,
    default: Urgency,
    dangers: DangerWords,
) -> Judged:
    """Danger and running damage make an item EMERGENCY; a question is CONSULT; the rest is as its category says."""
    grounds, flags = _danger(words, ticked, dangers)
    if damage_ongoing:
        grounds.append(_Ground(Urgency.EMERGENCY, "损失仍在扩大"))
    if nature is Nature.CONSULT:
        grounds.append(_Ground(Urgency.CONSULT, "咨询事项"))
    else:
        grounds.append(_Ground(default, f"类别默认：{default.label}"))
    return _judge(grounds, flags)


def of_hazard(
    words: str,
    ticked: Sequence[DangerFlag],
    kind: HazardKind,
    level: HazardLevel,
    dangers: DangerWords,
    by_itself: Sequence[str] = (),
) -> Judged:
    """Any danger flag or danger word makes a hazard EMERGENCY, some kinds do `by_itself`; else a serious or major one
    is URGENT."""
    grounds, flags = _danger(words, ticked, dangers)
    if kind in by_itself:
        grounds.append(_Ground(Urgency.EMERGENCY, f"隐患类别：{kind.label}"))
    least = Urgency.NORMAL if level is HazardLevel.GENERAL else Urgency.URGENT
    return _judge([*grounds, _Ground(least, f"隐患等级：{level.label}")], flags)


def _danger(words: str, ticked: Sequence[DangerFlag], dangers: DangerWords) -> tuple[list[_Ground], list[DangerFlag]]:
    grounds = [_Ground(Urgency.EMERGENCY, f"危险标记：{flag.label}") for flag in ticked]
    flags = list(ticked)
    for danger in dangers.found(words):
        grounds.append(_Ground(danger.urgency, f"文字含“{danger.words}”：{danger.flag.label}"))
        flags.append(danger.flag)
    return grounds, list(dict.fromkeys(flags))


def _judge(grounds: list[_Ground], flags: list[DangerFlag]) -> Judged:
    worst = min((ground.urgency for ground in grounds), key=WORST_FIRST.index)
    return Judged(worst, [ground.reason for ground in grounds if ground.urgency is worst], flags)
