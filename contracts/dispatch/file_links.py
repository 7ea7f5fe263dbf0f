"""Signed links 附件链接: a unit's program reads the files of its order and brings its own, without an account."""

from contracts import samples
from contracts.dispatch.base import DispatchQuestion
from contracts.fields import Count, Flag, Id, some
from contracts.schema import AnswerSchema
from contracts.shapes import Attachment
from contracts.tokens import Token, case_no, unit_code
from kernel.rights import services

TAG = "哨令"
SIGNATURE = r"^[A-Za-z0-9_.-]{1,40}-[0-9a-f]{64}$"
MOST = 1000


class LinkedFiles(AnswerSchema):
    """What a link opens: the files its unit is shown at the desk, and whether more are taken."""

    unit = unit_code()
    number = case_no()
    taken = Flag()
    files = some(Attachment, most=MOST)


class OpenFileLink(DispatchQuestion):
    """For the portal alone, which serves the files; `until` are Unix seconds."""

    keeps_answer = False
    title = "按链接查附件"
    by = services().said("系统服务")
    answer = LinkedFiles
    task_id = Id()
    until = Count()
    signature = Token(SIGNATURE, "签名格式不对")
    example = {"task_id": samples.TASK, "until": 1721000000, "signature": f"k1-{'ab' * 32}"}
