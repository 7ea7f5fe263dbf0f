"""What is tried, and how it is judged. A check returns what is wrong; nothing means passed."""

from __future__ import annotations

import json
import signal
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from shaodao_kit.conformance.desk import CHANGES, CONTRACT, REFUSAL, TASK_CHANGED, Desk, Envelope, Reply
from shaodao_kit.conformance.optional import judged
from shaodao_kit.conformance.schema import errors

Check = Callable[[Desk], "str | None"]
EMERGENCY_SECONDS = 5.0
OVERSIZE = 2_000_000
ORDER_OF_VERBS = {"report_in": "sign"} | dict.fromkeys(
    ("finish", "tick_parts", "call_further", "record_enforcement"), "report_in"
)
QUIET_SECONDS = 1.5
BACK_SECONDS = 30.0


@dataclass(frozen=True)
class Verdict:
    title: str
    wrong: str | None
    skipped: bool = False
    unused: bool = False


def good(desk: Desk) -> str | None:
    """正常哨令：签收 / a good whistle is signed"""
    return signed(desk, desk.order())


def twice(desk: Desk) -> str | None:
    """同一消息送达两次：只签收一次 / delivered twice, signed once"""
    order = desk.order()
    desk.send(order)
    return signed(desk, order) or signed_once(desk, order)


def out_of_order(desk: Desk) -> str | None:
    """先后颠倒：两张都签收 / out of order, both are signed"""
    first, second = desk.order(), desk.order()
    desk.send(second)
    return signed(desk, first) or _missing(desk, second)


def unknown_version(desk: Desk) -> str | None:
    """未知版本：不处理、不退出 / an unknown version is passed over"""
    order = desk.order()
    return passed_over(desk, {**order, "type": "cn.shaodao.departments.whistle_task.v9"}, order)


def unknown_type(desk: Desk) -> str | None:
    """未知类型：不处理、不退出 / an unknown type is passed over"""
    order = desk.order()
    return passed_over(desk, {**order, "type": "cn.shaodao.departments.tea_break.v1"}, order)


def unknown_fields(desk: Desk) -> str | None:
    """未知字段：照常签收 / unknown fields do no harm"""
    order = desk.order(colour="red", nested={"a": [1, {"b": None}]})
    return signed(desk, {**order, "mood": "good"})


def missing_optional(desk: Desk) -> str | None:
    """可空字段为空或缺省：照常签收 / optional fields null or left out"""
    order = desk.order(asked_time=None, finish_due=None)
    for name in ("asked_action_text", "asked_place_text"):
        order["data"].pop(name)
    return signed(desk, order)


def longest(desk: Desk) -> str | None:
    """字段达到最大长度：照常签收 / fields as long as the contract allows"""
    return signed(desk, desk.order(reason="长" * 2000, asked_action_text="𠮷" * 1000))


def oversized(desk: Desk) -> str | None:
    """超大消息（2 MB）：不退出 / an oversized message ends nothing"""
    desk.send(desk.order(padding="x" * OVERSIZE))
    return goes_on(desk)


def malformed(desk: Desk) -> str | None:
    """不是 JSON、不是信封：不退出 / no JSON, no envelope: goes on"""
    for body in (b"\xff\xfe", b"{oops", b"[]", b"null", b'{"specversion":"1.0"}'):
        desk.send(body)
    return goes_on(desk)


def refusal(desk: Desk) -> str | None:
    """收到退回：不退出、不循环 / a refusal ends nothing and starts no loop"""
    before = len(desk.replies)
    desk.send({**CONTRACT["examples"][REFUSAL], "id": str(uuid.uuid4())})
    wrong = goes_on(desk)
    extra = len(desk.replies) - before
    return wrong or (f"退回之后发出 {extra} 条回哨 / {extra} replies after a refusal" if extra > 6 else None)


def changed(desk: Desk) -> str | None:
    """哨令变更：不退出 / a change by others ends nothing"""
    desk.send({**CONTRACT["examples"][TASK_CHANGED], "id": str(uuid.uuid4())})
    return goes_on(desk)


def with_parts(desk: Desk) -> str | None:
    """有逐处销号的哨令：照常签收 / a whistle with parts is signed"""
    return signed(desk, desk.order(parts=["1单元", "2单元"]))


def news(desk: Desk) -> str | None:
    """销号、哨链、回头看、赋分、督办和未知变更：不退出 / news of every kind, also unknown: goes on"""
    order = desk.order()
    if wrong := signed(desk, order):
        return wrong
    for change, more in CHANGES.items():
        desk.send(desk.change(order, change, **more))
    return goes_on(desk)


def emergency(desk: Desk) -> str | None:
    """应急哨：5 秒内签收 / an emergency is signed within 5 s"""
    order = desk.order(kind="EMERGENCY")
    return signed(desk, order, EMERGENCY_SECONDS)


def many(desk: Desk) -> str | None:
    """连续 50 张：全部签收一次 / fifty in a row, each signed once"""
    orders = [desk.order() for _ in range(50)]
    for order in orders:
        desk.send(order)
    desk.wait(lambda: all(desk.about(order, "sign") for order in orders), 60)
    return next(filter(None, (_missing(desk, order) or signed_once(desk, order, 0) for order in orders)), None)


def crash(desk: Desk) -> str | None:
    """中途被杀：重启后补签，不漏不重 / killed at work: nothing lost, nothing twice"""
    orders = [desk.order() for _ in range(5)]
    for order in orders:
        desk.send(order)
    desk.stop(signal.SIGKILL)
    desk.start()
    desk.wait(lambda: all(desk.about(order, "sign") for order in orders), 30)
    return next(filter(None, (_missing(desk, order) or signed_once(desk, order, 0) for order in orders)), None)


def queue_gone(desk: Desk) -> str | None:
    """队列没了又重建：重新接听 / the queue is gone and comes back: it listens again"""
    desk.renew_queue()
    if not desk.wait(lambda: desk.consumers() > 0, BACK_SECONDS):
        return "不再接听 / it does not listen any more" + ("" if desk.alive() else "，程序已退出 / it has ended")
    return goes_on(desk)


def replies_valid(desk: Desk) -> str | None:
    """所有回哨符合约定 / every reply keeps the contract"""
    found = [f"{reply.key}: {line}" for reply in desk.replies for line in faults(desk, reply)]
    return "；".join(dict.fromkeys(found[:5])) or None


def ids_of_their_own(desk: Desk) -> str | None:
    """每条回哨各有 id / every reply has an id of its own"""
    said: dict[str, tuple[str, str]] = {}
    for reply in desk.replies:
        words = json.dumps(reply.content.get("data") if isinstance(reply.content, dict) else None, sort_keys=True)
        first = said.setdefault(reply.id, (reply.key, words))
        if first != (reply.key, words):
            return f"{first[0]} 与 {reply.key} 用了同一 id / the same id with other words: {reply.id}"
    return None


def in_order(desk: Desk) -> str | None:
    """先签收再报到再办结 / sign, then report in, then finish"""
    said: dict[str | None, list[str]] = {}
    for reply in desk.replies:
        before = ORDER_OF_VERBS.get(reply.verb)
        if before is not None and before not in said.get(reply.task_id, []):
            return f"{reply.verb} 早于 {before} / {reply.verb} before {before}"
        said.setdefault(reply.task_id, []).append(reply.verb)
    return None


def ends_well(desk: Desk) -> str | None:
    """收到停止信号：做完手头、确认后正常退出 / told to stop at work: finishes, acks, ends with 0"""
    _rest(desk)
    if wrong := signed(desk, desk.order()):
        return wrong
    status = desk.stop()
    if status != 0:
        return f"退出状态 {status} / exit status {status}"
    left = desk.left()
    return f"队列中还有 {left} 条 / {left} messages were not acked" if left else None


def _rest(desk: Desk) -> None:
    """Until nothing comes any more: what was delivered and not begun may go back into the queue at a stop."""
    while desk.wait(partial(_more, desk, len(desk.replies)), QUIET_SECONDS):
        pass


def _more(desk: Desk, than: int) -> bool:
    return len(desk.replies) > than


def signed(desk: Desk, order: Envelope, seconds: float | None = None) -> str | None:
    desk.send(order)
    desk.wait(lambda: bool(desk.about(order, "sign")), seconds)
    return _missing(desk, order)


def _missing(desk: Desk, order: Envelope) -> str | None:
    desk.wait(lambda: bool(desk.about(order, "sign")))
    if desk.about(order, "sign"):
        return None
    return "没有签收 / not signed" + ("" if desk.alive() else "，程序已退出 / the consumer has ended")


def signed_once(desk: Desk, order: Envelope, quiet: float = QUIET_SECONDS) -> str | None:
    """After some quiet, in which a second signature would have come."""
    desk.wait(lambda: len(desk.about(order, "sign")) > 1, quiet)
    times = len(desk.about(order, "sign"))
    return None if times == 1 else f"签收了 {times} 次 / signed {times} times"


def passed_over(desk: Desk, odd: Envelope, order: Envelope) -> str | None:
    desk.send(odd)
    wrong = goes_on(desk)
    return wrong or (f"对未知消息作了 {desk.about(order)[0].verb} / it was replied to" if desk.about(order) else None)


def goes_on(desk: Desk) -> str | None:
    """Whether the next good whistle is signed."""
    return signed(desk, desk.order())


def faults(desk: Desk, reply: Reply) -> Iterator[str]:
    if not isinstance(reply.content, dict):
        yield "不是 JSON 对象 / not a JSON object"
        return
    yield from errors(reply.content, CONTRACT["envelope"])
    kind = f"cn.shaodao.department.{reply.verb}.v1"
    if reply.key != f"{desk.unit}.{reply.verb}" or kind not in CONTRACT["replies"]:
        yield f"路由键不对 / wrong routing key {reply.key}"
        return
    if reply.content.get("type") != kind:
        yield f"类型应为 {kind} / type should be {kind}"
    yield from errors(reply.content.get("data"), CONTRACT["replies"][kind], "data")
    if reply.user_id != f"department.{desk.unit}":
        yield "user_id 未设或不对 / user_id is missing or wrong"
    if reply.delivery_mode != 2:
        yield "未要求持久化（delivery_mode=2）/ not persistent"


BY_MESSAGE: tuple[Check, ...] = (
    good, emergency, twice, out_of_order, unknown_version, unknown_type, unknown_fields, missing_optional, longest,
    oversized, malformed, changed, news, refusal, with_parts, many, queue_gone,
)  # fmt: skip
WITH_PROCESS: tuple[Check, ...] = (crash,)
AFTERWARDS: tuple[Check, ...] = (replies_valid, ids_of_their_own, in_order)
AT_THE_END: tuple[Check, ...] = (ends_well,)


def _tried(check: Check, desk: Desk) -> str | None:
    """What is wrong; a consumer that does not come back is a finding like any other, not the end of the check."""
    try:
        if not desk.alive():
            desk.start()
        return check(desk)
    except TimeoutError as error:
        return str(error)


def run_all(desk: Desk, tell: Callable[[Verdict], Any]) -> bool:
    """Runs every check in turn; True when all passed. What needs the consumer's process is skipped without one.

    A consumer that does not even sign a good whistle is not asked for more.
    """
    passed = True
    ours = bool(desk.command)
    for check in (*BY_MESSAGE, *WITH_PROCESS, *AFTERWARDS, *AT_THE_END):
        title = (check.__doc__ or check.__name__).strip()
        if check in (*WITH_PROCESS, *AT_THE_END) and not ours:
            tell(Verdict(title, None, skipped=True))
            continue
        wrong = _tried(check, desk)
        passed = passed and wrong is None
        tell(Verdict(title, wrong))
        if check is good and not passed:
            return False
    for title, used, wrong in judged(desk):
        passed = passed and wrong is None
        tell(Verdict(title, wrong, unused=not used))
    return passed
