"""What the portal 门户 can be asked by services: whether files are there."""

from contracts.fields import file_content, fingerprint, some, staff_id
from contracts.schema import CommandSchema, StrictShape
from contracts.views.portal import KeptFiles


class NamedFile(StrictShape):
    """A file by its fingerprint, with its content where that was sent along."""

    sha256 = fingerprint()
    content = file_content()


class KeepFiles(CommandSchema):
    """Keeps what was sent along, looks for what was not; for services alone."""

    service = "portal"
    title = "留存佐证文件"
    answer = KeptFiles
    by = staff_id()
    files = some(NamedFile, least=1, most=30)
    example = {"by": "department.gongdian", "files": [{"sha256": "ab" * 32, "content": None}]}
