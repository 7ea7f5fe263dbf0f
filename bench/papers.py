"""`python -m bench.papers [FOLDER]`: agreements that are hard to print, made and timed; kept in FOLDER.

Forty terms; a rare name, a Uyghur one; the longest names there are; signatures on two pages. Nothing is stored.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import eventlet

from bench.report import Line, report
from services.mediation import document
from services.mediation.tables import Agreement, Case, CaseMediator, Party, Term

ROUNDS, BOUND_MS, BEAT = 5, 150.0, 0.005
NOW = datetime(2024, 7, 9, 8, 0, tzinfo=UTC)
RARE = ["㐂𠮷龘", "阿卜杜热合曼·图尔荪托合提", "ئابدۇرېھىم تۇرسۇن"]
LONG = ["买买提吐尔逊江·阿卜杜克热木·图尔荪尼亚孜", "宁夏回族自治区银川市兴庆区金茂花园物业服务有限责任公司第三分公司"]
SAMPLES: dict[str, tuple[list[str], int]] = {
    "rare-names": (RARE, 1),
    "long-names": (LONG, 2),
    "forty-terms": (["陈桂兰", "赵建国"], 40),
    "two-signature-pages": ([f"当事人{no}" for no in "甲乙丙丁戊己庚辛"], 3),
}


def agreement(names: list[str], terms: int) -> Agreement:
    """As it is drafted, the first against the others."""
    parties = [_party(no, name) for no, name in enumerate(names)]
    mediator = CaseMediator(mediator_id="u-shixiuying", name="石秀英", org_code="yinhong-tiaowei")
    case = Case(docket="（2024）银虹人调字第1号", parties=parties, mediators=[mediator])
    duties = [_term(no, parties) for no in range(1, terms + 1)]
    return Agreement(
        case=case, no=1, form="WRITTEN", facts="楼上住户将杂物倒入马桶，污水倒灌，泡坏楼下新装修的地板和墙面。",
        liability="楼上住户承担全部责任。", terms=duties, copies=len(names) + 1, statutory=True, drafted_at=NOW,
        org_name="银虹社区人民调解委员会", seal_text="银虹社区人民调解委员会", signatures=[],
    )  # fmt: skip


def _party(no: int, name: str) -> Party:
    return Party(party_id=UUID(int=no), no=no, name=name, side="RESPONDENT" if no else "CLAIMANT", representatives=[])


def _term(no: int, parties: list[Party]) -> Term:
    ends = {"obligor_party_id": parties[-1].party_id, "obligee_party_id": parties[0].party_id}
    return Term(no=no, content=f"赔偿第{no}处地板和墙面损失", amount=Decimal("4800.05") * no, method="CASH", **ends)


def longest_pause(act: Callable[[], object]) -> float:
    """The longest time in ms in which the other green threads had no turn while `act` ran."""
    turns, going = [time.perf_counter()], [True]

    def beat() -> None:
        while going:
            eventlet.sleep(BEAT)
            turns.append(time.perf_counter())

    beating = eventlet.spawn(beat)
    act()
    going.clear()
    beating.wait()
    return max(after - before for before, after in pairwise(turns)) * 1000


def main(folder: str | None = None) -> None:
    for name, given in SAMPLES.items():
        made = document.render(agreement(*given))
        if folder:
            Path(folder, f"{name}.pdf").write_bytes(made)
    wanted, spent = agreement(*SAMPLES["forty-terms"]), []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        document.render(wanted)
        spent.append((time.perf_counter() - begun) * 1000)
    pauses = [longest_pause(lambda: document.render(wanted)) for _ in range(ROUNDS)]
    report("papers", [
        Line("agreement of 40 terms", spent, spent, "ms", None, "itself", at_least=False, bound=BOUND_MS),
        Line("longest pause of the event loop", pauses, spent, "ms", None, "making it", at_least=False),
    ])  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
