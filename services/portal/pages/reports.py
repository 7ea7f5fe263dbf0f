"""Reports of the services as pages: shares with their formula, and the rows each was counted from; the burden meter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import render_template, request

from chassis.errors import NotFound
from contracts.dispatch.appraisals import ListAppraised, ReportAppraisal
from contracts.dispatch.crossings import ListCrossings, ReportCrossings
from contracts.dispatch.supervision_figures import ListCountedSupervisions, ReportSupervisions
from contracts.intake.returned import ListReturned, ReportReturned
from contracts.notify.care_coverage import ListCareCovered, ReportCareCoverage
from contracts.notify.rates import ListRated, ReportRates
from contracts.notify.re_calls import ListReCalls, ReportReCalls
from contracts.schema import CommandSchema
from kernel.areas import is_path
from kernel.codes import CaseKind, CaseWay, Channel
from kernel.codes.periods import PeriodKind
from services.portal.accounts.current import current_principal, now, process
from services.portal.api.asking import ask
from services.portal.api.reading import question
from services.portal.pages import places
from services.portal.pages.blueprint import blueprint
from services.portal.pages.derived import Table, of_list
from services.portal.pages.peering import Part, gather
from services.portal.pages.seeing import View, shown, viewed
from services.portal.readmodel import counting

RATES, UNITS, WATCHED, CROSSED, AGAIN, SAMPLED, COVERED = (
    "三率",
    "双考核",
    "督办",
    "越界派单",
    "办结又回来",
    "抽查复访",
    "关怀覆盖",
)
REPORTS: Mapping[str, type[CommandSchema]] = {
    RATES: ReportRates, UNITS: ReportAppraisal, WATCHED: ReportSupervisions, CROSSED: ReportCrossings,
    AGAIN: ReportReturned, SAMPLED: ReportReCalls, COVERED: ReportCareCoverage,
}  # fmt: skip


class Sheet(NamedTuple):
    """A page of reports of one month."""

    address: str
    heading: str
    reports: tuple[str, ...]
    note: str


SHARES = "比率由件数相加后再算，不是各处比率的平均。分母为零写“无数据”。"
RATED = Sheet("/district/rates", "三率与考核", (RATES, UNITS, WATCHED),
              f"{SHARES}赋分得分率的分子、分母是分数，明细是被赋分的哨令；"
              "满意率的分子按权重折算，两种回答各有明细。")  # fmt: skip
SOLVED = Sheet("/district/solved", "真解决了吗", (AGAIN, SAMPLED),
               f"{SHARES}办结又回来的越少越好；抽查一致率低，说明原来的回访信不过。"
               "抽查由没有参加原回访的人再问一次。")  # fmt: skip
CARED = Sheet("/district/care", "关怀覆盖", (COVERED,),
              f"{SHARES}一周算在它的星期五那个月；还没打电话就停止关怀的不在名单上。")  # fmt: skip
LISTS: Mapping[str, tuple[type[CommandSchema], str]] = {
    each.route.partition(" /")[2]: (each, page)
    for each, page in (
        (ListRated, RATED.address), (ListAppraised, RATED.address), (ListCountedSupervisions, RATED.address),
        (ListCrossings, "/district/burden"), (ListReturned, SOLVED.address), (ListReCalls, SOLVED.address),
        (ListCareCovered, CARED.address),
    )
}  # fmt: skip
"""By the path of a figure's rows: what lists them, and the page of the figure."""
MOST = 50


class Figure(NamedTuple):
    """A figure as a page shows it; `share` is its part of a hundred, None where there is no data."""

    of: str
    value: str
    part: int
    whole: int
    rows: str
    counted: str
    share: float | None


class Measure(NamedTuple):
    """Figures of one formula: of all first, then of each."""

    name: str
    formula: str
    all: Figure
    each: list[Figure]


class Report(NamedTuple):
    """`away`: its service could not be asked; without measures it is not for this viewer's post."""

    title: str
    measures: list[Measure]
    first_day: str
    last_day: str
    version: str
    away: bool


@blueprint.get(RATED.address)
def rates() -> str:
    """The three rates, both appraisals and the supervision of a month. Errors: as `seeing.viewed`."""
    return _sheet(RATED)


@blueprint.get(SOLVED.address)
def solved() -> str:
    """Who came again with what was told to be solved, and what a second call heard. Errors: as `seeing.viewed`."""
    return _sheet(SOLVED)


@blueprint.get(CARED.address)
def cared() -> str:
    """Who on the Friday lists was reached, needed something, was not reached. Errors: as `seeing.viewed`."""
    return _sheet(CARED)


def _sheet(sheet: Sheet) -> str:
    view = viewed()
    period = request.args.get("period", "")
    told = gather({name: (REPORTS[name], _asked(view, period)) for name in sheet.reports})
    return shown("rates.html", view, sheet=sheet, reports=[_report(view, name, told[name]) for name in told],
                 periods=PeriodKind.choices(), period=period)  # fmt: skip


def _asked(view: View, period: str = "") -> dict[str, Any]:
    only = {"period": period} if period in set(PeriodKind) else {}
    return {"area_path": view.place, "month": view.month, **only}


def _report(view: View, title: str, part: Part) -> Report:
    if not part:
        return Report(title, [], "", "", "", part.missing)
    told, names = part.data, _names(view, part.data["figures"])
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for figure in told["figures"]:
        grouped.setdefault(figure["name"].partition("·")[0], []).append(figure)
    measures = [_measure(several, names) for several in grouped.values()]
    return Report(title, measures, told["first_day"], told["last_day"], told["version"], False)


def _measure(figures: list[Mapping[str, Any]], names: Mapping[str, str]) -> Measure:
    every, *each = [_figure(one, names) for one in figures]
    return Measure(figures[0]["name"].partition("·")[0], figures[0]["formula"], every, each)


def _figure(told: Mapping[str, Any], names: Mapping[str, str]) -> Figure:
    of, share = told["name"].partition("·")[2], told["value"].removesuffix("%")
    return Figure(
        names.get(of, of), told["value"], told["part"], told["whole"], _page_of(told["rows"]),
        _page_of(told.get("counted") or ""), float(share) if told["value"].endswith("%") else None,
    )  # fmt: skip


def _page_of(address: str) -> str:
    """The page of the rows that the API lists there."""
    return address.replace("/api/", "/district/rows/", 1)


def _names(view: View, figures: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What the figures are of: places and units by name."""
    told = {figure["name"].partition("·")[2] for figure in figures}
    areas = places.names({each for each in told if each == view.place or each.startswith(f"{view.place}.")})
    return {**places.units(), **areas}


@blueprint.get("/district/rows/<which>")
def counted(which: str) -> str:
    """The rows of a figure, page by page. Errors: NotFound for no such list; Invalid; as the service's."""
    current_principal()
    if which not in LISTS:
        raise NotFound("没有这种明细")
    command, page = LISTS[which]
    answer = ask(command, {**question(command), "limit": MOST})
    told = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    further = f"?{urlencode([*told, ('cursor', answer['next_cursor'])])}" if answer.get("next_cursor") else None
    place = request.args.get("area_path", "")
    back = f"{page}?{urlencode({'at': place, 'month': request.args.get('month', '')})}"
    return render_template(
        "counted.html", title=command.title, table=_table(command, answer["items"]), further=further, back=back,
        numbers={row.get(name) for row in answer["items"] for name in NUMBERS},
        place=places.names([place])[place] if is_path(place) else "",
    )  # fmt: skip


NUMBERS = ("number", "back")
"""Fields of rows that name what can be looked up."""


def _table(command: type[CommandSchema], rows: list[Any]) -> Table:
    """The rows by their labels; what lies in a category under its name."""
    table = of_list(command.answer, rows, places.units())
    names = places.categories() if any("category" in row for row in rows) else {}
    return table._replace(rows=[[names.get(words, words) for words in row] for row in table.rows])


THEMSELVES = (Channel.WEB, Channel.APP, Channel.QR, Channel.OPEN311)
"""Channels by which nobody of the staff types what is reported."""


@dataclass(frozen=True)
class Saved:
    title: str
    count: int
    link: str
    words: str


@blueprint.get("/district/burden")
def burden() -> str:
    """What the grass roots were spared: entries nobody typed, crossings blocked. Errors: as `seeing.viewed`."""
    view = viewed()
    with process().store.transaction() as session:
        flow = counting.flow(session, view.who, view.asked, now())
        found = counting.outcomes(session, view.who, view.asked, ["FOLLOW_UP"], now())
    by_channel = {channel: sum(n for way, n in flow.items() if way.channel == channel) for channel in THEMSELVES}
    appeal = CaseKind.APPEAL.value
    merged = sum(number for way, number in flow.items() if way.way == CaseWay.MERGED)
    saved = [
        *(Saved(f"居民自己填报：{channel.label}", number, view.rows(kind=appeal, mark=f"channel:{channel}"),
                "工作人员不用再录入") for channel, number in by_channel.items()),
        Saved("并单，不重复办理", merged, view.rows(kind=appeal, mark=f"way:{CaseWay.MERGED}"),
              "同一件事只办一次"),
        Saved("自动建立的回访", found["FOLLOW_UP"].total(), view.rows(kind="FOLLOW_UP"), "由办结结果带出，不再登记"),
    ]  # fmt: skip
    part = gather({CROSSED: (ReportCrossings, _asked(view))})[CROSSED]
    report = _report(view, CROSSED, part)
    return shown("burden.html", view, saved=saved, most=max(each.count for each in saved), report=report,
                 asked=[(one, _blocked(one)) for one in _every(report)])  # fmt: skip


def _every(report: Report) -> list[Figure]:
    return [one for measure in report.measures for one in (measure.all, *measure.each)]


def _blocked(figure: Figure) -> tuple[int, str]:
    """How many the street did not let through, and their rows."""
    link = urlsplit(figure.rows)
    told = {**{name: values[-1] for name, values in parse_qs(link.query).items()}, "let_through": "false"}
    return figure.whole - figure.part, f"{link.path}?{urlencode(told)}"
