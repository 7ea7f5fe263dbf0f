"""The welcome sheet of a department: where to connect, as whom, and the first steps. It holds a password: mode 0600."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from ops.environment import VHOST, amqp_uri
from ops.secret import write_private
from ops.world import World

SHEET = """\
# 哨到 · {name}（{code}）接入单 / Welcome sheet

> 本页含密码，请妥善保管，不要转发。丢失或泄露时请平台值班员执行 `shaodao department rotate {code}`。
> This page holds a password: keep it, do not forward it. If it is lost, ask the operator to rotate it.

## 连接 / Connection

| 项目 | what | 值 value |
|---|---|---|
| 地址 | address | `{host}:{port}`{tls} |
| 虚拟主机 | vhost | `{vhost}` |
| 账号 | login | `{login}` |
| 密码 | password | `{password}` |
| 接哨队列 | queue to read | `{login}` |
| 回哨交换机 | exchange for replies | `department-replies` |
| 附件 | files of orders, below | `{portal}` |
| 回哨路由键 | routing keys | {keys} |

```
SHAODAO_AMQP_URI={uri}
SHAODAO_PORTAL={portal}
```

本账号只能读自己的队列、写自己的路由键；不能声明或绑定队列，其他一律拒绝。
This login reads its own queue and writes its own keys. It declares and binds nothing; everything else is refused.

## 第一步 / First steps

1. 安装 / install: `pip install ./kit/python`（Node.js、Ruby 例子见 / examples in `kit/node`, `kit/ruby`）
2. 设好上面的环境变量，运行演练 / set the variable above, then run the drill:
   `SHAODAO_DRILL=1 python kit/python/example.py`
3. 请社区或街道吹一次演练哨：例程收到即签收、报到、办结。
   Ask a community for a drill whistle: the example signs it, reports in and finishes by itself.
4. 正式使用时不设 `SHAODAO_DRILL`：报到和办结由人做 / without `SHAODAO_DRILL` for real work: people report in and finish
5. 上线前自查 / before going live: `python -m shaodao_kit.conformance --unit {code} -- python kit/python/example.py`

## 须知 / What to know

* 收到 ≠ 签收 ≠ 报到 ≠ 办结，每一步各有时限。Received, signed, reported in and finished each have a clock.
* 消息至少送达一次：记住已处理消息的 `id`。Delivery is at least once: remember the `id` of what you handled.
* 每条回哨用新的 `id`（UUID），并设 `user_id={login}`；同一 `id` 换了内容会被退回。
  Every reply has an `id` of its own, a UUID, and `user_id` = your login; other words under an old `id` are refused.
* 回哨有误会在同一队列收到 `refusal`（退回）及原因。A wrong reply comes back to your queue as `refusal`.
* 约定全文 / the contract: `kit/departments.asyncapi.yaml`；说明 / the guide: `docs/departments.md`
"""


def folder(world: World) -> Path:
    return world.folder / "departments"


def write(
    world: World, code: str, name: str, password: str, address: str | None = None, portal: str | None = None
) -> Path:
    """Writes the sheet and tells where. `address` is how the department reaches the broker: amqps://host:port;
    `portal` how it reaches the portal: https://host."""
    nodes = [urlsplit(each) for each in (address or amqp_uri(world, "ops")).split(";")]
    place = nodes[0]
    login, port = f"department.{code}", place.port or (5671 if place.scheme == "amqps" else 5672)
    who = f"{login}:{password}"
    text = SHEET.format(
        name=name, code=code, host=place.hostname, port=port, vhost=VHOST, login=login, password=password,
        keys=" ".join(f"`{code}.{verb}`" for verb in import_module("contracts.departments").VERBS),
        tls="（TLS）" if place.scheme == "amqps" else "",
        portal=portal or world.portal_url,
        uri=";".join(f"{each.scheme}://{who}@{each.hostname}:{each.port or port}/{VHOST}" for each in nodes),
    )  # fmt: skip
    folder(world).mkdir(mode=0o700, exist_ok=True)
    path = folder(world) / f"{code}.md"
    write_private(path, text)
    return path


def remove(world: World, code: str) -> None:
    (folder(world) / f"{code}.md").unlink(missing_ok=True)
