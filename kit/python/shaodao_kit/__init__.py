"""A department's side of Shaodao 哨到. Needs kombu and nothing else; knows the published contract alone."""

from shaodao_kit.address import Address, AddressMissing
from shaodao_kit.department import Department, LoginRefused
from shaodao_kit.files import FilesRefused, OrderFiles
from shaodao_kit.messages import Refusal, TaskChanged, WhistleTask, evidence, file_evidence
from shaodao_kit.replying import NotSent, Replier, Replies
from shaodao_kit.seen import FileSeen, MemorySeen

__all__ = [
    "Address",
    "AddressMissing",
    "Department",
    "FileSeen",
    "FilesRefused",
    "LoginRefused",
    "MemorySeen",
    "NotSent",
    "OrderFiles",
    "Refusal",
    "Replier",
    "Replies",
    "TaskChanged",
    "WhistleTask",
    "evidence",
    "file_evidence",
]
__version__ = "0.1.0"
