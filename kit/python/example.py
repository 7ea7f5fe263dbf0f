"""Signs every whistle. With SHAODAO_DRILL=1 it also reports in and finishes, for a drill."""

import os

from shaodao_kit import Department

department = Department.from_environment()


@department.on_whistle
def handle(task, reply):
    print(f"哨令 {task.whistle_number}：{task.reason}（{task.report_due.astimezone():%m-%d %H:%M} 前报到）", flush=True)
    reply.sign()
    if os.environ.get("SHAODAO_DRILL"):  # else your people go there, and their program calls report_in and finish
        reply.report_in("PLACE")
        reply.finish("演练完成", [{"sha256": "ab" * 32, "kind": "PHOTO", "stage": "AFTER"}])


department.run()
