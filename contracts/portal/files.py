"""Files named by other services 附件."""

from contracts import samples
from contracts.fields import Text, some
from contracts.schema import AnswerSchema, CommandSchema, Shape, StrictShape
from contracts.tokens import case_no, file_content, fingerprint, staff_id
from kernel.rights import services


class KeptFile(Shape):
    """`kept_as`: its fingerprint in the store, another where something was taken out of it; null where it is not there,
    then `problem` says why."""

    sha256 = fingerprint()
    kept_as = fingerprint(optional=True)
    problem = Text(200, optional=True)


class KeptFiles(AnswerSchema):
    """In the order asked."""

    files = some(KeptFile)


class NamedFile(StrictShape):
    """A file by its fingerprint, with its content where that was sent along."""

    sha256 = fingerprint()
    content = file_content()


class KeepFiles(CommandSchema):
    """Keeps what was sent along, looks for what was not, and ties both to the case; for services alone."""

    service = "portal"
    title = "留存佐证文件"
    by = services().said("系统服务")
    answer = KeptFiles
    sender = staff_id(data_key="by")
    case_number = case_no(optional=True)
    files = some(NamedFile, least=1, most=30)
    example = {
        "by": "department.gongdian",
        "case_number": samples.APPEAL_NO,
        "files": [{"sha256": "ab" * 32, "content": None}],
    }
