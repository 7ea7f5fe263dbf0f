"""The six blocks 六大板块 of assistance: what is planned, done and closed in each."""

from contracts.fields import Code, Text
from contracts.notify.assistance import AssistanceCommand, AssistanceFact
from contracts.notify.assistance_views import (
    AT_WORK,
    AssistBlock,
)
from contracts.notify.assistance_views import TAG as TAG


class OpenAssistBlock(AssistanceCommand):
    title = "打开一个板块"
    route = "POST /assistance/<number>/blocks"
    by = AT_WORK
    block = Code(AssistBlock, label="板块")
    plan = Text(1000, label="计划")


class RecordAssistAction(AssistanceCommand):
    title = "记做了什么"
    route = "POST /assistance/<number>/blocks/actions"
    by = AT_WORK
    block = Code(AssistBlock, label="板块")
    words = Text(1000, label="做了什么")


class CloseAssistBlock(AssistanceCommand):
    title = "结束一个板块"
    route = "POST /assistance/<number>/blocks/closing"
    by = AT_WORK
    block = Code(AssistBlock, label="板块")
    note = Text(1000, label="结束说明")


class AssistBlockFact(AssistanceFact):
    block = Code(AssistBlock)


class AssistBlockOpened(AssistBlockFact):
    title = "打开板块"
    for_staff, for_resident = "打开“{block}”。", None


class AssistActionRecorded(AssistBlockFact):
    title = "做了一次"
    for_staff, for_resident = "“{block}”做了一次。", None


class AssistBlockClosed(AssistBlockFact):
    title = "结束板块"
    for_staff, for_resident = "“{block}”结束。", None
