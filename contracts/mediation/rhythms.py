"""Work rhythms 工作法: named recurrences with their tasks, as the policy (key rhythm.templates) lists them."""

from contracts.fields import Code, Day, Many, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand
from contracts.mediation.open_days import DayOffRule
from contracts.schema import Shape
from contracts.shapes import Page
from contracts.tokens import category_code
from kernel.rights import anybody

TAG = "议事协商"


class RhythmView(Shape):
    about = Matter("RHYTHM", "工作法", DayOffRule, headline="{title}：{occasion}")
    code = category_code()
    state = Code(DayOffRule, label="逢休息日")
    title = Text(60, label="名称")
    occasion = Text(60, label="哪一次")
    days = Many(Day(), label="哪几天")
    tasks = Many(Text(100), label="做什么")
    note = Text(200, label="说明", optional=True)


class RhythmPage(Page):
    items = some(RhythmView)


class ListRhythms(MediationCommand):
    """From a day to a day, at most as far ahead as 92 days; the days are counted by the calendar in force."""

    title = "工作法日程"
    route = "GET /rhythms"
    page = "rhythms"
    by = anybody()
    public = True
    answer = RhythmPage
    from_day = Day(label="从", optional=True)
    to_day = Day(label="到", optional=True)
