"""Where a session comes from, as coarse as its owner needs it to know it again: no address and no version is kept."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from kernel.codes.base import Code


class Way(Code):
    """What opened a session."""

    PASSWORD = "PASSWORD", "密码"
    OUTSIDE = "OUTSIDE", "统一登录"


@dataclass(frozen=True)
class Arrival:
    """How and from where somebody came."""

    way: Way
    network: str = ""
    device: str = ""


BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"), ("Mac OS", "苹果电脑"), ("Linux", "Linux 电脑"),
)  # fmt: skip
"""The first that is named: browsers name those they descend from too."""


def coarse(address: str | None) -> str:
    """The neighbourhood of an address: the /24 of IPv4, the /48 of IPv6. Empty for what is none."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.version == 4:
        return f"{str(ip).rpartition('.')[0]}.*"
    return str(ipaddress.ip_network(f"{ip}/48", strict=False).network_address) + "*"


def device_of(agent: str) -> str:
    """Browser and system by what a browser says of itself; a program where it says neither."""
    found = [_first(agent, SYSTEMS), _first(agent, BROWSERS)]
    return " · ".join(filter(None, found)) or "程序"


def _first(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for pattern, name in known if re.search(pattern, agent)), "")
