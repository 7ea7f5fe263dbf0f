"""How pages are made, for whoever makes one: type, spacing, colours as they measure, and every part in its states."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import render_template

from chassis.errors import Invalid
from contracts.intake.working import RecordContact
from kernel.codes import Urgency
from services.portal.accounts.current import current_principal, now
from services.portal.pages import colours
from services.portal.pages.acting import Action, Failure
from services.portal.pages.blueprint import blueprint
from services.portal.pages.forms import FORMS
from services.portal.pages.todos import Todo
from services.portal.pages.together import TOGETHER, Pick

NUMBER = "S202607060104000018"
SIZES = (("h1", "标题一，每页一个"), ("h2", "标题二"), ("h3", "标题三"), ("p", "正文"), ("small", "次要的说明"))
SPACES = (("gap", "块与块之间"), ("target", "能点的最小高度"), ("radius", "圆角"))
LEFT = (timedelta(hours=-30), timedelta(minutes=40), timedelta(days=3), None)


@blueprint.get("/styleguide")
def styleguide() -> str:
    """Errors: Unauthenticated."""
    current_principal()
    moment, themes = now(), colours.themes()
    measured = [
        (pair, [(values[pair.front], values[pair.back], round(ratio(values, pair), 2)) for values in themes.values()])
        for pair in colours.PAIRS
    ]
    rows = [
        Todo(
            "签收", NUMBER, moment + left if left else None, "已派单", "卫生间污水倒灌，漫到楼道", "", no == 1,
            pick=Pick("sign_appeal", f"sample-{no}", 1, NUMBER) if no < 2 else None,
        )
        for no, left in enumerate(LEFT)
    ]  # fmt: skip
    return render_template(
        "styleguide.html", pairs=measured, themes=colours.THEMES, text_sizes=SIZES, spaces=SPACES, rows=rows, areas={},
        moment=moment, urgencies=[each.value for each in Urgency], forms=list(TOGETHER.values()), key="",
        plain=sample(), refused=sample(wrong=True),
    )  # fmt: skip


def ratio(values: dict[str, str], pair: colours.Pair) -> float:
    return colours.contrast(values[pair.front], values[pair.back])


class Sample(Action):
    """A form nobody fills in: it does not draw the eye to what is wrong in it."""

    first_wrong = ""


def sample(*, wrong: bool = False) -> Action:
    """A form as a case's page draws it, empty or refused."""
    form = FORMS[RecordContact.method]
    shown = Sample(form, form.key, NUMBER if not wrong else f"{NUMBER}-refused", 1, {}, "")
    if not wrong:
        return shown
    first = next(field.name for field in form.fields if field.required)
    error = Invalid.because({first: ["请选一项"]})
    return replace(shown, failure=Failure(form.method, shown.target, error))
