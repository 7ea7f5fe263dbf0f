#!/bin/sh
# Amounts in capital figures 大写金额: three libraries against the rule of the central bank.
#
# The rule: 正确填写票据和结算凭证的基本规定, annex 1 of 支付结算办法 (银发〔1997〕393号), article 4: a zero inside is written 零;
# where the place of 元 or 万 is zero and 角 or 仟 is not, 零 may stand or not; where 角 is zero and 分 is not, 零 follows 元.
# Guess: whoever offers capital figures writes 110 as 壹佰壹拾元整 and rounds what has more places than the fen.
# Seen, cn2an 0.5.24, pycnnum 2.1.1, cn-amount 0.0.5 (each against every lawful form of 40,000 amounts up to ten thousand
# million; cn2an was right for all of them, given as text or as a float of two places):
#   pycnnum (upper=True) leaves out the last place as people do who speak: 110 is 壹佰壹, 1100 壹仟壹, 1005000 壹佰萬伍; 10 is 拾,
#     not 壹拾; 萬 and 億 also with traditional=False. It reads its own words back, so a round trip shows nothing.
#   cn2an cuts and does not round: 4.35 * 100 is 肆佰叁拾肆元玖角玖分; among k / 100 * 3, k < 100,000, 14,734 are a fen short
#   cn-amount cuts the yuan and rounds the fen: 4.35 * 100 is 肆佰叁拾肆元整, a whole yuan short; one fen is 零壹分 (壹分)
# Whoever multiplies in floats puts one sum in figures and another in words on the same paper.
# The house counts in Decimal and refuses what has more than two places (services/mediation/words.py).
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install cn2an==0.5.24 pycnnum==2.1.1 cn-amount==0.0.5
"$place/venv/bin/python" -W ignore - <<'PYTHON'
import sys
from decimal import Decimal

from cn2an import an2cn
from cn_amount import CNAmount
from pycnnum import cn2num, num2cn

amount = CNAmount().amount_to_chinese
short = sum(an2cn(k / 100 * 3, "rmb") != an2cn(str(Decimal(k) * 3 / 100), "rmb") for k in range(1, 100_000))
seen = {
    "pycnnum": [num2cn(one, upper=True) for one in (10, 110, 1100, 10_000, 1_005_000)],
    "pycnnum, back": [cn2num("壹佰壹"), cn2num("壹佰零壹")],
    "cn2an, text": [an2cn(one, "rmb") for one in ("110", "1409.50", "6007.14", "325.04", "100000001.01")],
    "cn2an, 4.35 * 100": an2cn(4.35 * 100, "rmb"),
    "cn2an, k / 100 * 3, a fen short": short,
    "cn-amount": [amount(Decimal(one)) for one in ("110", "0.01", "1.01")] + [amount(4.35 * 100)],
}
for what, words in seen.items():
    print(f"{what}: {words}")
expected = [
    ["拾", "壹佰壹", "壹仟壹", "壹萬", "壹佰萬伍"],
    [110, 101],
    ["壹佰壹拾元整", "壹仟肆佰零玖元伍角", "陆仟零柒元壹角肆分", "叁佰贰拾伍元零肆分", "壹亿零壹元零壹分"],
    "肆佰叁拾肆元玖角玖分",
    14_734,
    ["壹佰壹拾元整", "零壹分", "壹元零壹分", "肆佰叁拾肆元整"],
]
sys.exit(list(seen.values()) != expected)
PYTHON
