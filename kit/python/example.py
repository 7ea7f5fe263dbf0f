"""Signs every whistle. With SHAODAO_DRILL=1 it also reports in and finishes, for a drill."""

import base64
import os
import sys
from datetime import timedelta, timezone

from shaodao_kit import AddressMissing, Department, LoginRefused, evidence

DRILL_PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
BEIJING = timezone(timedelta(hours=8))

try:
    department = Department.from_environment()
except AddressMissing as problem:
    sys.exit(str(problem))


def told(due):
    """A limit of days ends at 24:00 of its last day, which is 00:00 of the next."""
    local = due.astimezone(BEIJING)
    return f"{local - timedelta(days=1):%m-%d} 24:00" if f"{local:%T}" == "00:00:00" else f"{local:%m-%d %H:%M}"


@department.on_whistle
def handle(task, reply):
    print(f"哨令 {task.whistle_number}：{task.reason}（北京时间 {told(task.report_due)} 前报到）", flush=True)
    reply.sign()
    if os.environ.get("SHAODAO_DRILL"):  # else your people go there, and their program calls report_in and finish
        reply.report_in("PLACE")
        if task.parts:
            reply.tick_parts(list(task.parts), [evidence(DRILL_PHOTO)])
        reply.finish("演练完成", [evidence(DRILL_PHOTO)])  # of a real file: file_evidence("photo.jpg")


try:
    department.run()
except LoginRefused as problem:
    sys.exit(str(problem))
