"""Verbs a consumer may leave to its people at the desk. Those it uses are judged; those it does not are told so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shaodao_kit.conformance.desk import SUPERVISION_NO, Desk, Reply

Judge = Callable[[Desk], Iterator[str]]


def ticks(desk: Desk) -> Iterator[str]:
    """逐处销号：哨令里有的、每处一次，销完再办结 / parts: of the order, each once, all before finish"""
    ticked: dict[str | None, set[int]] = {}
    for reply in _each_once(desk):
        open_ = set(range(1, len(desk.parts.get(str(reply.task_id), ())) + 1)) - ticked.get(reply.task_id, set())
        named = set(_data(reply).get("parts") or ())
        if reply.verb == "tick_parts" and not named <= open_:
            yield f"没有这几处或已销 / no such parts, or done: {sorted(named - open_)}"
        if reply.verb == "tick_parts":
            ticked.setdefault(reply.task_id, set()).update(named)
        if reply.verb == "finish" and open_:
            yield f"还有 {len(open_)} 处就办结 / finish with {len(open_)} parts open"


def further(desk: Desk) -> Iterator[str]:
    """哨链：同一单位只请一次 / a further body: each unit once"""
    called: set[tuple[str | None, str]] = set()
    for reply in _each_once(desk):
        one = (reply.task_id, str(_data(reply).get("unit")))
        if reply.verb == "call_further" and one in called:
            yield f"又请了 {one[1]} / called again: {one[1]}"
        if reply.verb == "call_further":
            called.add(one)


def appeals(desk: Desk) -> Iterator[str]:
    """申诉赋分：听到赋分以后，每件一次 / an appeal: after RATED was heard, once a task"""
    appealed: set[str | None] = set()
    for reply in _each_once(desk):
        if reply.verb != "appeal_rating":
            continue
        if reply.task_id not in desk.rated:
            yield "还没有赋分就申诉 / an appeal before a rating"
        if reply.task_id in appealed:
            yield "同一件申诉了两次 / a second appeal"
        appealed.add(reply.task_id)


def answers(desk: Desk) -> Iterator[str]:
    """回复督办：只答听到过的督办单 / an answer to supervision: to an order that was heard"""
    for reply in _each_once(desk):
        order = _data(reply).get("order")
        if reply.verb == "reply_supervision" and order != SUPERVISION_NO:
            yield f"没有这张督办单 / no such order: {order}"


JUDGES: dict[str, Judge] = {
    "tick_parts": ticks, "call_further": further, "appeal_rating": appeals, "reply_supervision": answers,
}  # fmt: skip


def judged(desk: Desk) -> Iterator[tuple[str, bool, str | None]]:
    """Of each such verb its title, whether it was used, and what is wrong."""
    for verb, judge in JUDGES.items():
        used = any(reply.verb == verb for reply in desk.replies)
        wrong = "；".join(dict.fromkeys(judge(desk))) if used else ""
        yield (judge.__doc__ or verb).strip(), used, wrong or None


def _each_once(desk: Desk) -> list[Reply]:
    """Replies in their order, a repeated id once: that counts once with the platform, too."""
    found: dict[str, Reply] = {}
    for reply in desk.replies:
        found.setdefault(reply.id, reply)
    return list(found.values())


def _data(reply: Reply) -> dict[str, object]:
    data = reply.content.get("data") if isinstance(reply.content, dict) else None
    return data if isinstance(data, dict) else {}
