"""What the portal holds about a person: entries of timelines. It says nothing of its own, so it reports by a command
(`ReportErased`)."""

from contracts.holdings import CopyCommand, copy_of_resident


class CopyFromPortal(CopyCommand):
    service = "portal"
    title = "门户中的个人信息"
    example = copy_of_resident()
